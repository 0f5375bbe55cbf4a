"""What can be asked gets an answer that fits together; what can't, one sentence."""

import json
import math

import numpy as np
import pytest
import torch

from playground.messages import explain
from playground.questions import answer, check, in_pieces
from playground.scene import Scene
from playground.training.run import Run
from playground.views.common.distance import distance

SOLVERS = ["euler", "midpoint", "heun", "rk4", "dopri5"]


def with_solver(moons, solver: str, steps: int = 10) -> Scene:
    """The trained moons, followed by another solver."""
    run = Run(moons.experiment)
    run.averaged.load_state_dict(moons.averaged.state_dict())
    run.edit(solver=solver, solver_steps=steps)
    return Scene(run)


@pytest.mark.parametrize("t", [0.0, 0.1, 0.3, 0.35, 0.7, 0.9, 1.0])
@pytest.mark.parametrize("solver", SOLVERS)
def test_a_trace_passes_through_its_place(moons, solver, t):
    scene = with_solver(moons, solver)
    x = moons.normalizer.from_canvas(np.array([0.5, -0.3])).tolist()
    found = answer(scene, {"ask": "trace", "x": x, "t": t})
    times, path = found["times"], np.array(found["path"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert len(times) == len(path) == 11 + (round(10 * t) != 10 * t)
    assert (times[0], times[-1]) == (0, 1)
    assert np.all(np.diff(times) > 0)
    here = int(np.argmin(np.abs(np.array(times) - t)))
    assert times[here] == pytest.approx(t, abs=1e-5)
    assert path[here] == pytest.approx(x, abs=1e-4)
    assert (found["x"], found["t"]) == (x, t)


@torch.no_grad()
def test_a_trace_speaks_the_datas_own_coordinates(moons):
    scene = with_solver(moons, "rk4", 100)
    normalizer = moons.normalizer
    z = torch.tensor([[0.8, -0.4]])
    there = scene.model.trajectory(z)[:, 0].numpy()
    found = answer(scene, {"ask": "trace", "x": normalizer.from_canvas(z[0]).tolist(), "t": 0})
    assert np.allclose(found["path"], normalizer.from_canvas(there), atol=1e-3)
    velocity = scene.model.velocity(z, torch.zeros(1))[0].numpy() / normalizer.scale
    assert np.allclose(found["velocity"], velocity, atol=1e-4)
    first = (np.array(found["path"][1]) - found["path"][0]) / (found["times"][1] - found["times"][0])
    assert np.allclose(first, velocity, atol=0.1 * np.linalg.norm(velocity) + 0.02)


def test_where_a_trace_ends_one_can_trace_back(moons):
    scene = with_solver(moons, "rk4", 100)
    forth = answer(scene, {"ask": "trace", "x": [0.2, 0.1], "t": 0.5})
    back = answer(scene, {"ask": "trace", "x": forth["path"][-1], "t": 1.0})
    assert np.allclose(back["path"][50], [0.2, 0.1], atol=0.01)


def test_samples(scene):
    found = answer(scene, {"ask": "sample", "n": 7, "seed": 3})
    assert np.allclose(found["samples"], scene.run.sample(7, seed=3), atol=1e-5)
    assert np.shape(answer(scene, {"ask": "sample"})["samples"]) == (1000, 2)


def test_defaults_are_filled_in():
    assert check({"ask": "trace", "x": [1, 2]}) == {"ask": "trace", "x": [1, 2], "t": 1}


HOSTILE = [
    None,
    3,
    "trace",
    [],
    {},
    {"ask": None},
    {"ask": "nope"},
    {"ask": ["trace"]},
    {"ask": {}},
    {"ask": "__class__"},
    {"ask": "x" * 10**6},
    {"ask": "trace"},
    {"ask": "trace", "x": None},
    {"ask": "trace", "x": 3},
    {"ask": "trace", "x": "ab"},
    {"ask": "trace", "x": [1]},
    {"ask": "trace", "x": [1, 2, 3]},
    {"ask": "trace", "x": [math.nan, 0]},
    {"ask": "trace", "x": [math.inf, 0]},
    {"ask": "trace", "x": [1e30, 0]},
    {"ask": "trace", "x": [10**400, 0]},
    {"ask": "trace", "x": [[1], [2]]},
    {"ask": "trace", "x": [0, 0], "t": 1.1},
    {"ask": "trace", "x": [0, 0], "t": -1},
    {"ask": "trace", "x": [0, 0], "t": math.nan},
    {"ask": "trace", "x": [0, 0], "t": True},
    {"ask": "trace", "x": [0, 0], "nope": 1},
    {"ask": "trace", "x": [0, 0], 1: 1},
    {"ask": "probe"},
    {"ask": "probe", "x": [math.nan, 0]},
    {"ask": "probe", "x": [0, 0], "t": 2},
    {"ask": "judge"},
    {"ask": "judge", "x": [math.nan, 0]},
    {"ask": "judge", "x": [0, 0], "t": 2},
    {"ask": "origin", "x": "ab"},
    {"ask": "origin", "x": [1e30, 0]},
    {"ask": "generate", "x": [5, 0]},
    {"ask": "generate", "x": [0, math.inf]},
    {"ask": "generate", "x": [0, 0, 0]},
    {"ask": "generate", "x": [0, 0], "panel": 1},
    {"ask": "sample", "n": 0},
    {"ask": "sample", "n": 10**9},
    {"ask": "sample", "n": 1.5},
    {"ask": "sample", "n": True},
    {"ask": "sample", "seed": -1},
    {"ask": "sample", "seed": 2**40},
]


@pytest.mark.parametrize("question", HOSTILE, ids=lambda q: repr(q)[:50])
def test_hostile_questions(scene, question):
    for hear in (check, lambda question: answer(scene, question)):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 (ValidationError is one)
            hear(question)
        sentence = explain(caught.value) if hasattr(caught.value, "errors") else str(caught.value)
        assert sentence.endswith(".")
        assert sentence.isprintable()
        assert len(sentence) < 300, "it may name all questions"


@pytest.mark.parametrize("x", [[1e9, -1e9], [0, 0]])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("ask", ["trace", "probe"])
def test_far_away_places_get_an_answer(moons, solver, x, ask):
    found = answer(with_solver(moons, solver), {"ask": ask, "x": x, "t": 0.5})
    assert len(found["path"]) == 11
    json.dumps(found, allow_nan=False)


def test_a_family_without_paths_says_so(moons):
    scene = Scene(moons)
    scene.run = type("Bare", (), {"averaged": object(), "experiment": moons.experiment})()
    with pytest.raises(ValueError, match="can't answer"):
        answer(scene, {"ask": "trace", "x": [0, 0]})


def test_the_distance_of_a_model_at_rest_is_that_of_several_samples(moons):
    """In pieces, none of which makes more samples than a live frame."""
    scene, pieces = Scene(moons), 0
    going = in_pieces(scene, {"ask": "distance"})
    try:
        while True:
            next(going)
            pieces += 1
    except StopIteration as end:
        told = end.value
    assert told["step"] == moons.step
    assert pieces >= 4 * scene.count / 100
    single = [distance(scene, moons.averaged.sample(scene.count, torch.Generator().manual_seed(i))) for i in range(12)]
    error = np.std(single) * np.hypot(1 / 2, 1 / np.sqrt(12))
    assert told["scalars"]["distance"] == pytest.approx(np.mean(single), abs=4 * error)
    scene.see(scene.look.model_copy(update={"noise_draw": 5}))
    assert answer(scene, {"ask": "distance"}) == told, "whatever samples are shown"
