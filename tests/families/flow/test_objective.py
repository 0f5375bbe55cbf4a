"""Flow matching's path and objective: closed forms for Gaussian data, and Lipman et al.'s theorem 2."""

import dataclasses
import math

import pytest
import torch

from playground.experiment import Experiment
from playground.families import ideal, paths
from playground.families.paths import STRAIGHT
from playground.families.stratified import spread_evenly
from playground.training.pool import TrainingData
from playground.views.law import law_of
from tests.families.draws import normal, seeded
from tests.families.flow.models import MEAN, SIGMA, gaussian_velocity, tiny

# The path.


def test_path_ends_where_it_should():
    x0, x1 = normal(9, 2), normal(9, 2, seed=1)
    for t, end in ((0.0, x0), (1.0, x1), (0.5, (x0 + x1) / 2)):
        x, u = STRAIGHT.at(x0, x1, torch.full((9,), t))
        assert torch.allclose(x, end, atol=1e-7)
        assert torch.equal(u, x1 - x0)


def test_path_moves_as_fast_as_it_says():
    x0, x1, t = normal(9, 2).double(), normal(9, 2, seed=1).double(), torch.rand(9, generator=seeded()).double()
    ahead, behind = STRAIGHT.at(x0, x1, t + 1e-3)[0], STRAIGHT.at(x0, x1, t - 1e-3)[0]
    assert torch.allclose((ahead - behind) / 2e-3, STRAIGHT.at(x0, x1, t)[1])


# The objective.


@pytest.mark.parametrize("t", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_the_marginal_velocity_minimises_the_regression(t):
    """For Gaussian data the minimiser is linear, so least squares of u_t on (x_t, 1) must find it; with a million pairs
    the standard error of a coefficient is below 0.003."""
    n = 1_000_000
    x0, x1 = normal(n, 2, dtype=torch.float64), MEAN.double() + SIGMA * normal(n, 2, seed=1, dtype=torch.float64)
    x_t, u_t = STRAIGHT.at(x0, x1, torch.full((n,), t, dtype=torch.float64))
    design = torch.cat([x_t, torch.ones(n, 1, dtype=torch.float64)], dim=1)
    found = torch.linalg.solve(design.T @ design, design.T @ u_t)
    probes = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    exact = gaussian_velocity(probes, torch.full((3,), t, dtype=torch.float64))
    assert torch.allclose(torch.cat([probes, torch.ones(3, 1)], dim=1) @ found, exact, atol=0.015)


def test_loss_floor_of_gaussian_data():
    """The loss that remains is Var[u | x_t] = s² / ((1 − t)² + t² s²), which integrates over t to π s / 2."""
    law = ideal.MixtureDensity(MEAN[None].double(), torch.tensor([SIGMA]).double(), torch.ones(1).double())
    assert tiny().loss_floor(law, spread_evenly(4096, 4)) == pytest.approx(math.pi * SIGMA / 2, rel=1e-3)


def test_loss_floor_of_eight_gaussians():
    """Measured independently: 2.071. Of points drawn from them, it would be too low: they leave less to guess."""
    law, estimated = law_of(TrainingData.of(Experiment(family="flow", dataset="eight_gaussians")))
    assert not estimated
    unseen = tiny(label_dropout=1.0)
    places = spread_evenly(16_384, 4)
    assert unseen.loss_floor(law, places) == pytest.approx(2.071, abs=0.001)
    memorised = ideal.points(law.draw(torch.rand(1000, 3, generator=seeded(1), dtype=torch.float64))[0])
    assert unseen.loss_floor(memorised, places) < 2.03


def test_loss_floor_where_classes_are_seen():
    """Two far Gaussians, a class each: whoever sees the class has only that of one Gaussian left, π s / 2."""
    means = torch.tensor([[3.0, 0.0], [-3.0, 0.0]], dtype=torch.float64)
    law = ideal.MixtureDensity(
        means, torch.full((2,), SIGMA).double(), torch.full((2,), 0.5).double(), torch.tensor([0, 1])
    )
    hidden, half, seen = (tiny(label_dropout=d).loss_floor(law, spread_evenly(8192, 4)) for d in (1.0, 0.5, 0.0))
    assert seen == pytest.approx(math.pi * SIGMA / 2, rel=5e-3)
    assert half == pytest.approx((hidden + seen) / 2)
    assert hidden > 1.5 * seen


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(STRAIGHT, law=lambda p: p**2),
        paths.Path(
            alpha=lambda t: (t * math.pi / 2).sin(),
            sigma=lambda t: (t * math.pi / 2).cos(),
            alpha_rate=lambda t: math.pi / 2 * (t * math.pi / 2).cos(),
            sigma_rate=lambda t: -math.pi / 2 * (t * math.pi / 2).sin(),
        ),
    ],
    ids=["another law of t", "a trigonometric path"],
)
def test_another_path_has_another_floor_which_its_exact_velocity_reaches(other):
    """One object holds loss, exact velocity and floor together."""
    data = 0.3 * normal(400, 2)
    flow = tiny()
    flow.path = other
    flow.network.forward = lambda x, t, classes: other.exact_velocity(x, t, data)  # type: ignore[method-assign]
    batch = data[torch.randint(400, (20_000,), generator=seeded(1))]
    floor = flow.loss_floor(ideal.points(data.double()), spread_evenly(8192, 4))
    assert float(flow.loss(batch, seeded(3))) == pytest.approx(floor, rel=0.05)
    assert floor != pytest.approx(tiny().loss_floor(ideal.points(data.double()), spread_evenly(8192, 4)), rel=0.1)


def test_loss_is_the_mean_squared_error_of_the_regression():
    flow, x1 = tiny(), normal(50, 2, seed=3)
    g = seeded(4)
    x0, t = torch.randn(50, 2, generator=g), (torch.arange(50) + torch.rand(50, generator=g)) / 50
    error = flow.velocity((1 - t)[:, None] * x0 + t[:, None] * x1, t) - (x1 - x0)
    assert float(flow.loss(x1, seeded(4)).detach()) == pytest.approx(float((error**2).sum().detach()) / 100, rel=1e-6)


@pytest.fixture(scope="module")
def theorem_2():
    """Gradients of the conditional and of the marginal regression on five data points, at the same (x_t, t), in 64
    chunks of 4,000: (64, parameters) each, in float64."""
    data = torch.tensor([[2.0, 1.0], [-2.0, 0.5], [0.0, -2.0], [1.0, 2.0], [-1.0, -1.0]], dtype=torch.float64)
    flow = tiny().double()
    parameters = list(flow.parameters())

    def gradient(error: torch.Tensor) -> torch.Tensor:
        return torch.cat([g.flatten() for g in torch.autograd.grad(error.square().mean(), parameters)])

    conditional, marginal = [], []
    for chunk in range(64):
        g = seeded(chunk)
        x1 = data[torch.randint(5, (4000,), generator=g)]
        x0 = torch.randn(4000, 2, generator=g, dtype=torch.float64)
        t = 0.98 * torch.rand(4000, generator=g, dtype=torch.float64)  # short of where the exact field is cut off
        x_t, u_t = STRAIGHT.at(x0, x1, t)
        conditional.append(gradient(flow.velocity(x_t, t) - u_t))
        marginal.append(gradient(flow.velocity(x_t, t) - STRAIGHT.exact_velocity(x_t, t, data)))
    used = torch.stack(marginal).abs().sum(0) > 0  # not the weights of classes, of which there are none
    return torch.stack(conditional)[:, used], torch.stack(marginal)[:, used]


def test_both_objectives_have_the_same_gradient(theorem_2):
    """Lipman et al., theorem 2. The difference has mean zero: over 64 chunks each of several hundred parameters stays
    within 5 standard errors of it, and together they scatter as standard normals do."""
    conditional, marginal = theorem_2
    difference = conditional - marginal
    z = difference.mean(0) / (difference.std(0) / 8)
    assert z.abs().max() < 5
    assert 0.5 < float(z.square().mean()) < 2
    mean = marginal.mean(0)
    assert float(difference.mean(0).norm() / mean.norm()) < 0.02, "beside the gradient itself, it is nothing"


def test_and_that_test_could_fail(theorem_2):
    """A target that is wrong by 5% is told apart: by far more than 5 standard errors."""
    conditional, marginal = theorem_2
    difference = conditional - 1.05 * marginal
    assert (difference.mean(0) / (difference.std(0) / 8)).abs().max() > 8
