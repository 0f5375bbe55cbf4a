"""What the page is told says only what applies to a family and to the data in hand."""

import pytest

from playground.data.kinds import ANY
from playground.families import FAMILIES
from playground.lessons.recipes import RECIPES
from playground.training.checkpoints import named
from playground.ui.schema import family_page
from playground.views import layers, layouts

PARTS = ("layers", "charts", "notes", "figures")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_view_explains_itself_for_each_kind_of_data(family):
    page = family_page(family)
    for view in (view for part in PARTS for view in page[part].values()):
        assert set(view["help"]) == set(view["kinds"])
        assert all((text.endswith(".") and text[0].isupper()) or text[0] == "−" for text in view["help"].values())
    assert set(page["about"]) == set(ANY)


@pytest.mark.parametrize("family", FAMILIES)
def test_help_for_points_says_nothing_of_images(family):
    page = family_page(family)
    for view in (view for part in PARTS for view in page[part].values()):
        assert "image" not in view["help"].get("points", "")
        assert "point" not in view["help"].get("images", "").replace("point of", "")


def test_help_says_nothing_that_a_family_does_not_have():
    flow, gan, vae = (family_page(family)["charts"] for family in ("flow", "gan", "vae"))
    assert "class" not in gan["distance"]["help"]["points"]
    assert "class" in flow["distance"]["help"]["points"]
    assert "reconstructions" not in flow["off_manifold"]["help"]["points"]
    assert "reconstructions" in vae["off_manifold"]["help"]["points"]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_symbol_means_two_things(family):
    """Data are x at t = 1, as the clock has it; the papers of diffusion call them x₀, and of flows the noise."""
    page = family_page(family)
    texts = [text for part in PARTS for view in page[part].values() for text in (view["title"], *view["help"].values())]
    texts += [control[name] for control in page["controls"] for name in ("title", "help")]
    assert not [text for text in texts if "x₀" in text or "x0" in text]
    assert "σ(" not in page["equation"]


# Recipes.

EVERY = [(family, name) for family, known in RECIPES.items() for name in known]


def test_every_family_has_recipes():
    assert set(RECIPES) == set(FAMILIES)
    assert all(len(known) >= 3 for known in RECIPES.values())
    assert len(RECIPES["flow"]) >= 6


@pytest.mark.parametrize(("family", "name"), EVERY)
def test_a_recipe_can_be_begun_on_a_view_that_there_is(family, name):
    recipe = RECIPES[family][name]
    model, kind = FAMILIES[family], recipe.experiment.dataset.distribution
    kind = "images" if len(kind.shape) > 1 else "points"
    assert recipe.experiment.family == family
    assert recipe.help.endswith(".")
    assert recipe.layout is None or recipe.layout in layouts(model, kind)
    known = layers(model, kind)
    layout = recipe.layout or next(iter(layouts(model, kind)))
    assert all(layer in known and layout in known[layer].layouts for layer in recipe.layers)
    assert recipe.time is None or 0 <= recipe.time <= 1
    assert not any(word in recipe.help for word in ("minute", "second")), "times are those of a machine"


AT_ONCE = {
    ("flow", "journey"): "flow",
    ("flow", "one_step"): "flow",
    ("flow", "reflow"): "flow_reflowed",
    ("flow", "over_guided"): "flow",
    ("flow", "few_steps"): "flow",
    ("flow", "exact_field"): "flow",
    ("flow", "density"): "flow",
    ("flow", "crossing_paths"): "flow",
    ("flow", "conditional"): "flow",
    ("flow", "likelihood"): "flow",
    ("diffusion", "few_steps"): "diffusion",
    ("diffusion", "over_guided"): "diffusion",
    ("diffusion", "five_samplers"): "diffusion",
    ("gan", "latents"): "gan",
    ("gan", "digits"): "gan_digits",
    ("diffusion", "digits"): "diffusion_digits",
    ("diffusion", "guidance"): "diffusion_digits",
    ("diffusion", "latents"): "diffusion_latents",
    ("flow", "digits"): "flow_digits",
    ("flow", "features"): "flow_digits",
    ("flow", "latents"): "flow_latents",
    ("vae", "digits"): "vae_digits",
    ("vae", "interpolation"): "vae_digits",
    ("vae", "mnist"): "vae_prior",
}


@pytest.mark.parametrize(("family", "name"), EVERY)
def test_what_only_samples_in_another_way_is_not_trained_again(family, name):
    assert named(RECIPES[family][name].experiment) == AT_ONCE.get((family, name))
