"""Sampling from a flow: its trajectories, there and back, and how near a trained field is to the exact one."""

import pytest
import torch

from playground.families.flow.flow import Flow
from playground.families.paths import STRAIGHT
from tests.families.draws import normal, seeded
from tests.families.flow.models import tiny


@torch.no_grad()
@pytest.mark.parametrize("solver", ["euler", "midpoint", "heun", "rk4", "dopri5"])
def test_trajectories_begin_at_the_noise_and_end_at_the_samples(solver):
    flow = tiny(solver=solver, solver_steps=7)
    way = flow.trajectory(flow.noise(11, seeded()))
    assert way.shape == (8, 11, 2)
    assert torch.equal(way[0], torch.randn(11, 2, generator=seeded()))
    assert torch.equal(way[-1], flow.sample(11, seeded()))


@torch.no_grad()
def test_one_euler_step_by_hand():
    flow, z = tiny(solver="euler", solver_steps=1), normal(6, 2)
    assert torch.allclose(flow.trajectory(z)[-1], z + flow.velocity(z, torch.zeros(6)))


@torch.no_grad()
@pytest.mark.parametrize(("solver", "tolerance"), [("rk4", 1e-4), ("dopri5", 0.02)])
def test_forwards_and_back_again(moons, solver, tolerance):
    flow = Flow(moons.averaged.config.model_copy(update={"solver": solver, "solver_steps": 100}))
    flow.load_state_dict(moons.averaged.state_dict())
    flow = flow.double()
    z = normal(200, 2, dtype=torch.float64)
    ends = flow.trajectory(z)[-1]
    again = flow.trajectory(ends, flow.times().flip(0))[-1]
    assert float((again - z).norm(dim=1).quantile(0.95)) < tolerance
    assert float((ends - z).norm(dim=1).mean()) > 0.5, "there was a way to go"


@torch.no_grad()
def test_a_trained_field_is_near_the_exact_one(moons):
    """Where the paths are, halfway through the time."""
    data = moons.pool[:5000]
    t = torch.full((1000,), 0.5)
    x = STRAIGHT.at(normal(1000, 2), data[:1000], t)[0]
    exact = STRAIGHT.exact_velocity(x, t, data)
    error = (moons.averaged.velocity(x, t) - exact).square().mean()
    assert error < 0.05 * exact.square().mean()
