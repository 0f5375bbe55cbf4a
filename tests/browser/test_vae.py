"""The VAE's tab: both spaces side by side, and what pointing into them does."""

import pytest
from e2e import BUS

SAYS = "document.querySelector('#vae-stage .pointer').textContent"


def place(shown, panel: int, x: float, y: float) -> tuple[float, float]:
    """Where a place of a square is on the screen, as soon as it stands still."""
    shown.box()
    return tuple(
        shown.page.evaluate(
            """async ([panel, x, y]) => {
                const { stages } = BUS;
                const stage = stages.get("vae"), { canvas } = stage.screen;
                const view = stage.screen.views(stage.picture())[panel], box = canvas.getBoundingClientRect();
                const ratio = box.width / canvas.width;
                return [box.left + view.x(x, 1) * ratio, box.top + view.y(y) * ratio];
            }""".replace("BUS", BUS),
            [panel, x, y],
        )
    )


def said(shown, words: str) -> str:
    shown.page.wait_for_function(f"(words) => {SAYS}.includes(words)", arg=words)
    return shown.page.evaluate(SAYS)


@pytest.fixture
def vae(shown):
    shown.open().tab("vae")
    shown.wait_for("stage.state === 'done'")
    shown.page.locator("#vae-stage").scroll_into_view_if_needed()
    shown.page.mouse.move(*place(shown, 1, 0, 0))  # the first question wakes the shipped model
    said(shown, "decodes to")
    return shown


def test_it_opens_on_both_spaces_with_its_numbers(vae):
    page = vae.page
    assert page.locator("#vae-stage [data-layout=latent]").get_attribute("aria-pressed") == "true"
    assert page.locator("#vae-stage [data-layer=holes]").is_visible()
    assert page.locator("#vae-readouts [data-note=active] .big").inner_text() == "2 of 2"
    assert page.locator("#vae-readouts [data-scalar=elbo] .floor").inner_text().startswith("floor ")
    before = vae.picture()
    page.click("#vae-stage [data-layer=holes]")
    vae.wait_for_another_picture(before)
    page.click("#vae-stage [data-layout=overlay]")
    assert page.locator("#vae-stage [data-layer=holes]").is_hidden()


def test_pointing_decodes_and_encodes(vae):
    vae.page.mouse.move(*place(vae, 1, 0.5, -0.5))  # the latent panel of the shipped model shows ±8, the canvas is ±4
    said(vae, "z = (1.0")
    vae.page.mouse.move(*place(vae, 0, 0, 0))
    said(vae, "No data is near")


def test_a_way_that_is_dragged_plays(vae):
    mouse = vae.page.mouse
    mouse.move(*place(vae, 1, -1, 0))
    mouse.down()
    mouse.move(*place(vae, 1, 1, 1), steps=8)
    mouse.up()
    said(vae, "This path is 4.5 long")
    vae.page.wait_for_function("+document.querySelector('#vae-time').value === 1")
    before = vae.picture()
    vae.choose("#vae-time", "0.3")
    vae.wait_for_another_picture(before)
    mouse.click(*place(vae, 1, 0, -3))  # pointing at something else ends it
    vae.page.locator("#vae-time").wait_for(state="hidden")


def test_two_data_are_joined_by_three_ways(vae):
    vae.page.mouse.click(*place(vae, 0, -3, 0))
    said(vae, "second point")
    vae.page.mouse.click(*place(vae, 0, 3, 0))
    told = said(vae, "Three interpolations")
    assert all(name in told for name in ("linear", "spherical", "dense"))
    vae.page.locator("#vae-time").wait_for(state="visible")


def test_a_finger_can_drag(new_page):
    shown = new_page(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    shown.open().tab("vae")
    shown.wait_for("stage.state === 'done'")
    shown.page.locator("#vae-stage .plot").scroll_into_view_if_needed()
    touch = shown.page.context.new_cdp_session(shown.page)
    before = shown.page.evaluate("scrollY")

    def put(kind: str, *where: float) -> None:
        points = [{"x": where[0], "y": where[1]}] if where else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    put("touchStart", *place(shown, 1, 0, 2))
    for y in (1.5, 1, 0.5, 0, -1, -2):
        put("touchMove", *place(shown, 1, 0, y))
    put("touchEnd")
    said(shown, "This path is")
    assert shown.page.evaluate("scrollY") == before, "the square took the finger"


def test_figures_on_demand(vae):
    vae.unfold()
    box = vae.page.locator("#vae-charts [data-chart=likelihood]")
    box.locator("button").click()
    box.locator(".main-svg").first.wait_for()
    assert "above the entropy" in box.inner_text()


def test_a_recipe_sets_the_knobs_and_trains(vae):
    vae.page.click("[data-recipe=line]")
    vae.wait_for("stage.state === 'training' && +stage.step >= 20")
    vae.wait_for_link(latents="1")
    vae.pause()
    run = vae.runs()[-1]  # after that of the shipped model
    assert run.experiment.config.latents == 1


def test_trained_digits_are_one_click_away_and_two_of_them_are_joined(vae):
    page = vae.page
    page.click("#vae-recipes [data-recipe=digits]")
    vae.wait_for("stage.state === 'done' && stage.step === '6000'")
    vae.wait_for_link(dataset="digits")
    assert page.locator("#vae-stage [data-layout=codes]").get_attribute("aria-pressed") == "true"
    assert page.locator("#vae-readouts [data-note=active] .big").inner_text() == "2 of 2"
    page.click("#vae-stage [data-layout=interpolation]")
    page.mouse.click(*place(vae, 0, -3.5, 3.5))
    said(vae, "second image")
    page.mouse.click(*place(vae, 0, 2.5, -1.5))
    said(vae, "linear (grey)")
    page.locator("#vae-time").wait_for(state="visible")
    page.click("#vae-step")  # it goes on from where the shipped model is
    vae.wait_for("stage.step === '6010'")
    assert vae.runs()[-1].experiment.dataset.name == "digits"
