"""Few steps of a flow's solver: where they are, and what they are worth."""

import json

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.scene import Scene
from playground.solvers import solve, step_times
from playground.training.likelihood import at_once
from playground.views import VIEWS, figures, layers
from playground.views.time.quality_against_nfe import EVALUATIONS

SMALL = {"width": 16, "depth": 2}


def scene_of(**config) -> Scene:
    scene = Scene(Run(Experiment(dataset="two_moons", config=SMALL | config)))
    scene.renew(whole=True)
    return scene


def test_dopri5_steps_are_short_where_the_field_turns():
    """Along dx/dt = 30 x⊥ for t < ½, and then at rest: the steps' density tells where it turned."""

    def field(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        turned = 30 * torch.stack([-x[:, 1], x[:, 0]], dim=1)
        return turned * torch.sigmoid((0.5 - t) * 200)[:, None]

    x = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    times = step_times(field, x, torch.linspace(0, 1, 3), "dopri5")
    assert times[0] == 0
    assert times[-1] == 1
    assert (times.diff() > 0).all()
    assert (times < 0.6).sum() > 4 * (times > 0.6).sum()
    ends = [solve(field, x, grid, "dopri5")[-1] for grid in (times, torch.tensor([0.0, 1.0]))]
    assert torch.allclose(*ends, atol=1e-3), "they are points of the same solution"
    assert torch.equal(step_times(field, x, torch.linspace(0, 1, 5), "rk4"), torch.linspace(0, 1, 5))


def test_steps_backwards_in_time():
    times = step_times(lambda x, t: x, torch.ones(3, 2), torch.tensor([1.0, 0.0]), "dopri5")
    assert times[0] == 1
    assert times[-1] == 0
    assert (times.diff() < 0).all()


@pytest.mark.parametrize("solver", ["euler", "rk4", "dopri5"])
def test_the_marks_are_on_the_paths(solver):
    scene = scene_of(solver=solver, solver_steps=7)
    marks = VIEWS["solver_steps"].measure(scene, True)["xy"].reshape(-1, scene.paths.shape[1], 2)
    assert np.allclose(marks[0], scene.paths[0])
    assert np.allclose(marks[-1], scene.paths[-1], atol=2e-3)
    if solver != "dopri5":
        assert np.allclose(marks, scene.paths, atol=1e-6)


def test_only_what_has_a_solver_has_its_steps():
    assert "solver_steps" in layers(scene_of().model)
    assert "solver_steps" not in layers(Run(Experiment(family="diffusion", config=SMALL)).family)


def test_solvers_against_their_cost():
    scene = scene_of()
    assert "solvers_against_nfe" in figures(scene.model)
    assert "quality_against_nfe" not in figures(scene.model)
    figure = json.loads(at_once(VIEWS["solvers_against_nfe"].measure(scene)).to_json())
    lines = {trace["name"]: trace for trace in figure["data"]}
    assert lines["Euler"]["x"] == list(EVALUATIONS)
    assert lines["RK4"]["x"] == [n for n in EVALUATIONS if n % 4 == 0]
    assert lines["your choice"]["x"] == [20]
    assert lines["your choice"]["y"][0] == pytest.approx(lines["midpoint"]["y"][lines["midpoint"]["x"].index(20)])
    assert figure["layout"]["annotations"][0]["text"].startswith("bending of paths")
