"""Mean flow against the closed form of a Gaussian, and what one step of it is worth."""

import pytest
import torch
from pydantic import ValidationError

from playground import Experiment, Run, fit
from playground.families.flow import mean_flow
from playground.families.flow.flow import Flow
from playground.metrics.distances import sliced_wasserstein
from tests.families.draws import seeded

MEAN = torch.tensor([1.5, -0.5], dtype=torch.float64)
SIGMA = 0.6


def variance(t: torch.Tensor) -> torch.Tensor:
    return ((1 - t) ** 2 + t**2 * SIGMA**2)[:, None]


def velocity(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The marginal velocity of the straight path from N(0, I) to N(m, s² I)."""
    time = t[:, None]
    return MEAN + (time * SIGMA**2 - (1 - time)) / variance(t) * (x - time * MEAN)


def average(x: torch.Tensor, t: torch.Tensor, s: torch.Tensor) -> torch.Tensor:
    """Along the flow, x_t = t m + √V_t z with the same z at all times: u = (x_s − x_t) / (s − t)."""
    ends = s[:, None] * MEAN + (variance(s) / variance(t)).sqrt() * (x - t[:, None] * MEAN)
    return (ends - x) / (s - t)[:, None]


@pytest.fixture
def places() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    g = seeded()
    t = torch.rand(4000, generator=g, dtype=torch.float64)
    x = t[:, None] * MEAN + variance(t).sqrt() * torch.randn(4000, 2, generator=g, dtype=torch.float64)
    return x, t, t + (1 - t) * (0.1 + 0.9 * torch.rand(4000, generator=g, dtype=torch.float64))


def test_the_exact_average_velocity_obeys_the_identity(places):
    x, t, s = places
    assert float(mean_flow.loss(average, x, t, s, velocity(x, t))) < 1e-20
    assert float(mean_flow.loss(lambda *at: 1.02 * average(*at), x, t, s, velocity(x, t))) > 1e-4


def test_it_is_a_stationary_point_with_conditional_velocities_too(places):
    """The objective of the paper. The gradient along any direction of change has mean zero: within five standard errors
    for a shift, a scale and one that changes over time; the same directions move a wrong model by far more."""
    _, t, s = places
    g = seeded(1)
    x0 = torch.randn(4000, 2, generator=g, dtype=torch.float64)
    x1 = MEAN + SIGMA * torch.randn(4000, 2, generator=g, dtype=torch.float64)
    x = (1 - t)[:, None] * x0 + t[:, None] * x1

    def z_scores(factor: float) -> list[float]:
        u, rate = torch.func.jvp(
            lambda *at: factor * average(*at), (x, t, s), (x1 - x0, torch.ones_like(t), torch.zeros_like(s))
        )
        error = u - (x1 - x0 + (s - t)[:, None] * rate)
        directions = (torch.ones_like(x), x, t[:, None] * x)
        products = [(error * direction).sum(1) for direction in directions]
        return [float(p.mean().abs() / (p.std() / len(p) ** 0.5)) for p in products]

    assert max(z_scores(1.0)) < 5
    assert max(z_scores(1.5)) > 10


def test_at_equal_times_it_is_the_velocity():
    """Then the loss is flow matching's own."""
    x, t, v = torch.randn(50, 2, generator=seeded()), torch.rand(50, generator=seeded()), torch.ones(50, 2)
    network = mean_flow.AverageNetwork(Flow.Config(width=8, depth=1), (2,))
    rows = torch.zeros(50, 10)
    found = mean_flow.loss(lambda x, t, s: network(x, t, s, rows), x, t, t, v)
    assert float(found.detach()) == pytest.approx(float((network(x, t, t, rows) - v).square().mean().detach()))


def test_steps_of_the_exact_average_velocity_are_exact():
    x = torch.randn(50, 2, generator=seeded(), dtype=torch.float64)
    for grid in (torch.tensor([0.0, 1.0]), torch.tensor([0.0, 0.3, 0.5, 1.0])):
        ends = mean_flow.trajectory(average, x, grid)
        assert len(ends) == len(grid)
        assert torch.allclose(ends[-1], MEAN + SIGMA * x)


def test_times_of_training():
    t = torch.rand(20_000, generator=seeded())
    s = mean_flow.later(t, seeded(1))
    assert ((s >= t) & (s <= 1)).all()
    assert float((s > t).float().mean()) == pytest.approx(mean_flow.APART, abs=0.016)
    assert float(((s - t) / (1 - t))[s > t].mean()) == pytest.approx(0.5, abs=0.012)


# As a second player.


def test_without_it_nothing_changes():
    """Its network comes after the flow's, which begins with the same weights."""
    runs = [Run(Experiment(steps=3, config={"width": 16, "depth": 2, "mean_flow": one})) for one in ("off", "on")]
    assert [len(run.family.players()) for run in runs] == [1, 2]
    assert runs[0].family.average is None
    for name, weights in runs[0].family.state_dict().items():
        assert torch.equal(weights, runs[1].family.state_dict()[name])


def test_its_loss_stands_beside_the_flows():
    run = fit(Experiment(steps=3, config={"width": 16, "depth": 2, "mean_flow": "on"}))
    assert run.snapshot().scalars.keys() == {"loss", "map_loss"}


@torch.no_grad()
def test_one_step_is_one_evaluation():
    config = Flow.Config(width=16, depth=2, mean_flow="on", solver="mean_flow", solver_steps=1)
    assert Flow.evaluations(config) == 1
    flow, z = Flow(config), torch.randn(5, 2, generator=seeded())
    calls = []
    flow.average.register_forward_hook(lambda *_: calls.append(1))
    flow.network.register_forward_hook(lambda *_: calls.append("a velocity"))
    ends = flow.trajectory(z)[-1]
    assert calls == [1]
    assert torch.allclose(ends, z + flow.average_velocity(z, torch.zeros(5), torch.ones(5)))
    assert flow.trajectory(ends, torch.tensor([1.0, 0.0])).shape == (2, 5, 2), "back, by the velocity"


def test_it_must_be_learned_to_be_sampled():
    with pytest.raises(ValidationError, match="must be learned"):
        Experiment(config={"solver": "mean_flow"})


@pytest.mark.training
def test_one_step_of_it_beats_one_euler_step_by_far():
    run = fit(Experiment(dataset="two_moons", steps=700, config={"width": 32, "batch_size": 256, "mean_flow": "on"}))
    data = torch.from_numpy(run.experiment.data(1500, seed=9))
    found = []
    for solver in ("euler", "mean_flow"):
        run.edit(solver=solver, solver_steps=1)
        found.append(float(sliced_wasserstein(torch.from_numpy(run.sample(1500, seed=1)).to(data), data)))
    assert found[1] < found[0] / 3  # over three seeds a seventh
