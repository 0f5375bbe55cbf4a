"""Digits in every tab: tiles instead of points, and nothing that only the plane has; points come back."""

import pytest
from e2e import until

from playground.families import FAMILIES
from playground.views import layers, layouts

VISIBLE = "(chips) => chips.filter((c) => !c.hidden).map((c) => c.dataset.layer ?? c.dataset.layout)"


def chips(shown, what: str) -> list[str]:
    """The switches of layers, or of layouts, that can be seen."""
    return shown.page.locator(f"#{shown.family}-stage [data-{what}]").evaluate_all(VISIBLE)


def first_of(family: str) -> list[str]:
    """The layouts of a family that none before it has, which is enough to see each."""
    names = list(FAMILIES)
    known = {name for other in names[: names.index(family)] for name in layouts(FAMILIES[other], "images")}
    return [name for name in layouts(FAMILIES[family], "images") if name not in known | {"tiles"}]


@pytest.mark.parametrize("family", FAMILIES)
def test_digits_train_as_tiles(shown, family):
    shown.open(f"?family={family}&dataset=digits&seed=1")  # of seed 0, a trained model may ship
    possible = layouts(FAMILIES[family], "images")
    assert set(chips(shown, "layer")) == {
        n for n, v in layers(FAMILIES[family], "images").items() if "tiles" in v.layouts
    }
    assert chips(shown, "layout") == (list(possible) if len(possible) > 1 else [])
    before = shown.picture()
    shown.train(least=5)
    shown.wait_for_another_picture(before)
    shown.pause()
    for layout in first_of(family):
        before = shown.picture()
        shown.page.click(f"#{family}-stage [data-layout={layout}]")
        shown.wait_for_another_picture(before)
        until(lambda: shown.picture()["painted"] > 0.03, why=f"the picture of {layout}")


def test_a_recipe_brings_settings_with_its_images(shown):
    shown.open()
    shown.page.click("#flow-recipes [data-recipe=latents]")
    shown.wait_for("stage.state === 'done' && stage.step === '6000'")
    shown.wait_for_link(dataset="mnist", space="latents")
    assert shown.page.input_value("#flow-space") == "latents"


def test_points_come_back(shown):
    shown.open("?family=flow&dataset=digits&seed=1")
    assert "field" not in chips(shown, "layer")
    shown.page.click("#flow-stage [data-layout=film]")
    shown.page.click("[data-set=two_moons]")
    shown.wait_for("stage.state === 'paused'")
    shown.page.locator("#flow-stage [data-layer=field]").wait_for(state="visible")
    assert chips(shown, "layout") == ["overlay", "journey", "memorisation", "guided"]
    assert "film" not in chips(shown, "layer")
    shown.page.click("[data-set=digits]")
    shown.page.locator("#flow-stage [data-layer=field]").wait_for(state="hidden")
    assert chips(shown, "layout") == list(layouts(FAMILIES["flow"], "images"))
