"""The exact likelihood, seen: on held-out data, and as a map."""

import base64

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.data.canvas import HALF
from playground.families import FAMILIES
from playground.scene import Scene
from playground.scene.scene import cell_centres
from playground.training.run import follow
from playground.views import VIEWS, charts, layers
from playground.views.time.fields import HEAT


@pytest.fixture(scope="module")
def scene() -> Scene:
    run = Run(Experiment(family="normalizing_flow", dataset="two_moons", steps=300, config={"width": 16}))
    for _ in follow(run):
        pass
    return Scene(run)


def test_every_family_has_the_density_that_it_can_have():
    having = {
        name: {family for family, cls in FAMILIES.items() if name in layers(cls)}
        for name in ("density", "kernels", "true_density")
    }
    assert {name for name, family in FAMILIES.items() if "nll" in charts(family)} == {"normalizing_flow"}
    assert having["density"] == {"normalizing_flow", "flow", "diffusion", "vae"}
    assert having["kernels"] == {"gan"}
    assert having["true_density"] == set(FAMILIES)
    assert all("density" not in layers(family, "images") for family in FAMILIES.values())


def test_it_stands_beside_its_floor_in_the_data_s_own_coordinates(scene):
    """An untrained model is the standard normal in the square."""
    nats, floor = VIEWS["nll"].measure(scene)["nll"], VIEWS["nll"].floors(scene)["nll"]
    assert floor == pytest.approx(scene.run.experiment.dataset.distribution.entropy(), abs=0.1)
    assert floor < nats < floor + 0.5
    untrained = Scene(Run(scene.run.experiment))
    x = torch.as_tensor(untrained.data[:1024])
    expected = x.square().sum(1).mean() / 2 + np.log(2 * np.pi) - 2 * np.log(scene.run.normalizer.scale)
    assert VIEWS["nll"].measure(untrained)["nll"] == pytest.approx(float(expected), abs=1e-4)


def test_images_have_no_floor():
    scene = Scene(Run(Experiment(family="normalizing_flow", dataset="digits", steps=5)))
    assert VIEWS["nll"].floors(scene) == {}
    assert np.isfinite(VIEWS["nll"].measure(scene)["nll"])


@pytest.fixture(scope="module", params=["normalizing_flow", "flow", "diffusion", "vae", "gan"])
def learned(request) -> Scene:
    """Each family, trained a little."""
    run = Run(Experiment(family=request.param, dataset="two_moons", steps=300, config={"width": 32}))
    for _ in follow(run):
        pass
    return Scene(run)


def drained(pieces):
    """All that a generator yields, and what it returns."""
    while True:
        try:
            yield next(pieces)
        except StopIteration as end:
            yield end.value
            return


def mass(density: np.ndarray) -> np.ndarray:
    return density.sum((-2, -1)) * (2 * HALF / HEAT) ** 2


def at(density: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The density of a map at places (n, 2) on the canvas."""
    cells = np.floor((places + HALF) / (2 * HALF) * HEAT).astype(int).clip(0, HEAT - 1)
    return density[cells[:, 1], cells[:, 0]]


def test_the_map_integrates_to_one_and_is_dense_where_samples_are(learned):
    name = "kernels" if learned.run.experiment.family == "gan" else "density"
    measured = VIEWS[name].measure(learned, whole=False)
    density = measured["density"]
    assert density.shape == (HEAT, HEAT)
    learned.renew(whole=True)
    if name == "kernels":  # a GAN may throw some samples off the canvas
        inside = (np.abs(learned.final_samples) < HALF).all(1).mean()
        assert mass(density) == pytest.approx(inside, abs=0.02)
    else:
        assert mass(density) == pytest.approx(1, abs=0.015), "as well as such cells show thin data"
    # Where samples are, the density is on average ∫ p².
    assert at(density, learned.final_samples).mean() == pytest.approx(
        mass(density**2), rel=0.4 if name == "kernels" else 0.15
    )
    drawn = VIEWS[name].draw(measured)
    shades = np.frombuffer(base64.b64decode(drawn["values"]), np.uint8).reshape(HEAT, HEAT) / 255
    assert np.allclose(shades**2, density / density.max(), atol=0.01), "faint parts are seen, too"
    assert drawn["bar"]["title"].endswith(f"∫ = {mass(density):.2f}")


def test_a_density_that_moves_is_measured_at_all_times(learned):
    moves = learned.run.experiment.family in ("flow", "diffusion")
    [truth] = [m for m in VIEWS["true_density"].work(learned, True) if m is not None]
    assert truth["density"].shape == ((11, HEAT, HEAT) if moves else (HEAT, HEAT))
    if not moves:
        return
    noise = VIEWS["density"].measure(learned, whole=True)["density"][0]
    standard = (cell_centres(HEAT).square().sum(1) / -2).exp().reshape(HEAT, HEAT).numpy() / (2 * np.pi)
    assert np.allclose(noise, standard, atol=1e-4), "it begins as noise"
    assert np.allclose(mass(truth["density"]), 1, atol=0.01)


def test_the_truth_is_that_of_the_data(learned):
    """At the time of the data, in the data's own coordinates."""
    density = VIEWS["true_density"].measure(learned, whole=False)["density"]
    run = learned.run
    places = run.normalizer.from_canvas(cell_centres(HEAT).numpy())
    exact = np.exp(run.experiment.dataset.distribution.log_density(places)).reshape(HEAT, HEAT)
    assert np.allclose(density * run.normalizer.scale**2, exact, atol=0.02 * exact.max())


def test_of_a_chosen_class_it_is_that_of_the_class():
    run = Run(Experiment(family="diffusion", dataset="two_moons", steps=5, config={"width": 16, "label": "1"}))
    density = VIEWS["true_density"].measure(Scene(run), False)["density"]
    assert mass(density) == pytest.approx(1, abs=0.01)
    of_class = run.pool[run.labels == 1]
    other = run.pool[run.labels == 0]
    near, far = (at(density, places.numpy()).mean() for places in (of_class, other))
    assert near > 20 * far


def test_a_good_model_is_near_the_truth(scene):
    model, truth = (VIEWS[name].measure(scene, False)["density"] for name in ("density", "true_density"))
    assert mass(np.abs(model - truth)) / 2 < 0.5, "total variation"


def test_data_of_unknown_density_have_no_truth_to_show():
    points = np.random.default_rng(0).normal(size=(200, 2))
    assert not VIEWS["true_density"].applies(Scene(Run(Experiment(family="vae", dataset=points, steps=5))))


def test_a_collapsed_gan_has_an_estimate():
    run = Run(Experiment(family="gan", dataset="two_moons", config={"width": 16}))
    with torch.no_grad():
        for weights in run.averaged.generator.parameters():
            weights.zero_()  # all samples in one place
    assert np.isfinite(VIEWS["kernels"].measure(Scene(run), False)["density"]).all()


def test_it_comes_in_pieces(learned):
    pieces = list(VIEWS["true_density"].work(learned, False))
    assert len(pieces) > 10
    assert sum(piece is not None for piece in pieces) == 1


def test_the_exact_likelihood_is_drawn_beside_its_cost_and_its_floor():
    run = Run(Experiment(dataset="two_moons", steps=200, config={"width": 32}))
    for _ in follow(run):
        pass
    *_, figure = drained(VIEWS["continuous_likelihood"].measure(Scene(run)))
    exact, estimate, floor = figure.data
    assert exact.x[-1] == 160
    points = run.experiment.data(500, seed=1_000_000)
    assert exact.y[-1] == pytest.approx(-run.log_prob(points).values.mean(), abs=0.01)
    assert exact.y[-1] == pytest.approx(exact.y[-2], abs=0.01), "more steps change nothing"
    assert abs(estimate.y[-1] - exact.y[-1]) < 0.2
    assert 0 < exact.y[-1] - floor.y[0] < 1.5
    assert f"{exact.y[-1] - floor.y[0]:.3f} above the entropy" in figure.layout.title.text
