"""What held-out data score beside the training data: fresh points of a law, and each point of a drawing in turn."""

import numpy as np
import pytest

from playground import Experiment, Run
from playground.data import Drawing, NamedSet
from playground.scene.scene import Scene
from playground.views.time.memorisation import Nearest


def shown(dataset, **settings) -> float:
    run = Run(Experiment(family="diffusion", dataset=dataset, steps=1, **settings))
    return Nearest().floors(Scene(run))["nearest"]


def nearest(places: np.ndarray, known: np.ndarray) -> float:
    return float(np.linalg.norm(places[:, None] - known, axis=2).min(1).mean())


@pytest.mark.parametrize("name", ["two_moons", "ring"])
@pytest.mark.parametrize("settings", [{}, {"data_points": 300}])
def test_of_a_drawing_it_is_that_of_fresh_points_of_its_law(name, settings):
    """Its own points, which the model is trained on, would score 0."""
    law = NamedSet(name=name).distribution
    found, expected = [], []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        points, _ = law.sample(600, rng)
        found.append(shown(Drawing(points=points, on_canvas=False), **settings))
        expected.append(nearest(law.sample(500, rng)[0], points[: settings.get("data_points", 600)]))
    assert np.mean(found) == pytest.approx(np.mean(expected), rel=0.15)


def test_of_points_in_the_order_of_their_classes():
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(place, 0.2, (3000, 2)) for place in ([0, 0], [6, 0], [3, 6])])
    one = Drawing(points=points, labels=np.repeat([0, 1, 2], 3000), on_canvas=False)
    fresh = np.concatenate([rng.normal(place, 0.2, (200, 2)) for place in ([0, 0], [6, 0], [3, 6])])
    known = points[rng.permutation(9000)[:4096]]
    assert shown(one) == pytest.approx(nearest(fresh, known), rel=0.15)
    assert shown(one, config={"label": "1"}) == pytest.approx(nearest(fresh[200:400], known), rel=0.15)


def test_distances_between_near_points_are_exact():
    """The ring's points are some .004 apart on the canvas."""
    assert shown(Drawing(points=[[0, 0], [0, 1e-3], [3, 3], [3, 3.001]], on_canvas=True)) == pytest.approx(
        1e-3, rel=1e-3
    )
