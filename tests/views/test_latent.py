"""The latent plane: what is drawn is true to the numbers, whatever the model has become."""

import base64
import json
import math
from types import SimpleNamespace
from urllib.parse import parse_qsl

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from playground import Experiment, Run, fit
from playground.data.canvas import HALF
from playground.engine.hosting.camera import Camera, encode
from playground.families.vae.latent_space import REASONS
from playground.families.vae.vae import VAE
from playground.lessons.recipes import RECIPES
from playground.messages import explain
from playground.questions import answer, gestures
from playground.scene import Scene, ViewState
from playground.views import LAYOUTS, VIEWS, charts, figures, layers, layouts, notes
from playground.views.common.off_manifold import Neighbourhood
from playground.views.latent.elbo import log_det_scale
from playground.views.latent.likelihood import k_samples
from playground.views.latent.plane import Plane, plane, posteriors
from playground.views.latent.spaces import POSTERIORS, RAYS, areas

SMALL = {"width": 16, "depth": 2, "batch_size": 64}
HALF_STEP = 1.01 * HALF / 65535


@pytest.fixture(scope="module")
def eight() -> Run:
    """A VAE that has begun to learn eight Gaussians."""
    return fit(Experiment(family="vae", dataset="eight_gaussians", steps=300, config=SMALL | {"width": 32}))


@pytest.fixture
def seen(eight) -> Scene:
    scene = Scene(eight, ViewState(layout="latent", layers=frozenset(layers(VAE, "points"))))
    scene.renew(whole=True)
    return scene


def untrained(**config) -> Scene:
    return Scene(Run(Experiment(family="vae", dataset="smiley", config=SMALL | config)), ViewState(layout="latent"))


def read(layer: dict, name: str) -> np.ndarray:
    steps = np.frombuffer(base64.b64decode(layer[name]), "<u2").reshape(-1, 2)
    return steps / 65535 * 2 * HALF - HALF


# What is drawn.


def test_a_family_that_encodes_opens_on_both_spaces(eight):
    assert next(iter(layouts(eight.averaged))) == "latent"
    assert "latent" not in layouts(torch.nn.Module())
    assert LAYOUTS["latent"].panels == ("Data", "Latent")


@torch.no_grad()
def test_ellipses_are_true_to_scale(seen):
    """The half-axes in the picture are the encoder's standard deviations, to the last step of the encoding."""
    drawn = VIEWS["posteriors"].draw(VIEWS["posteriors"].measure(seen, whole=True))
    mean, std = seen.model.encode(torch.from_numpy(seen.data[:POSTERIORS]))
    at = plane(seen)
    assert (at.dims, at.half) == ((0, 1), HALF)
    centres, first, second = (read(drawn, name) for name in ("xy", "first", "second"))
    assert np.abs(centres - mean.numpy()).max() <= HALF_STEP
    assert np.abs(np.abs(first - centres) - std.numpy() * [1, 0]).max() <= 2 * HALF_STEP
    assert np.abs(np.abs(second - centres) - std.numpy() * [0, 1]).max() <= 2 * HALF_STEP


@torch.no_grad()
def test_codes_that_wander_off_widen_the_plane():
    scene = untrained()
    scene.model.encoder[-1].bias[:2] += torch.tensor([9.0, 0.0])
    at = plane(scene)
    assert at.half == 16
    assert "16" in at.title
    mean, std = posteriors(scene)
    measured = VIEWS["posteriors"].measure(scene, whole=True)
    assert np.allclose(measured["centres"], mean[:POSTERIORS].numpy() * HALF / 16)
    assert np.allclose(measured["axes"][:, 0, 0], std[:POSTERIORS, 0].numpy() * HALF / 16)
    places = torch.tensor([[1.0, -2.0]])
    assert np.allclose(at.to_canvas(at.lift(places)), places)


@torch.no_grad()
def test_of_many_latents_the_two_most_active_are_shown():
    scene = untrained(latents=5)
    last = scene.model.encoder[-1]
    last.weight[:5] *= torch.tensor([0.01, 30.0, 0.01, 0.01, 10.0])[:, None]
    at = plane(scene)
    assert at.dims == (1, 4)
    assert at.title.startswith("Latent: z2 × z5, the most active of 5")
    assert torch.equal(at.lift(torch.ones(1, 2))[0, [0, 2, 3]], torch.zeros(3))
    last.weight[0] *= 1000.0 * 1.1  # a little more active than the second of those that are shown: no reason to jump
    assert plane(scene).dims == (1, 4)
    last.weight[0] *= 30
    assert 0 in plane(scene).dims


@pytest.mark.parametrize("name", layers(VAE, "points"))
@pytest.mark.parametrize("config", [{}, {"latents": 1}, {"latents": 4}, {"prior": "standard"}], ids=str)
def test_every_layer_of_every_model_can_be_drawn(name, config):
    scene = untrained(**config)
    scene.renew(whole=False)
    for _ in range(2):
        drawn = VIEWS[name].draw(VIEWS[name].measure(scene, whole=False))
        json.dumps(drawn, allow_nan=False)


def test_nothing_moves_while_the_model_rests(seen):
    for view in layers(VAE, "points").values():
        one, other = view.measure(seen, whole=False), view.measure(seen, whole=False)
        assert all(np.array_equal(one[key], other[key]) for key in one), view.title


def test_a_model_that_blew_up_still_makes_a_frame():
    scene = untrained()
    for p in scene.model.parameters():
        p.fill_(torch.nan)
    camera = Camera(Scene(scene.run, ViewState(layout="latent", layers=frozenset(layers(VAE, "points")))))
    for whole in (False, True):
        json.dumps(camera.frame(scene.run.snapshot(), whole=whole), allow_nan=False)
    assert plane(scene).half == HALF
    for question in ({"ask": "decode", "x": [0.0, 0.0]}, {"ask": "encode", "x": [0.0, 0.0]}):
        answer(scene, question)


def test_live_frames_are_small(eight):
    for look in (
        ViewState(layout="latent", layers=frozenset(n for n, v in layers(VAE, "points").items() if v.default_on)),
        ViewState(layout="latent", layers=frozenset(layers(VAE, "points"))),
    ):
        camera = Camera(Scene(eight, look))
        camera.frame(eight.snapshot())
        assert len(encode(camera.frame(eight.snapshot(), state="training", message="", rate=1234))) <= 30_000


def test_masses_are_exact():
    """In the cells of a square: of narrow Gaussians, which a grid of points would miss, and of those that leave it."""
    at = Plane((0, 1), 2, HALF)
    means, stds = torch.tensor([[0.13, 0.07], [-2.0, 1.0]]), torch.tensor([[1e-4, 1e-4], [0.5, 2.0]])
    masses = at.masses(40, means, stds)
    assert masses[20, 20] == pytest.approx(0.5, abs=1e-3), "the narrow one lies in one cell"
    normal = torch.distributions.Normal(1.0, 2.0)
    inside = float(normal.cdf(torch.tensor(4.0)) - normal.cdf(torch.tensor(-4.0)))
    assert masses.sum() == pytest.approx(0.5 + 0.5 * inside, abs=1e-3)
    assert at.masses(8, means, stds, torch.tensor([1.0, 0.0])).sum() == pytest.approx(1, abs=1e-4)


def test_holes_are_where_the_prior_has_more_mass(seen):
    measured = VIEWS["holes"].measure(seen, whole=True)
    assert measured["prior"].sum() == pytest.approx(1, abs=1e-3)
    assert 0.5 < measured["codes"].sum() <= 1 + 1e-5
    drawn = VIEWS["holes"].draw({"prior": measured["prior"], "codes": measured["prior"]})
    assert set(drawn["values"]) <= set("A="), "no hole where codes fill the prior"


def test_reconstructions_and_the_decoded_plane_are_the_decoders(seen):
    measured = VIEWS["reconstructions"].measure(seen, whole=True)
    with torch.no_grad():
        back = seen.model.reconstruct(torch.from_numpy(seen.data[:RAYS]))
        middle = seen.model.decode(torch.zeros(1, 2))
    assert np.allclose(measured["to"], back, atol=1e-6)
    vertices = VIEWS["decoded"].measure(seen, whole=True)["vertices"]
    assert np.allclose(vertices[len(vertices) // 2, len(vertices) // 2], middle, atol=1e-6)


def test_areas_of_bent_cells():
    y, x = np.meshgrid(np.arange(3.0), np.arange(3.0), indexing="ij")
    assert np.allclose(areas(np.stack([2 * x + y, y], axis=2)), 2), "shearing keeps the area"


def test_samples_by_class_lie_where_the_classes_codes_are(seen):
    measured = VIEWS["origins"].measure(seen, whole=True)
    mean, std = (part[:256] for part in posteriors(seen))
    z = torch.from_numpy(measured["z"])
    each = torch.distributions.Normal(mean, std).log_prob(z[:, None]).sum(-1)
    for label, scores in zip(measured["labels"], each, strict=True):
        by_class = [scores[seen.labels[:256] == c].logsumexp(0) for c in range(8)]
        assert int(np.argmax(by_class)) == label


# What is measured.


@torch.no_grad()
def test_the_bound_in_own_coordinates(seen):
    """Under the density of the points themselves, −ELBO is no less than −log p, and that no less than the entropy."""
    found = VIEWS["elbo"].measure(seen)
    assert found["elbo"] == pytest.approx(found["rate"] + found["distortion"], abs=1e-4)
    assert found["rate"] == pytest.approx(sum(found[f"kl_{i}"] for i in (1, 2)), abs=1e-4)
    x = torch.from_numpy(seen.data[:1024])
    nll = log_det_scale(seen) - float(seen.model.log_prob(x, 50).mean())
    floor = VIEWS["elbo"].floors(seen)["elbo"]
    assert floor - 0.05 < nll < found["elbo"] + 0.05
    assert log_det_scale(seen) == -2 * math.log(seen.run.normalizer.scale) != 0


def about(dataset):
    """As much of a scene as floors look at."""
    return SimpleNamespace(run=SimpleNamespace(experiment=SimpleNamespace(dataset=dataset)))


def test_sets_without_a_density_have_no_floor():
    drawn = Experiment(family="vae", dataset=np.random.default_rng(0).normal(size=(40, 2))).dataset
    assert VIEWS["elbo"].floors(about(drawn)) == {}


def test_where_no_data_is():
    points = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), axis=2).reshape(-1, 2)
    near = Neighbourhood(np.concatenate([points, points]))
    assert near.radius == 1, "doubles are not each other's neighbours"
    assert near.outside(np.array([[0.5, 0.5], [-0.9, 0.0], [-1.1, 0.0], [np.nan, 0.0]])).tolist() == [
        False,
        False,
        True,
        True,
    ]


def test_fresh_data_is_astray_as_often_as_its_quantile_says(eight):
    floor = VIEWS["off_manifold"].floors(Scene(eight))["off_manifold"]
    assert 3 < floor < 8
    drawing = Experiment(family="vae", dataset=[[0, 0], [1, 0], [0, 1], [1, 2]]).dataset
    assert VIEWS["off_manifold"].floors(about(drawing))["off_manifold"] == 0


@pytest.mark.training
def test_the_note_says_which_units_are_inactive_and_why():
    silent = Scene(fit(Experiment(family="vae", steps=60, config=SMALL | {"beta": 20, "warm_up": 0, "free_bits": 0})))
    said = VIEWS["active"].measure(silent)
    assert said["value"] == "0 of 2"
    assert said["says"] == f"z1, z2 are inactive (posterior collapse). {REASONS['beta']}"


@torch.no_grad()
def test_what_is_not_active_is_inactive():
    """A latent that is the same for all points tells nothing, whatever it costs: count and sentence say the same."""
    scene = untrained()
    scene.model.encoder[-1].weight.zero_()
    said = VIEWS["active"].measure(scene)
    assert said["value"] == "0 of 2"
    assert said["says"] == f"z1, z2 are inactive (posterior collapse). {REASONS['stuck']}"


def test_views_say_what_they_are(eight):
    for view in (*charts(eight.averaged).values(), *figures(eight.averaged).values(), *notes(eight.averaged).values()):
        assert view.title[0].isupper()
        assert view.help.endswith(".")


# Figures on demand.


def test_bounds_of_k_samples():
    weights = torch.tensor([0.0, 1.0, 2.0, 3.0])
    assert float(k_samples(weights, 1)) == pytest.approx(1.5)
    assert float(k_samples(weights, 4)) == pytest.approx(float(weights.exp().mean().log()))
    assert 1.5 < float(k_samples(weights, 2)) < float(k_samples(weights, 4))


def run_through(scene: Scene, figure: str) -> go.Figure:
    return go.Figure(json.loads(answer(scene, {"ask": "plot", "figure": figure})["plot"]))


def test_the_likelihood_falls_towards_the_entropy(seen, monkeypatch):
    monkeypatch.setattr("playground.views.latent.likelihood.POINTS", 40)
    bounds, entropy = run_through(seen, "likelihood").data
    assert list(bounds.x) == [1, 5, 50, 500, 5000]
    assert np.all(np.diff(bounds.y) < 0), "the bound rises with k"
    assert bounds.y[-1] > entropy.y[0] - 0.05


def test_rate_falls_as_beta_rises(seen, monkeypatch):
    monkeypatch.setattr("playground.views.latent.likelihood.TUNING", 30)
    before = {name: p.clone() for name, p in seen.model.state_dict().items()}
    curve, _ = run_through(seen, "over_beta").data
    assert curve.text[0] == "β = 8"
    assert curve.text[-1] == "β = 0.1"
    assert curve.x[0] < curve.x[-1]
    assert curve.y[0] > curve.y[-1]
    assert all(torch.equal(p, before[name]) for name, p in seen.model.state_dict().items()), "the model is left alone"


# Gestures.


def test_gestures(eight):
    asked = {(g["gesture"], g["panel"]): g["ask"] for g in gestures(eight.averaged) if "points" in g["kinds"]}
    assert asked == {("hover", 1): "decode", ("hover", 0): "encode", ("drag", 1): "walk", ("click", 0): "between"}


@torch.no_grad()
def test_a_place_decodes_there(seen):
    found = answer(seen, {"ask": "decode", "x": [0.5, -1.0]})
    wanted = seen.model.decode(torch.tensor([[0.5, -1.0]])).numpy()
    assert np.allclose(found["x"], seen.run.normalizer.from_canvas(wanted)[0], atol=1e-4)
    point, noise = found["layers"]["decoded"]
    assert np.allclose(read(point, "xy"), wanted, atol=1e-3)
    assert np.abs(read(noise, "first") - read(noise, "xy")).max() == pytest.approx(float(seen.model.std), abs=1e-3)
    assert "z = (0.50, −1.00) decodes to" in found["says"]
    assert "Nearest class: class " in found["says"]
    assert "A hole" in answer(seen, {"ask": "decode", "x": [4.0, 4.0]})["says"]


@torch.no_grad()
def test_a_datum_shows_its_posterior(seen):
    own_place = seen.run.normalizer.from_canvas(seen.data[3] + 0.01).tolist()
    found = answer(seen, {"ask": "encode", "x": own_place})
    mean, std = seen.model.encode(torch.from_numpy(seen.data[3:4]))
    ellipse = found["layers"]["datum"][1]
    assert (ellipse["type"], ellipse["panel"]) == ("ellipses", 1)
    assert np.allclose(read(ellipse, "xy"), mean, atol=1e-3)
    assert np.abs(read(ellipse, "first") - read(ellipse, "xy"))[0, 0] == pytest.approx(float(std[0, 0]), abs=1e-3)
    assert found["says"].startswith(f"Class {seen.labels[3] + 1} ")
    assert "No data is near" in answer(seen, {"ask": "encode", "x": [0.0, 0.0]})["says"]


@torch.no_grad()
def test_a_walk_goes_at_an_even_pace(seen):
    found = answer(seen, {"ask": "walk", "path": [[0.0, 0.0], [0.1, 0.0], [2.0, 0.0]]})
    assert found["plays"]
    decoded, _, codes, _ = found["layers"]["path"]
    assert (decoded["panel"], codes["panel"]) == (0, 1)
    places = read(codes, "xy")
    assert np.allclose(places[:, 0], np.linspace(0, 2, len(places)), atol=1e-3)
    assert np.allclose(read(decoded, "xy"), seen.model.decode(torch.from_numpy(places).float()), atol=1e-2)
    assert found["says"].startswith("This path is 2.0 long")
    still = answer(seen, {"ask": "walk", "path": [[1.0, 0.0], [1.0, 0.0]]})
    json.dumps(still, allow_nan=False)


def test_two_data_are_joined_by_three_ways(seen):
    first, second = (seen.run.normalizer.from_canvas(seen.data[i]).tolist() for i in (0, 1))
    held = answer(seen, {"ask": "between", "x": first})
    assert "second" in held["says"]
    assert "plays" not in held
    found = answer(seen, {"ask": "between", "x": second, "first": first})
    assert list(found["layers"]) == ["ends", "linear", "spherical", "dense"]
    ends = [[read(found["layers"][kind][2], "xy")[i] for i in (0, -1)] for kind in ("linear", "spherical", "dense")]
    assert np.allclose(ends, ends[:1], atol=1e-3), "all of them begin and end with the same codes"
    same = answer(seen, {"ask": "between", "x": first, "first": first})
    json.dumps(same, allow_nan=False)


PLACE = [0.0, 0.0]


@pytest.mark.parametrize(
    "question",
    [
        {"ask": "decode"},
        {"ask": "decode", "x": [1, math.nan]},
        {"ask": "decode", "x": [1, 2, 3]},
        {"ask": "decode", "x": [1e300, 0]},
        {"ask": "decode", "x": PLACE, "t": 2},
        {"ask": "decode", "x": PLACE, "first": PLACE},
        {"ask": "encode", "x": "here"},
        {"ask": "encode", "x": [math.inf, 0]},
        {"ask": "walk"},
        {"ask": "walk", "path": []},
        {"ask": "walk", "path": [PLACE]},
        {"ask": "walk", "path": [PLACE] * 65},
        {"ask": "walk", "path": [PLACE, [0, None]]},
        {"ask": "walk", "path": "0,0"},
        {"ask": "between"},
        {"ask": "between", "x": PLACE, "first": [1]},
        {"ask": "between", "x": PLACE, "first": 3},
        {"ask": "plot", "figure": "posteriors"},
    ],
    ids=lambda q: repr(q)[:50],
)
def test_hostile_questions(seen, question):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (ValidationError is one)
        answer(seen, question)
    sentence = explain(caught.value) if hasattr(caught.value, "errors") else str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 200


@pytest.mark.parametrize("config", [{"latents": 1}, {"latents": 8}, {"prior": "standard"}, {"beta": 0}], ids=str)
def test_every_model_answers_even_from_far_away(config):
    scene = untrained(**config)
    for place in ([0.0, 0.0], [1e9, -1e9]):
        for question in (
            {"ask": "decode", "x": place},
            {"ask": "encode", "x": place},
            {"ask": "walk", "path": [place, [0.0, 1.0]]},
            {"ask": "between", "x": place, "first": [0.0, 1.0]},
        ):
            json.dumps(answer(scene, question), allow_nan=False)


# Recipes.


@pytest.mark.parametrize("name", RECIPES["vae"])
def test_recipes_are_experiments(name):
    recipe = RECIPES["vae"][name]
    assert recipe.help.endswith(".")
    assert Experiment.from_query(dict(parse_qsl(recipe.experiment.to_query()))) == recipe.experiment
