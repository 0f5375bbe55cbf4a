"""Flow matching against its theory: closed forms for Gaussian data, Lipman et al.'s theorem 2, and the exact field of a
finite data set against a brute force."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from playground.experiment import Experiment
from playground.families import FAMILIES, ideal, paths
from playground.families.flow.flow import Flow
from playground.families.paths import LATEST, STRAIGHT
from playground.families.stratified import spread_evenly
from playground.solvers import solve
from playground.training.pool import TrainingData
from playground.views.law import law_of

MEAN = torch.tensor([1.5, -0.5])
SIGMA = 0.6


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0, dtype=torch.float32) -> torch.Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=dtype)


def expected(x: torch.Tensor, t: torch.Tensor, data: torch.Tensor) -> torch.Tensor:
    """E[x1 | x_t = x]."""
    t = t.clamp(max=LATEST)
    return ideal.posterior_mean(x, t, 1 - t, data, data)


def tiny(**config) -> Flow:
    torch.manual_seed(0)
    return Flow(FAMILIES["flow"].Config(**{"width": 16, "depth": 2, "frequencies": 2} | config))


def gaussian_velocity(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The marginal velocity for data N(m, s²I).

    x_t = (1 − t) x0 + t x1 ~ N(t m, V) with V = (1 − t)² + t² s², and u = x1 − x0 has the covariance t s² − (1 − t)
    with it. So E[u | x_t = x] = m + (t s² − (1 − t)) / V · (x − t m).
    """
    t = t[:, None]
    variance = (1 - t) ** 2 + t**2 * SIGMA**2
    return MEAN.to(x) + (t * SIGMA**2 - (1 - t)) / variance * (x - t * MEAN.to(x))


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


# Guidance.


def test_guided_velocity_by_hand():
    """v(∅) + w (v(c) − v(∅))."""
    flow, x, t = tiny(label="2", guidance=3.0), normal(6, 2), torch.rand(6, generator=seeded())
    rows = torch.zeros(6, 10)
    without = flow.network(x, t, rows)
    rows[:, 2] = 1
    given = flow.network(x, t, rows)
    assert torch.allclose(flow.velocity(x, t), without + 3 * (given - without), atol=1e-6)
    assert torch.equal(tiny(label="2").velocity(x, t), given)
    assert torch.equal(tiny().velocity(x, t), without)
    assert torch.equal(tiny(label="2", label_dropout=1.0).velocity(x, t), without), "it has learned no classes"


def test_a_guided_prediction_is_two_evaluations():
    counts = {(w, c): Flow.evaluations(Flow.Config(guidance=w, label=c)) for w in (1.0, 2.0) for c in ("any", "1")}
    assert counts == {(1.0, "any"): 20, (2.0, "any"): 20, (1.0, "1"): 20, (2.0, "1"): 40}


def test_classes_are_seen_in_training_as_often_as_not_dropped():
    flow, x1, seen = tiny(label_dropout=0.25), normal(4000, 2), []
    flow.network.register_forward_pre_hook(lambda _, given: seen.append(given[2]))
    flow.loss(x1, seeded(), torch.arange(4000) % 4)
    assert torch.equal(seen[0].sum(1).unique(), torch.tensor([0.0, 1.0]))
    assert float(seen[0].sum()) == pytest.approx(3000, abs=140), "five standard deviations"
    kept = seen[0].sum(1) == 1
    assert torch.equal(seen[0].argmax(1)[kept], (torch.arange(4000) % 4)[kept])


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


# The exact field of a finite data set.


def brute_force(x, t, data) -> np.ndarray:
    """The formula as it stands, one place at a time, in float64, with differences that do not cancel."""
    x, t, data = (np.asarray(a, dtype=np.float64) for a in (x, t, data))
    out = []
    for place, time in zip(x, t, strict=True):
        logits = -((place - time * data) ** 2).sum(1) / (2 * (1 - time) ** 2)
        weights = np.exp(logits - logits.max())
        out.append(((weights / weights.sum()) @ data - place) / (1 - time))
    return np.stack(out)


@pytest.mark.parametrize(("t", "tolerance"), [(0.0, 1e-5), (0.3, 1e-5), (0.7, 1e-4), (0.9, 1e-3), (0.98, 0.03)])
@pytest.mark.parametrize("n", [1, 2, 500])
def test_ideal_is_the_brute_force(t, tolerance, n):
    data = 2 * normal(n, 2)
    times = torch.full((200,), t)
    x = STRAIGHT.at(normal(200, 2, seed=1), data[torch.randint(n, (200,), generator=seeded())], times)[0]
    wanted = brute_force(x, times, data)
    assert np.abs(STRAIGHT.exact_velocity(x, times, data).numpy() - wanted).max() < tolerance * max(
        1, np.abs(wanted).max()
    )


def test_ideal_in_double_is_exact_up_to_the_latest_time():
    data = 2 * normal(300, 2, dtype=torch.float64)
    times = torch.linspace(0, LATEST, 300, dtype=torch.float64)
    x = STRAIGHT.at(normal(300, 2, seed=1, dtype=torch.float64), data, times)[0]
    wanted = brute_force(x, times, data)
    assert np.allclose(STRAIGHT.exact_velocity(x, times, data), wanted, rtol=1e-6, atol=1e-6)


def test_ideal_begins_at_the_mean():
    data, x = normal(100, 2) + 1, normal(20, 2, seed=1)
    assert torch.allclose(STRAIGHT.exact_velocity(x, torch.zeros(20), data), data.mean(0) - x, atol=1e-5)


def test_ideal_ends_at_the_data():
    """So late that only one data point can be meant, all that is left of the way is done in the time that is left; and
    the last moment is no division by zero."""
    data = torch.tensor([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.0]])
    x = data + 0.01
    for t in (0.95, 0.99, LATEST, 1.0):
        times = torch.full((3,), t)
        assert torch.allclose(expected(x, times, data), data, atol=1e-4)
        left = 1 - min(t, LATEST)
        assert torch.allclose(STRAIGHT.exact_velocity(x, times, data), (data - x) / left, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("t", [0.0, 0.3, 0.6, 0.9])
def test_ideal_of_much_gaussian_data_is_the_gaussian_field(t):
    data = MEAN + SIGMA * normal(100_000, 2)
    times = torch.full((100,), t)
    x = STRAIGHT.at(normal(100, 2, seed=1), MEAN + SIGMA * normal(100, 2, seed=2), times)[0]
    error = STRAIGHT.exact_velocity(x, times, data) - gaussian_velocity(x, times)
    assert float(error.norm(dim=1).median()) < 0.04  # far out, even so many points are few


def test_following_the_ideal_field_lands_on_the_data():
    """Each of the points, and each about as often as the others."""
    angle = torch.arange(8) * math.pi / 4
    data = 3 * torch.stack([angle.cos(), angle.sin()], dim=1)
    times = 1 - torch.logspace(0, -3, 200)
    ends = solve(lambda x, t: STRAIGHT.exact_velocity(x, t, data), normal(2000, 2), times, "rk4")[-1]
    distance, nearest = torch.cdist(ends, data).min(1)
    assert distance.median() < 0.01
    assert (distance < 0.1).float().mean() > 0.98
    assert np.bincount(nearest, minlength=8) == pytest.approx([250] * 8, abs=75)  # five standard deviations


def test_chunks_change_nothing(monkeypatch):
    data, x, t = normal(300, 2), normal(101, 2, seed=1), torch.rand(101, generator=seeded())
    whole = STRAIGHT.exact_velocity(x, t, data)
    for chunk in (1, 300, 1000, 7 * 300):
        monkeypatch.setattr(ideal, "CHUNK", chunk)
        assert torch.allclose(STRAIGHT.exact_velocity(x, t, data), whole, rtol=1e-4, atol=1e-5)


# Sampling.


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
