"""Where things are on the page: in sight without scrolling, in reach on a phone, and open to all."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from e2e import PHONE, until

from playground.families import FAMILIES

SCREENS = {"laptop": {"width": 1440, "height": 900}, "projector": {"width": 1920, "height": 1080}}

IN_SIGHT = """(part) => [...document.querySelectorAll(part)].filter((element) => {
    const { top, bottom, width } = element.getBoundingClientRect();
    return width > 0 && top >= 0 && bottom <= innerHeight;
}).length"""

SMALL = """() => [...document.querySelectorAll("button, select, summary, input[type=range], input[type=checkbox]")]
    .filter((element) => element.closest(".card, header") && element.checkVisibility())
    .map((element) => [element.id || element.className || element.textContent, element.getBoundingClientRect()])
    .filter(([name, { width, height }]) => width > 0 && height < 40 && name !== "" )
    .map(([name, { height }]) => `${name}: ${height}`)"""


@pytest.fixture(params=SCREENS)
def wide(request, shown):
    shown.page.set_viewport_size(SCREENS[request.param])
    return shown.open()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_stage_train_and_four_cards_are_in_sight(wide, family):
    if family != "flow":
        wide.tab(family)
    page = wide.page

    def count(part: str) -> int:
        return page.evaluate(IN_SIGHT, part)

    until(lambda: count(f"#{family}-readouts .quantity") >= 4, why="four cards")
    assert count(f"#{family}-stage") == count(f"#{family}-train") == 1
    height = page.evaluate("document.documentElement.scrollHeight / innerHeight")
    assert height <= 1.6
    titles = page.locator(f"#{family}-readouts .quantity:visible h2").all_inner_texts()
    assert len(titles) == len(set(titles)), "no quantity twice"


def test_the_stage_stays_where_it_is_from_tab_to_tab(shown):
    places = []
    shown.open()
    for family in FAMILIES:
        if family != "flow":
            shown.tab(family)
        places.append(shown.box(f"#{family}-stage .plot"))
    assert all(place == places[0] for place in places)


def test_a_card_says_what_it_was_at_the_step_under_the_pointer_and_grows_on_a_click(shown):
    page = shown.open().page
    shown.wait_for_chart("loss")
    card = page.locator("#flow-readouts [data-chart=loss]")
    now = card.locator(".big").inner_text()
    box = shown.box("#flow-readouts [data-chart=loss] .line")
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    until(lambda: card.locator(".floor").inner_text().startswith("at step"))
    assert card.locator(".big").inner_text() != now, "the first loss is another"
    page.mouse.click(box["x"] + 40, box["y"] + 20)
    page.wait_for_selector("dialog.enlarged[open] .figure .trace path.js-line")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.enlarged", state="hidden")


def test_on_a_phone_train_and_the_scrubber_are_always_in_reach_and_all_is_large_enough(new_page):
    page = new_page(**PHONE).open().page
    for where in (0, 1200, 2400):
        page.evaluate("(where) => scrollTo(0, where)", where)
        for part in ("train", "scrubber"):
            assert page.evaluate(IN_SIGHT, f"#flow-{part}") == 1
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    page.click("#flow-knobs summary")
    assert page.evaluate(SMALL) == []


def test_on_a_phone_that_lies_the_picture_is_left_and_controls_are_right(shown):
    shown.page.set_viewport_size({"width": 740, "height": 360})
    shown.open()
    assert shown.page.evaluate(IN_SIGHT, "#flow-train") == 1
    plot, knobs = shown.box("#flow-stage .plot"), shown.box("#flow-knobs")
    assert plot["x"] + plot["width"] <= knobs["x"]
    assert plot["height"] <= 360


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(new_page, theme):
    shown = new_page(color_scheme=theme, reduced_motion="reduce").open()  # no colour is on its way to another
    page = shown.page
    dark = theme == "dark"
    assert page.evaluate("document.body.classList.contains('dark')") == dark
    rules = {"runOnly": ["color-contrast"]} if dark else None  # the others don't depend on colours

    def broken() -> list[str]:
        found = Axe().run(page, options=rules).response["violations"]
        return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]

    for family in ["flow", "gan"] if dark else FAMILIES:  # a game has all that is coloured
        if family != "flow":
            shown.tab(family)
        assert broken() == [], family
    page.click(f"#{family}-take")
    assert broken() == [], "what can be taken home"
    page.keyboard.press("Escape")
    page.click("#lessons summary")
    assert broken() == [], "the menu of lessons"
    page.click("[data-lesson=diffusion]")
    page.wait_for_selector("#lesson-strip .press:enabled")
    assert broken() == [], "a lesson"
    page.click("#lesson-strip .close")
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    assert broken() == [], "the pad"
    page.click("#draw-done")
    page.click("#compare-tab-button")
    page.wait_for_selector(".lane .floor:text-matches('floor')")
    page.evaluate("document.querySelector('#compare-overview').open = true")
    page.wait_for_selector(".model canvas:not([hidden])")
    page.click("#compare-stage .follow")
    assert broken() == [], "the race"


def test_train_is_within_ten_tab_stops_and_one_behind_the_skip_link(shown):
    page = shown.open().page
    stops = []
    for _ in range(10):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id"))
    assert "flow-train" in stops
    page.evaluate("document.activeElement.blur()")
    page.focus(".skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "flow-train"


def test_arrows_go_through_tabs_and_data(shown):
    page = shown.open().page
    page.focus("#flow-tab-button")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "gan-tab-button"
    page.focus("#dataset [aria-checked=true]")
    before = page.evaluate("document.activeElement.dataset.set")
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.dataset.set")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.set") == before != below
    assert shown.stage("state") == "done", "arrows of a group don't train"


def test_the_keys_are_listed_behind_a_question_mark(shown):
    page = shown.open().page
    page.locator("#flow-train").focus()
    page.keyboard.press("?")
    page.wait_for_selector("dialog.shortcuts[open]")
    assert "train, or pause" in page.inner_text("dialog.shortcuts")


def test_the_canvas_says_what_it_shows_and_the_count_is_not_announced(shown):
    page = shown.open().page
    until(lambda: "Distance to the data" in page.get_attribute("#flow-stage canvas", "aria-label"))
    live = page.locator("#flow-stage .count").evaluate("e => e.closest('[aria-live], [role=status], output') === null")
    assert live
