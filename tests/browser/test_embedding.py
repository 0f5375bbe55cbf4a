"""The page where it isn't alone: behind a proxy that gives it a prefix, and in a frame of another site."""

import pytest
from e2e import serve
from hosts import proxy


@pytest.mark.parametrize("prefix", ["/models/playground", "/playground"])  # the page's own folder has that name, too
def test_behind_a_proxy_that_strips_its_prefix_everything_works(prefix, app, new_page):
    with proxy(serve(root_path=prefix).url, prefix) as address:
        shown = new_page()
        lost: list[str] = []
        shown.page.on("response", lambda reply: reply.status >= 400 and lost.append(reply.url))
        shown.page.goto(f"{address}?steps=100000")  # which no test waits for
        shown.wait_for("stage.state === 'paused' && stage.frames >= 1")
        shown.train()
        shown.pause()
        box = shown.box()  # a question has a route of its own
        with shown.page.expect_response("**/playground/ask") as told:
            shown.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert "error" not in told.value.json()
        with shown.page.expect_response("**/playground/data") as sent:  # and so has a drawing
            shown.page.click("#draw")
            shown.page.keyboard.press("Space")
        assert sent.value.json()["hash"]
        shown.wait_for("stage.state === 'paused' && stage.step === '0'")
        with shown.page.expect_response("**/playground/upload?**") as read, shown.page.expect_file_chooser() as chooser:
            shown.page.click("#upload")
            chooser.value.set_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"0,1\n2,3\n5,1\n"})
        assert read.value.json()["note"]
        wall = new_page()
        wall.page.goto(f"{address}wall")
        wall.page.click(".open")
        wall.page.wait_for_function("document.querySelector('.join img').naturalWidth > 40")
        asked = [*shown.asked, *wall.asked]
        elsewhere = [url for url in asked if url.startswith("http") and not url.startswith(address)]
        assert not elsewhere, "outside the prefix, there may be something else"
        assert not [url for url in lost if "manifest" not in url]
        shown.page.close()


REFUSED = "() => { try { return !localStorage; } catch { return true; } }"


def test_in_a_frame_without_storage_everything_works(framed):
    assert framed.page.evaluate(REFUSED), "or this test tests nothing"
    framed.tab("gan")
    framed.page.wait_for_selector("#gan-knobs", state="visible")
    assert not framed.page.locator("#flow-knobs").is_visible()
    framed.tab("flow")
    framed.page.wait_for_selector("#flow-knobs", state="visible")
    dark = "document.body.classList.contains('dark')"
    before = framed.page.evaluate(dark)
    framed.page.click("#theme")
    assert framed.page.evaluate(dark) is not before
    framed.train()
    framed.pause()
    framed.page.click("#dataset [data-set=ring]")
    framed.wait_for("stage.state === 'paused' && stage.step === '0'")
    framed.page.wait_for_function("location.search.includes('dataset=ring')")


def test_where_the_clipboard_is_refused_the_link_is_there_to_copy(framed):
    """A frame has no clipboard unless the page around it allows it."""
    framed.page.click("#dataset [data-set=ring]")
    framed.page.wait_for_function("location.search.includes('dataset=ring')")
    link = framed.page.locator("#link")
    assert link.is_hidden()
    framed.page.click("#share")
    framed.page.wait_for_function("document.querySelector('#share').textContent === 'Copy it'")
    assert link.is_visible()
    selected = link.evaluate("(field) => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert selected.startswith(framed.app.url)
    assert "dataset=ring" in selected
    link.press("Escape")
    assert link.is_hidden()


HUB = """<!doctype html><iframe src="%s" allow="clipboard-write" style="width: 100%%; height: 90vh"></iframe>
<script>
    const told = [];
    addEventListener("message", (event) => event.data.queryString !== undefined && told.push(event.data.queryString));
</script>"""


def test_in_a_space_the_hubs_address_follows_and_is_what_is_shared(app, chromium, new_page):
    """The hub's page is made up here; its address is the real one."""
    space = "somebody/some-space"
    shown = new_page(permissions=["clipboard-read", "clipboard-write", "local-network-access"])
    page = shown.page
    page.route("https://huggingface.co/**", lambda route: route.fulfill(content_type="text/html", body=HUB % url))
    url = serve(space=space).url
    page.goto(f"https://huggingface.co/spaces/{space}")
    shown.strangers.clear()  # the hub's page itself
    [shown.page] = page.main_frame.child_frames
    shown.wait_for("stage.state === 'done' && stage.frames >= 1")
    shown.page.click("#dataset [data-set=ring]")
    page.wait_for_function("told.length && told.at(-1).includes('dataset=ring')")
    shown.page.click("#share")
    shown.page.wait_for_function("document.querySelector('#share').textContent === 'Link copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"https://huggingface.co/spaces/{space}{page.evaluate('told.at(-1)')}"
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    of_the_ring = page.evaluate("told.filter((query) => query.includes('dataset=ring'))")
    assert set(of_the_ring) == {"?family=flow&dataset=ring"}  # never with a step of the run before
    shown.page = page
