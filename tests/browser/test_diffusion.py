"""The tab of diffusion: noise is added and taken away, samplers side by side, classes, the score, what it costs."""

import pytest
from e2e import BUS, until

from playground.lessons.recipes import recipes
from playground.training.checkpoints import named

SMALL = "?family=diffusion&dataset=two_moons&width=16&depth=2&batch_size=64&steps=100000"

HAS = """async (layer) => {
    const { stages } = BUS;
    const stage = stages.get("diffusion");
    return layer in stage.recording.layersOf(stage.shown);
}""".replace("BUS", BUS)


@pytest.fixture
def opened(shown):
    """The tab with the shipped model."""
    shown.open()
    shown.tab("diffusion")
    shown.wait_for("stage.state === 'done'")
    return shown


def arranged(shown, layout: str, layer: str) -> None:
    """Choose a layout, and wait for what is seen in it alone."""
    shown.page.click(f"#diffusion-stage [data-layout={layout}]")
    until(lambda: shown.page.evaluate(HAS, layer), why=f"{layer} has come")


def time(page) -> float:
    return float(page.input_value("#diffusion-time"))


def test_noise_is_added_from_data_to_noise_and_a_point_can_be_followed(opened):
    page = opened.page
    arranged(opened, "forward", "noised")
    assert time(page) == 1
    page.click("#diffusion-stage .play")
    page.wait_for_function("+document.querySelector('#diffusion-time').value === 0")
    before = opened.picture()
    opened.choose("#diffusion-time", "0.6")
    opened.wait_for_another_picture(before)
    box = opened.box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelector('#diffusion-stage .pointer').textContent.includes('followed')")


def test_every_layout_of_the_shipped_model_has_its_pictures(opened):
    before = opened.picture()
    seen = {"samplers": "samplers", "score": "score_error", "memorisation": "remembered", "guided": "guided"}
    for layout, layer in seen.items():
        arranged(opened, layout, layer)
        before = opened.wait_for_another_picture(before)
        assert before["painted"] > 0.02


def test_only_classes_of_the_data_are_offered(opened):
    page = opened.page
    options = page.locator("#diffusion-label option")
    assert options.all_text_contents() == ["any", "face", "left eye", "right eye", "mouth"]
    page.select_option("#diffusion-label", "3")
    page.click("#dataset [data-set=two_moons]")
    opened.wait_for("stage.state === 'paused' && stage.step === '0' && says.hidden")
    assert options.all_text_contents() == ["any", "upper", "lower"]
    assert page.input_value("#diffusion-label") == "any"


def test_the_distance_is_that_to_the_chosen_class(opened):
    page = opened.page

    def floor() -> str:
        return page.locator("#diffusion-readouts [data-scalar=distance] .floor").inner_text()

    before = floor()
    page.select_option("#diffusion-label", "3")
    until(lambda: floor() != before, why="the band is another")
    high, earlier = (float(text.split("–")[-1]) for text in (floor(), before))
    assert high < earlier


def test_figures_come_by_themselves_or_when_they_are_asked_for(opened):
    page = opened.page
    opened.unfold()
    for name in ("signal", "score_over_time"):
        page.wait_for_selector(f"#diffusion-charts [data-chart={name}] path.js-line", state="attached")
    page.click("#diffusion-charts [data-chart=quality_against_nfe] .measure")
    page.wait_for_function(
        "document.querySelectorAll('#diffusion-charts [data-chart=quality_against_nfe] path.js-line').length >= 6"
    )


RECIPES = {name: recipe for name, recipe in recipes("diffusion").items() if recipe.layout}
AT_ONCE = {name for name, recipe in RECIPES.items() if named(recipe.experiment)}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_opens_its_layout_and_trains_unless_the_trained_model_will_do(shown, name):
    shown.open(SMALL)
    shown.page.click(f"#diffusion-tab [data-recipe={name}]")
    trained = f"stage.state === 'done' && +stage.step === {RECIPES[name].experiment.total_steps}"
    shown.wait_for(trained if name in AT_ONCE else "stage.state === 'training' && +stage.step > 1")
    layout = f"#diffusion-stage [data-layout={RECIPES[name].layout}]"
    assert shown.page.get_attribute(layout, "aria-pressed") == "true"
    if name == "never_noise":
        shown.pause()
        shown.unfold()
        shown.page.wait_for_selector("#diffusion-charts [data-chart=signal] .warning")
        assert "never reaches noise" in shown.page.inner_text("#diffusion-charts [data-chart=signal] .warning")
    if name == "five_points":
        shown.wait_for_link(data_points="5")
