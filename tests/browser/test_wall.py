"""The wall: two pages that joined are on it, a third one isn't."""

from axe_playwright_python.sync_playwright import Axe
from e2e import SHORT

NAMES = "[...document.querySelectorAll('.tile .name')].map((name) => name.textContent).join('|')"


def wait_for_names(page, *names: str) -> None:
    page.wait_for_function(f"(wanted) => {NAMES} === wanted", arg="|".join(names))


def test_who_joins_is_on_the_wall_until_they_leave(new_page):
    small = {"viewport": {"width": 360, "height": 740}}
    ada, eve, bob = (new_page(**small) for _ in range(3))
    wall = new_page()
    wall.page.goto(wall.app.url + "wall")
    wall.page.click(".open")
    wall.page.wait_for_function("document.querySelector('.code').textContent.length === 6")
    wall.page.wait_for_function("document.querySelector('.join img').naturalWidth > 40")
    code = wall.page.inner_text(".code")

    for shown in (ada, eve):  # by the link of the QR code
        shown.page.goto(f"{shown.app.url}{SHORT}&wall={code}")
        shown.page.wait_for_selector("dialog.walls")
        assert shown.page.input_value(".walls [name=code]") == code
        shown.wait_for("stage.frames >= 1")
    eve.page.keyboard.press("Escape")  # a link lets nobody join
    eve.page.click("#flow-train")
    ada.page.fill(".walls [name=name]", "<img src=x onerror=alert(1)>"[:24])
    ada.page.click(".walls .go")
    ada.page.wait_for_selector("#on-wall:not([hidden])")
    bob.open()
    bob.page.click("#file summary")
    bob.page.click("#join-wall")
    bob.page.fill(".walls [name=code]", "wrong")
    bob.page.fill(".walls [name=name]", "Bob")
    bob.page.click(".walls .go")
    bob.page.wait_for_selector(".walls output.bad")
    bob.page.fill(".walls [name=code]", code.lower())
    bob.page.click(".walls .go")
    bob.page.wait_for_selector("dialog.walls", state="detached")

    wait_for_names(wall.page, "<img src=x onerror=alert", "Bob")
    wall.page.wait_for_function("+document.querySelector('main').dataset.frames >= 2")
    assert wall.page.locator(".tile img").count() == 0
    found = Axe().run(wall.page).response["violations"]
    assert [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]] == []
    ada.train()
    wall.page.wait_for_function("document.querySelector('.tile .came').textContent.includes('Step 300 of 300, done')")
    wall.page.focus(".tile")
    wall.page.keyboard.press("Enter")
    wall.page.wait_for_selector(".tile.large")
    wall.page.keyboard.press("Escape")
    wall.page.wait_for_selector(".tile.large", state="detached")

    ada.page.click("#on-wall")
    wait_for_names(wall.page, "Bob")
    assert ada.page.locator("#on-wall").is_hidden()
    ada.page.click("#file summary")
    ada.page.click("#join-wall")
    ada.page.fill(".walls [name=code]", code)
    ada.page.fill(".walls [name=name]", "Ada")
    ada.page.click(".walls .go")
    wait_for_names(wall.page, "Bob", "Ada")
    wall.page.on("dialog", lambda dialog: dialog.accept())
    assert wall.page.locator(".off").is_hidden()
    wall.page.click(".tile:has-text('Ada')")
    wall.page.click(".off")
    wait_for_names(wall.page, "Bob")
    assert wall.page.locator(".off").is_hidden()
    bob.page.goto("about:blank")
    wall.page.wait_for_selector("body.alone .code")
    wait_for_names(wall.page)
