"""The tab of flow matching: a path drawn by hand, and the data kept as a source."""

from e2e import SMALL

from playground.data import Drawing

DRAWN = "0.1,0.4,0.8;0.95,0.75,0.4"
TRIANGLE = Drawing(points=[[-2, -2], [2, -2], [0, 2.5]]).encode()


def test_a_path_is_drawn_with_the_pointer_and_the_keyboard(shown):
    shown.open(f"?family=flow&dataset=two_moons&{SMALL}")
    page = shown.page
    curve = page.locator("#flow-drawn-path")
    assert curve.is_hidden()
    page.select_option("#flow-path", "drawn")
    shown.wait_for_link(path="drawn", drawn_path=None)
    handles = curve.locator(".handle")
    assert [handles.nth(i).get_attribute("aria-valuenow") for i in range(6)] == DRAWN.replace(";", ",").split(",")

    box = handles.nth(1).locator("circle").nth(1).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 500, steps=3)
    page.mouse.up()
    shown.wait_for_link(drawn_path="0.1,1.25,0.8;0.95,0.75,0.4")

    handles.nth(5).focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    shown.wait_for_link(drawn_path="0.1,1.25,0.8;0.95,0.75,0.3")
    assert shown.step == 0, "the arrows moved the handle, and nothing else"


def test_the_data_become_a_source_which_stays_with_other_data(shown):
    shown.open(f"?family=flow&points={TRIANGLE}&{SMALL}&steps=30")
    page = shown.page
    own = page.locator("#flow-source option[value=drawing]")
    assert own.is_disabled(), "before there are points"
    page.click("#flow-source-points")
    shown.wait_for_link(source="drawing", source_points=TRIANGLE)
    page.click("[data-set=heart]")
    shown.wait_for_link(dataset="heart", source="drawing", source_points=TRIANGLE)
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    assert {"exact", "true_density"}.isdisjoint(chips(page)), "no closed form is known from there"
    assert "source" in chips(page)

    page.click("#flow-source-points")  # a named set is its name
    shown.wait_for_link(source="heart")
    page.click("[data-set=digits]")
    page.wait_for_function("document.querySelector('#flow-source-points').disabled")


def chips(page) -> set[str]:
    names = "all => all.map((chip) => chip.dataset.layer)"
    return set(page.eval_on_selector_all("#flow-stage [data-layer]:not([hidden])", names))
