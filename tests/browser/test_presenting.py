"""Presenter mode: large, by keys, with a QR code."""

from axe_playwright_python.sync_playwright import Axe

SMALL_TEXT = """() => [...document.querySelectorAll("body *")]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest("svg"))
    .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 20)
    .map((e) => `${e.className}: ${e.textContent.slice(0, 40)}`)"""


def test_the_stage_fills_the_screen_and_keys_do_the_rest(new_page):
    shown = new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce").open()
    page = shown.page
    page.keyboard.press("f")
    page.wait_for_selector("body.presenting")
    stage = shown.box("#flow-stage")
    assert stage["width"] > 1240
    assert 680 < stage["height"] <= 720
    assert page.evaluate(SMALL_TEXT) == []
    page.keyboard.press("q")
    page.wait_for_function("document.querySelector('.corner img')?.naturalWidth > 40")
    assert "this machine only" in page.inner_text(".corner figcaption")
    assert page.evaluate(SMALL_TEXT) == []
    found = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]] == []
    page.keyboard.press("b")
    page.wait_for_selector(".blank", state="visible")
    asked = shown.questions()
    page.keyboard.press("n")  # any key brings the picture back, and does nothing else: here, draws no new samples
    page.wait_for_selector(".blank", state="hidden")
    assert shown.questions() == asked
    assert page.locator("body.presenting").count() == 1
    page.hover(".corner")
    page.click(".corner .leave")
    page.wait_for_selector("body:not(.presenting)")
    assert page.locator("#header").is_visible()
    assert shown.box("#flow-stage")["width"] < 1000


def test_time_swings_on_stage_between_noise_and_data(new_page):
    shown = new_page(viewport={"width": 1280, "height": 720}).open()
    page = shown.page
    page.click("#flow-stage [data-layout=journey]")
    page.mouse.move(2, 2)
    time = page.input_value("#flow-time")
    page.keyboard.press("f")
    page.wait_for_function("(before) => document.querySelector('#flow-time').value !== before", arg=time)
    page.keyboard.press("f")
    page.wait_for_selector("body:not(.presenting)")
    time = page.input_value("#flow-time")
    page.wait_for_timeout(200)
    assert page.input_value("#flow-time") == time
