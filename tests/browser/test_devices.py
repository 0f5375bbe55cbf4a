"""The page on a phone, by touch, in the dark, by keyboard and with a screen reader."""

import pytest
from e2e import LONG, PHONE, SHORT
from playwright.sync_api import expect

from playground.experiment import Experiment
from playground.families import FAMILIES


@pytest.fixture
def phone(new_page):
    return new_page(**PHONE)


def test_a_phone_needs_no_scrolling_sideways(phone):
    page = phone.open().page
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    assert page.evaluate("document.querySelector('#flow-stage').getBoundingClientRect().width") <= 360
    for part in ("train", "step", "reset", "scrubber", "time"):
        box = page.locator(f"#flow-{part}").bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= 360, part
    touch = page.evaluate("getComputedStyle(document.querySelector('#flow-stage .plot')).touchAction")
    assert touch == "pan-y", "up and down, a finger on the picture moves the page"
    page.tap("#flow-stage [data-layout=journey]")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_tabs_that_do_not_fit_a_phone_are_in_a_menu(phone):
    page = phone.open().page
    last = list(FAMILIES)[-1]
    page.tap("#families [aria-label='More tabs']")
    page.tap(f"#families .overflow-dropdown button:text-is('{FAMILIES[last].title}')")
    phone.family = last
    phone.wait_for("stage.frames >= 1")
    assert page.evaluate(f"document.querySelector('#{last}-stage').getBoundingClientRect().width") <= 360


def test_training_by_touch(phone):
    page = phone.open(LONG).page
    page.tap("#flow-train")
    phone.wait_for("stage.state === 'training' && +stage.step > 0")
    page.wait_for_timeout(500)  # a tap at once is the second one of a double tap
    page.tap("#flow-pause")
    phone.wait_for("stage.state === 'paused'")
    page.tap("#dataset [data-set=ring]")
    phone.wait_for("stage.state === 'paused' && stage.step === '0'")
    phone.wait_for_link(dataset="ring")


def test_a_recipe_brings_the_picture_back_into_view(phone):
    page = phone.open().page
    page.tap("#flow-tab [data-recipe=small_network]")
    phone.wait_for("stage.state === 'training'")
    expect(page.locator("#flow-stage .plot")).to_be_in_viewport(ratio=0.9)


def test_drawing_by_touch(phone):
    page = phone.open(SHORT).page
    page.tap("#draw")
    page.wait_for_selector("#draw-pad")
    page.locator("#draw-canvas").scroll_into_view_if_needed()
    box = phone.box("#draw-canvas")
    top = page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)

    def at(kind: str, *places: tuple[float, float]) -> None:
        fingers = [{"x": box["x"] + u * box["width"], "y": box["y"] + v * box["height"]} for u, v in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    at("touchStart", (0.3, 0.5))
    for i in range(1, 11):
        at("touchMove", (0.3 + 0.03 * i, 0.5 + 0.02 * i))
    at("touchEnd")
    phone.wait_for_link(dataset=None)
    assert page.evaluate("scrollY") == top, "a finger on the pad draws, it doesn't scroll"
    assert page.locator("#draw-canvas").bounding_box() == box, "the pad stays under the finger"
    points = Experiment.from_query(phone.link()).dataset.points
    assert len(points) > 10
    assert points[:, 0].max() - points[:, 0].min() > 1.5
    page.tap("#draw-done")
    page.tap("#flow-train")
    phone.wait_for("stage.state === 'done'")


def test_pointing_by_touch(phone):
    page = phone.open().page
    box = phone.box()
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelector('#flow-stage .pointer').textContent.includes('log p')")


def colour(page, of: str) -> str:
    return page.evaluate("(of) => getComputedStyle(document.querySelector(of)).backgroundColor", of)


def test_the_theme_button(shown):
    page = shown.open().page
    light, card = shown.picture(), colour(page, "#flow-stage")
    page.click("#theme")
    assert page.evaluate("document.body.classList.contains('dark')")
    shown.wait_for_another_picture(light)
    assert colour(page, "#flow-stage") != card
    page.reload()
    shown.wait_for("stage.frames >= 1")
    assert page.evaluate("document.body.classList.contains('dark')"), "it is remembered"
    page.click("#theme")
    assert not page.evaluate("document.body.classList.contains('dark')")
    assert colour(page, "#flow-stage") == card


def test_a_system_in_the_dark(new_page):
    dark = new_page(color_scheme="dark").open()
    assert dark.page.evaluate("document.body.classList.contains('dark')")
    light = new_page(color_scheme="light").open()
    assert not light.page.evaluate("document.body.classList.contains('dark')")
    assert dark.picture()["sum"] != light.picture()["sum"]
    assert colour(dark.page, "#flow-stage") != colour(light.page, "#flow-stage")


def test_share_copies_the_link(new_page):
    shown = new_page(permissions=["clipboard-read", "clipboard-write"]).open(SHORT)
    shown.page.click("#dataset [data-set=ring]")
    shown.wait_for_link(dataset="ring")
    shown.page.click("#share")
    shown.page.wait_for_function("document.querySelector('#share').textContent !== 'Share'")
    assert shown.page.inner_text("#share") == "Link copied"
    assert shown.page.evaluate("navigator.clipboard.readText()") == shown.page.url


def test_share_says_so_when_it_can_t_copy(shown):
    shown.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    shown.open()
    shown.page.click("#share")
    shown.page.wait_for_function("document.querySelector('#share').textContent.includes('Copy it')")


NAMELESS = """() => [...document.querySelectorAll("button, select, input, textarea, [role=img], summary")]
    .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden=true]"))
    .filter((e) => {
        const label = (e.labels?.length ? [...e.labels].map((l) => l.innerText).join(" ") : "").trim();
        return !(e.getAttribute("aria-label")?.trim() || label || e.innerText?.trim() || e.title?.trim());
    })
    .map((e) => e.outerHTML.slice(0, 120))"""


def test_every_control_has_a_name(shown):
    page = shown.open().page
    page.locator("#flow-knobs details").evaluate("fold => fold.open = true")
    assert page.evaluate(NAMELESS) == []
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    assert page.evaluate(NAMELESS) == []


def test_the_focus_is_seen_wherever_it_goes(shown):
    page = shown.open().page
    unseen, been = [], set()
    for _ in range(70):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
                const outlined = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
                const ring = outlined || style.boxShadow !== "none";
                const { set, layer, layout } = e.dataset;
                return { name: e.id || set || layer || layout || e.getAttribute("class") || e.tagName,
                         body: e === document.body, ring, sized: box.width > 0 && box.height > 0 };
            }"""
        )
        if seen["body"]:
            break
        been.add(seen["name"])
        if not seen["ring"] or not seen["sized"]:
            unseen.append(seen["name"])
    assert {"share", "theme", "smiley", "flow-train", "flow-step", "flow-reset", "flow-time", "flow-width"} <= been
    assert not unseen


def test_a_page_that_is_out_of_sight_does_not_draw(new_page):
    """The Stage keeps what it was sent, and shows it when it is seen again."""
    shown = new_page().open(LONG)
    shown.page.evaluate("document.querySelector('#tables').style.display = 'none'")
    frames = shown.frames
    shown.page.evaluate("document.querySelector('#flow-train').click()")
    shown.wait_for("+stage.step > 20")
    assert shown.frames == frames
    shown.page.evaluate("document.querySelector('#tables').style.display = ''")
    shown.wait_for("+stage.frames > value", frames)
    shown.pause()
