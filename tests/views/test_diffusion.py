"""What is shown of diffusion is what its formulas say."""

import copy
import json
import math

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.data import DATASETS, NamedSet
from playground.data.canvas import HALF
from playground.engine.hosting.camera import Camera, encode
from playground.experiment import POOL
from playground.families import ideal
from playground.families.diffusion.samplers import SAMPLERS
from playground.families.diffusion.schedules import alpha_sigma, forward_chain
from playground.families.stratified import spread_evenly
from playground.lessons.recipes import recipes
from playground.messages import explain
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.scene.scene import of_class
from playground.training.checkpoints import load
from playground.views import LAYOUTS, VIEWS, figures, layers
from playground.views.time.forward import POINTS, TIMES, walks
from playground.views.time.guided import CELLS, density
from playground.views.time.memorisation import nearest
from playground.views.time.reverse import COMPARED, TIMES_OF
from playground.views.time.score import noise_error, truth


def untrained(dataset="smiley", **config) -> Run:
    budget = {name: config.pop(name) for name in ("data_points", "seed") if name in config}
    return Run(Experiment(family="diffusion", dataset=dataset, config={"width": 32, "depth": 2} | config, **budget))


@pytest.fixture(scope="module")
def smiley() -> Scene:
    """The shipped model; tests that edit it take another."""
    scene = Scene(load("diffusion"))
    scene.renew(whole=True)
    return scene


def measured(figure, scene):
    pieces = figure.measure(scene)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


# Adding noise.


def test_the_forward_chain_has_the_law_of_noised_data():
    """At every level each point is N(α x0, σ²), and two moments are correlated as in a Markov chain."""
    x0 = torch.tensor([[2.0, -1.0]]).expand(20_000, 2)
    level = torch.tensor([4.0, 1.0, -2.0])
    chain = forward_chain(x0, level, torch.Generator().manual_seed(0))
    alpha, sigma = alpha_sigma(level)
    for place, a, s in zip(chain, alpha, sigma, strict=True):
        assert torch.allclose(place.mean(0), a * x0[0], atol=0.03)
        assert torch.allclose(place.std(0), s.expand(2), atol=0.03)
    noise = (chain - alpha[:, None, None] * x0) / sigma[:, None, None]
    wanted = float(alpha[2] / alpha[1] * sigma[1] / sigma[2])
    assert float((noise[1] * noise[2]).mean()) == pytest.approx(wanted, abs=0.03)


def test_walks_go_from_data_to_noise(smiley):
    trajectories = walks(smiley)
    assert trajectories.shape == (len(TIMES), POINTS, 2)
    assert np.abs(trajectories[-1] - smiley.data[:POINTS]).max() < 0.02
    assert trajectories[0].std(0) == pytest.approx([1, 1], abs=0.1)
    assert np.array_equal(walks(smiley), trajectories)


def test_a_point_can_be_followed(smiley):
    trajectories, normalizer = walks(smiley), smiley.run.normalizer
    x = normalizer.from_canvas(trajectories[32, 7]).tolist()
    found = answer(smiley, {"ask": "follow", "x": x, "t": float(TIMES[32])})
    assert found["layers"]["path"]["times"][0] == 0
    assert found["says"].endswith(".")
    came = ", ".join(f"{v:.2f}" for v in normalizer.from_canvas(smiley.data[7])).replace("-", "−")
    assert came in found["says"]


@pytest.mark.parametrize(("noise_end", "warns"), [(1.0, False), (0.3, True)])
def test_a_schedule_that_leaves_signal_is_told(noise_end, warns):
    figure = measured(VIEWS["signal"], Scene(untrained(noise_end=noise_end)))
    assert ("warning" in (figure.layout.meta or {})) == warns
    assert np.diff(figure.data[0].y).min() > 0, "signal grows towards the data"


# Taking it away.


def test_predicted_clean_points_are_the_models(smiley):
    found = VIEWS["denoised"].measure(smiley, whole=True)
    assert found["xy"].shape == found["to"].shape
    t = torch.full((found["xy"].shape[1],), float(found["times"][3]))
    with torch.no_grad():
        denoised = smiley.model.denoise(torch.from_numpy(found["xy"][3]), t).numpy()
    assert np.allclose(found["to"][3], denoised, atol=1e-3)


def test_all_samplers_begin_with_the_same_noise(smiley):
    found = VIEWS["samplers"].measure(smiley, whole=True)
    assert set(found) == {*COMPARED, *(name + TIMES_OF for name in COMPARED)}
    assert all(len(found[name + TIMES_OF]) == len(found[name]) for name in COMPARED)
    starts = [found[name][0] for name in COMPARED]
    assert all(np.array_equal(start, starts[0]) for start in starts)
    ends = [found[name][-1] for name in COMPARED]
    assert not any(np.allclose(ends[0], end) for end in ends[1:])
    pieces = VIEWS["samplers"].draw(found)
    assert {piece["panel"] for piece in pieces} == set(range(len(COMPARED)))
    other = Scene(untrained(sampler="euler_maruyama", sampler_steps=3))
    titles = [piece["title"] for piece in VIEWS["samplers"].draw(VIEWS["samplers"].measure(other, whole=True))]
    assert titles[-1] == "Euler–Maruyama", "one's own choice is among them"


# The score.


@pytest.mark.parametrize("name", ["eight_gaussians", "unequal_gaussians", "smiley"])
@pytest.mark.parametrize("level", [2.0, -1.0])
def test_exact_denoisers_of_densities(name, level):
    """Tweedie's formula by the gradient of the log density, and against very many points."""
    dataset = NamedSet(name=name)
    run = untrained(name)
    density = truth(Scene(run))
    assert isinstance(density, ideal.MixtureDensity)
    points = torch.as_tensor(
        dataset.normalizer.to_canvas(dataset.distribution.sample(100_000, np.random.default_rng(3))[0])
    )
    alpha, sigma = (v.expand(20) for v in alpha_sigma(torch.tensor(level, dtype=torch.float64)))
    density = ideal.MixtureDensity(density.means.double(), density.sigmas.double(), density.weights.double())
    x = (alpha[:, None] * points[:20] + sigma[:, None] * torch.randn(20, 2, dtype=torch.float64)).requires_grad_()
    exact = ideal.denoise(x, alpha, sigma, density)
    (score,) = torch.autograd.grad(ideal.log_density(x, alpha, sigma, density).sum(), x)
    tweedie = (x + sigma[:, None] ** 2 * score) / alpha[:, None]
    assert torch.allclose(exact, tweedie, atol=1e-6)
    assert torch.allclose(exact, ideal.denoise(x, alpha, sigma, points), atol=0.15)


def test_finite_data_are_a_mixture_without_width():
    data = torch.randn(30, 2, dtype=torch.float64)
    x, alpha, sigma = torch.randn(8, 2, dtype=torch.float64), torch.full((8,), 0.8), torch.full((8,), 0.6)
    points = ideal.MixtureDensity(data, torch.zeros(30), torch.full((30,), 1 / 30))
    wanted = ideal.denoise(x, alpha, sigma, data)
    assert torch.allclose(ideal.denoise(x, alpha, sigma, points), wanted, atol=1e-6)


@pytest.mark.parametrize("name", DATASETS)
def test_a_mixture_is_the_density_it_stands_for(name):
    distribution = NamedSet(name=name).distribution
    gaussians = distribution.gaussians()
    if gaussians is None:
        return
    points = torch.as_tensor(distribution.sample(50, np.random.default_rng(0))[0])
    mixture = ideal.MixtureDensity(*(torch.as_tensor(part) for part in gaussians))
    ours = ideal.log_density(points, torch.ones(50), torch.full((50,), 1e-6), mixture)
    assert np.allclose(ours, distribution.log_density(points), atol=1e-3)


def test_the_truth_is_what_was_trained_on():
    assert isinstance(truth(Scene(untrained())), ideal.MixtureDensity)
    assert torch.equal(truth(Scene(few := untrained(data_points=7))), few.pool)
    one = untrained(label="1")
    assert torch.isin(truth(Scene(one)), one.pool[one.labels == 1]).all()


@torch.no_grad()
def test_the_error_of_the_exact_score_is_none(smiley):
    data = truth(smiley)
    x, t = torch.randn(50, 2), torch.full((50,), 0.5)
    model = copy.copy(smiley.model)
    assert float(noise_error(model, x, t, data).mean()) < 0.3, "a trained model is near"
    model._denoise = lambda x, log_snr: ideal.denoise(x, *alpha_sigma(log_snr), data)
    assert float(noise_error(model, x, t, data).max()) < 1e-4


# Memory.


def test_few_points_are_few():
    few, all_of_them = untrained(data_points=5), untrained()
    assert (len(few.pool), len(few.labels), len(all_of_them.pool)) == (5, 5, POOL)
    again, other = untrained(data_points=5), untrained(data_points=5, seed=1)
    assert torch.equal(few.pool, again.pool)
    assert not torch.equal(few.pool, other.pool)
    drawn = [[float(i), 0.0] for i in range(50)]
    assert len(untrained(drawn, data_points=20).pool.unique(dim=0)) == 20
    assert len(untrained(drawn, data_points=100).pool) == 50


def test_perfect_memory_repeats_the_training_points():
    scene = Scene(untrained(data_points=5, sampler_steps=40))
    trajectories = VIEWS["remembered"].measure(scene, whole=True)
    assert nearest(trajectories["xy"][-1], scene.run.pool) < 0.05
    scene.renew(whole=True)
    assert VIEWS["nearest"].floors(scene)["nearest"] > 0.1
    scene.final_samples = scene.run.pool[torch.randint(5, (1500,))].numpy()
    assert VIEWS["nearest"].measure(scene)["nearest"] < 1e-3


# Guidance.


def test_distance_is_that_to_the_class():
    run = load("diffusion")
    run.edit(label="3")
    scene = Scene(run)
    scene.renew(whole=True)
    smile = run.normalizer.to_canvas(of_class(run.experiment.dataset.distribution, 3, 500, seed=9)[0])
    assert np.linalg.norm(scene.reference.mean(0) - smile.mean(0)) < 0.2
    ours = VIEWS["distance"].measure(scene)["distance"]
    assert VIEWS["distance"].floors(scene)["distance"] / 2 < ours < 0.3
    run.edit(label="any")
    assert VIEWS["distance"].measure(scene)["distance"] > 1, "a mouth is no face"
    assert np.array_equal(scene.reference, scene.data)


def test_every_class_can_be_found():
    rare = NamedSet(name="unequal_gaussians").distribution
    points, labels = of_class(rare, 5, 1500, seed=0)
    assert points.shape == (1500, 2)
    assert set(labels) == {5}
    many = of_class(NamedSet(name="grid").distribution, 9, 300, seed=0)[1]
    assert set(many) == set(range(9, 25)), "the last class stands for all that follow"
    drawing = Experiment(dataset=[[0, 0], [1, 1]], labels=[0, 3]).dataset.distribution
    assert set(of_class(drawing, 1, 10, seed=0)[1]) == {0, 3}, "a class without points"


@pytest.mark.parametrize(
    ("dataset", "label", "sentence"),
    [("smiley", "4", "0 to 3"), ("checkerboard", "0", "no classes"), ("two_moons", "2", "0 to 1")],
)
def test_only_classes_that_exist_can_be_chosen(dataset, label, sentence):
    with pytest.raises(ValueError, match=sentence):
        untrained(dataset, label=label)
    run = untrained(dataset)
    with pytest.raises(ValueError, match=sentence):
        run.edit(label=label)
    assert run.family.config.label == "any"


def test_a_density_integrates_to_one():
    xy = np.array([[1.0, -2.0]] * 10)
    found = density(xy)
    assert found.sum() * (2 * HALF / CELLS) ** 2 == pytest.approx(1, rel=1e-3)
    assert np.unravel_index(found.argmax(), found.shape) == (12, 30), "first index up, second to the right"


def test_the_floor_of_a_conditional_loss_is_lower():
    run = untrained()
    places = spread_evenly(1024, 4)
    law, alone = (ideal.points(run.pool[:2000].double(), labels) for labels in (run.labels[:2000], None))

    def floor(dropout: float) -> float:
        model = copy.copy(run.averaged)
        model.config = model.config.model_copy(update={"label_dropout": dropout})
        return model.loss_floor(law, places)

    assert floor(0.0) < floor(0.5) < floor(1.0)
    assert floor(0.5) == pytest.approx((floor(0.0) + floor(1.0)) / 2, rel=1e-6)
    assert floor(1.0) == run.averaged.loss_floor(alone, places)


# Frames and figures.


def test_frames_stay_small(smiley):
    run = smiley.run
    for layout in LAYOUTS:
        seen = frozenset(name for name, layer in layers(run.averaged).items() if layer.default_on)
        camera = Camera(Scene(run, ViewState(layers=seen, layout=layout)))
        camera.frame(run.snapshot())
        assert len(encode(camera.frame(run.snapshot()))) < 30_000, layout
        assert len(encode(camera.frame(run.snapshot(), whole=True))) < 700_000, layout


def test_floors_follow_the_settings():
    run = untrained()
    scene = Scene(run)
    first = answer(scene, {"ask": "floors"})
    assert answer(scene, {"ask": "floors"}) == first
    run.edit(label="1")
    second = answer(scene, {"ask": "floors"})
    assert second["edits"] == Camera(scene).frame(run.snapshot())["edits"] == first["edits"] + 1
    assert second["floors"]["distance"] < first["floors"]["distance"]


@pytest.mark.parametrize("name", ["signal", "score_over_time", "quality_against_nfe"])
def test_figures_are_made_in_pieces(name):
    scene = Scene(untrained(sampler_steps=2))
    scene.renew(whole=True)
    assert name in figures(scene.model)
    pieces = sum(1 for _ in VIEWS[name].measure(scene))
    assert pieces >= 1
    figure = measured(VIEWS[name], scene)
    assert json.loads(figure.to_json())["data"]


def test_recipes_can_be_begun():
    for recipe in recipes("diffusion").values():
        assert recipe.help.endswith(".")
        assert recipe.layout is None or recipe.layout in LAYOUTS
        Run(recipe.experiment)


HOSTILE = [
    {},
    {"x": [0]},
    {"x": [math.nan, 0]},
    {"x": [10**400, 0]},
    {"x": "ab"},
    {"x": [0, 0], "t": -0.1},
    {"x": [0, 0], "t": True},
    {"x": [0, 0], "nope": 1},
]


@pytest.mark.parametrize("given", HOSTILE, ids=repr)
def test_hostile_points_to_follow(smiley, given):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (ValidationError is one)
        answer(smiley, {"ask": "follow"} | given)
    assert explain(caught.value).endswith(".")


def test_far_away_the_nearest_point_is_followed(smiley):
    assert answer(smiley, {"ask": "follow", "x": [1e9, -1e9], "t": 0})["says"]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_any_number_of_steps_works(sampler):
    """With the default network, guided, which takes most."""
    config = {"sampler": sampler, "sampler_steps": 1000, "label": "1", "guidance": 3.0}
    assert Experiment(family="diffusion", dataset="smiley", config=config).affordable_samples >= 1500
    assert untrained(sampler=sampler, sampler_steps=1).sample(5).shape == (5, 2)
