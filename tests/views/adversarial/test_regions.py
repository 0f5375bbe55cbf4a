"""Where data have no modes: coverage and density stand beside what samples of their law score, and no mode is named."""

import numpy as np
import pytest

from playground import Experiment, Run
from playground.data import Drawing, NamedSet
from playground.metrics.gan_collapse import Finding, Measurement
from playground.race import judging
from playground.scene import perfect
from playground.scene.scene import Scene
from playground.training.likelihood import at_once
from playground.views.adversarial.alert import _sentence
from playground.views.adversarial.coverage import bands, known


def drawing(name: str, n: int, seed: int) -> Drawing:
    points, _ = NamedSet(name=name).distribution.sample(n, np.random.default_rng(seed))
    return Drawing(points=points, on_canvas=False)


def naeem(data: np.ndarray, samples: np.ndarray, k: int = 5) -> tuple[float, float]:
    """Coverage and density, straight from equations 3 and 4."""
    apart = np.linalg.norm(data[:, None] - data, axis=2)
    inside = np.linalg.norm(data[:, None] - samples, axis=2) <= np.sort(apart, axis=1)[:, [k]]
    return inside.any(1).mean(), inside.sum() / (k * len(samples))


def scores(dataset, law, draws: int, seed: int = 0) -> np.ndarray:
    """Coverage and density (draws, 2) of fresh samples of the law, beside what the page compares them with."""
    around, rng = known(dataset), np.random.default_rng(seed)
    data = around.balls.points.numpy()
    return np.array(
        [naeem(data, dataset.normalizer.to_canvas(law.sample(around.samples, rng)[0])) for _ in range(draws)]
    )


@pytest.mark.parametrize("name", ["heart", "pinwheel", "swiss_roll", "circles"])
def test_nine_perfect_samples_in_ten_are_in_the_bands_of_a_curve(name):
    dataset = NamedSet(name=name)
    for found, (_, low, high) in zip(scores(dataset, dataset.distribution, 60).T, bands(dataset).values(), strict=True):
        assert np.mean((low <= found) & (found <= high)) >= 0.7


@pytest.mark.parametrize(("name", "n"), [("two_moons", 200), ("heart", 300), ("far_outlier", 1000)])
def test_the_bands_of_a_drawing_are_those_of_its_law(name, n):
    """With points that come twice, coverage was .07 at 200 points, where samples of the law have .97."""
    law, means, inside = NamedSet(name=name).distribution, [], []
    for seed in range(5):
        one = drawing(name, n, seed)
        found, ends = scores(one, law, 10), bands(one)
        means.append([*found.mean(0), *(band.mean for band in ends.values())])
        inside += [(low <= found[:, i]) & (found[:, i] <= high) for i, (_, low, high) in enumerate(ends.values())]
    coverage, density, coverage_expected, density_expected = np.mean(means, axis=0)
    assert coverage == pytest.approx(coverage_expected, abs=0.02)
    assert density == pytest.approx(density_expected, abs=0.06)
    assert np.mean(inside) >= 0.7


def test_a_blob_in_the_middle_of_a_drawn_circle_is_far_below():
    one, rng = drawing("circles", 400, 0), np.random.default_rng(1)
    data = known(one).balls.points.numpy()
    coverage, density = naeem(data, rng.normal(size=(known(one).samples, 2)) * 0.3)
    assert coverage < bands(one)["coverage"].low - 0.3
    assert density < bands(one)["density"].low - 0.3


@pytest.mark.parametrize("points", [[[0, 0], [1, 1]], [[0, 0], [1, 0], [0, 1]] * 3])
def test_a_few_points_are_their_own_law(points):
    one = Drawing(points=points, on_canvas=False)
    found = bands(one)
    assert found["coverage"] == pytest.approx((1, 1, 1))
    assert found["density"].low <= found["density"].mean <= found["density"].high < 10


def test_a_race_on_a_drawing_is_judged_by_points_that_differ():
    law = NamedSet(name="heart").distribution
    one = drawing("heart", 300, 3)
    ends = judging.bands(one, None)
    rng, found = np.random.default_rng(0), []
    for _ in range(10):
        samples = one.normalizer.to_canvas(law.sample(1500, rng)[0]).astype(np.float32)
        data = map(one.normalizer.to_canvas, perfect.references(one, None, judging.POINTS, replace=False))
        found.append(at_once(judging._compared(samples, data, one.normalizer.scale)))
    for name in ("precision", "recall", "density", "coverage"):
        mean, _, _ = ends[name]
        assert np.mean([one[name] for one in found]) == pytest.approx(mean, abs=0.06)


def test_points_of_a_drawing_that_are_compared_come_once():
    one = drawing("two_moons", 4000, 0)
    data = list(perfect.references(one, None, 750, replace=False))
    assert [len(x) for x in data] == [750, 750]
    assert len(np.unique(np.concatenate(data), axis=0)) == 1500
    trial = next(perfect.trials(one, None, n=750, replace=False))
    both = np.concatenate([trial.sample, *trial.references])
    assert len(np.unique(both, axis=0)) == len(both)


def test_no_mode_is_named_where_there_are_none():
    shares = np.array([0.5, 0.5, 0.0])
    now = Measurement(90, shares, shares > 0, np.full(3, 1 / 3), 1.0, 1.0, 0.5, 0.0, 1.0)
    finding = Finding("mode dropping", 80, 70, "The generator has given up modes: it holds 2 of 3.")
    for name, said in (("heart", "it covers 2 of 3 regions."), ("ring", "it holds 2 of 3. Given up: 3.")):
        scene = Scene(Run(Experiment(family="gan", dataset=name, steps=1, config={"width": 16})))
        assert _sentence(scene, finding, now).endswith(said)
        assert ("mode" in _sentence(scene, finding, now)) == (name == "ring")
