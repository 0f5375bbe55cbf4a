"""The paths of flow matching: their rates are derivatives, their exact fields reach their floors and carry the noise
onto Gaussian data whose density is known, and a drawn path is the curve that scipy draws."""

import math

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from scipy.interpolate import PchipInterpolator

from playground.families import FAMILIES, continuous, ideal
from playground.families.diffusion.schedules import linear
from playground.families.flow.curves import DIFFUSION, pchip
from playground.families.flow.flow import Flow
from playground.families.flow.settings import FlowConfig, curves
from playground.families.gaussian import log_normal
from playground.families.paths import LATEST, STRAIGHT, Path, independent
from playground.families.stratified import spread_evenly
from playground.solvers import solve
from playground.training.likelihood import at_once
from tests.families.draws import seeded

PATHS = {
    "straight": {},
    "sigma_min": {"sigma_min": 0.1},
    "trigonometric": {"path": "trigonometric"},
    "eased": {"path": "eased"},
    "diffusion": {"path": "diffusion"},
    "variance_exploding": {"path": "variance_exploding"},
    "variance_exploding, wide": {"path": "variance_exploding", "sigma_max": 9.0, "sigma_min": 0.2},
    "drawn": {"path": "drawn", "drawn_path": "0.1,0.15,0.9;1.1,0.4,0.3"},
    "late": {"times": "late"},
    "diffusion, the middle": {"path": "diffusion", "times": "middle"},
    "drawn, back and forth": {"path": "drawn", "drawn_path": "0.6,0.2,0.8;0.5,0.9,0.2"},
}

MEAN, SIGMA = torch.tensor([0.8, -0.5]), 0.6


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64)


@pytest.fixture(params=PATHS)
def flow(request) -> Flow:
    torch.manual_seed(0)
    return Flow(FlowConfig(width=16, depth=2, frequencies=2, **PATHS[request.param]))


@pytest.fixture
def path(flow) -> Path:
    return flow.path


def test_training_sees_the_times_that_its_setting_names():
    """As many below each time as the distribution's closed form says."""
    p = torch.linspace(0, 1, 1001, dtype=torch.float64)[:-1]
    t = {times: Flow(FlowConfig(times=times)).path.law(p) for times in ("uniform", "middle", "late")}
    assert torch.equal(t["uniform"], p)
    assert torch.allclose(torch.special.ndtr(torch.logit(t["middle"])), p), "its logit is normal"
    assert torch.allclose(1 - (1 - t["late"]).sqrt(), p)
    assert torch.equal(Flow(FlowConfig(path="diffusion", times="late")).path.law(p), LATEST * t["late"])


def test_paths_end_where_they_should(flow, path):
    t = torch.tensor([0.0, 1.0], dtype=torch.float64)
    exploding = flow.config.path == "variance_exploding"
    (first, last), (wide, narrow) = path.alpha(t).tolist(), path.sigma(t).tolist()
    assert first == pytest.approx(1 if exploding else 0, abs=0.007)
    assert last == pytest.approx(1)
    assert wide == pytest.approx(flow.config.sigma_max if exploding else 1, abs=1e-4)
    assert narrow == pytest.approx(flow.config.sigma_min, abs=1e-9)
    assert (path.sigma(torch.linspace(0, 1, 300)[:-1]) > 0).all()


def test_rates_are_derivatives(path):
    t = torch.linspace(0.001, LATEST, 301, dtype=torch.float64).requires_grad_()
    for curve, rate in ((path.alpha, path.alpha_rate), (path.sigma, path.sigma_rate)):
        (found,) = torch.autograd.grad((curve(t) + 0 * t).sum(), t)
        assert torch.allclose(found, rate(t.detach()), atol=1e-9)


def test_everything_is_finite_up_to_the_end(path):
    x_t, u_t = path.at(normal(5, 2), normal(5, 2, seed=1), torch.tensor([0, 0.3, 0.5, 0.9, 1.0]).double())
    assert x_t.isfinite().all()
    assert u_t.isfinite().all()


def test_the_default_is_the_straight_line_itself():
    flow = Flow(FlowConfig())
    assert flow.path is STRAIGHT
    assert flow.path.coupling is independent
    assert torch.equal(flow.noise(50, seeded()), torch.randn(50, 2, generator=seeded()))


def test_a_perfect_field_reaches_the_floor(flow, path):
    """And no other: the floor of the straight path is another number, unless only the clock differs."""
    data = normal(400, 2) + MEAN
    flow.network.forward = lambda x, t, classes: path.exact_velocity(x, t, data)  # type: ignore[method-assign]
    batch = data[torch.randint(400, (40_000,), generator=seeded(1))]
    floor = flow.loss_floor(ideal.points(data), spread_evenly(16_384, 4))
    assert float(flow.loss(batch, seeded(3))) == pytest.approx(floor, rel=0.05)


def velocity_of_a_gaussian(path: Path, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The marginal velocity for data N(m, s²I): x_t has the variance V = α² s² + σ², and with u_t the covariance
    α α' s² + σ σ'."""
    alpha, sigma = path.alpha(t)[:, None], path.sigma(t)[:, None]
    alpha_rate, sigma_rate = path.alpha_rate(t)[:, None], path.sigma_rate(t)[:, None]
    gain = (alpha * alpha_rate * SIGMA**2 + sigma * sigma_rate) / (alpha**2 * SIGMA**2 + sigma**2)
    return alpha_rate * MEAN.to(x) + gain * (x - alpha * MEAN.to(x))


def test_the_exact_field_of_much_gaussian_data_is_that_of_a_gaussian(path):
    data = MEAN.double() + SIGMA * normal(60_000, 2)
    for moment in (0.0, 0.3, 0.7, 0.9):
        t = torch.full((100,), moment, dtype=torch.float64)
        x = path.at(normal(100, 2, seed=1), MEAN + SIGMA * normal(100, 2, seed=2), t)[0]
        wanted = velocity_of_a_gaussian(path, x, t)
        error = (path.exact_velocity(x, t, data) - wanted).norm(dim=1).median()
        assert error < 0.06 * max(1, float(wanted.norm(dim=1).median()))


def test_the_log_density_is_that_of_the_samples(flow, path):
    """The exact field of Gaussian data is linear, so samples are Gaussian: the noise, carried along."""
    flow.velocity = lambda x, t: velocity_of_a_gaussian(path, x, t.clamp(max=LATEST))  # type: ignore[method-assign]
    times = torch.linspace(0, 1, 401, dtype=torch.float64)
    corners = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    origin, right, up = solve(flow.velocity, corners, times, "rk4")[-1]
    scale = float((right - origin).norm())
    assert torch.allclose(right - origin, torch.tensor([scale, 0.0]).double(), atol=1e-9)
    assert torch.allclose(up - origin, torch.tensor([0.0, scale]).double(), atol=1e-9)
    x = origin + scale * normal(50, 2, seed=4)
    width = scale * float(path.sigma(torch.zeros(1)))
    wanted = log_normal(x, origin, width).sum(1)
    assert torch.allclose(at_once(flow.log_density(x, steps=400)), wanted, atol=1e-4)
    # And so it is nearly that of the data, where the path starts from all of the noise, and nothing else.
    blurred = math.hypot(SIGMA, flow.config.sigma_min)
    missing = 0.25 if flow.config.path == "variance_exploding" else 0.01
    assert (wanted - log_normal(x, MEAN.to(x), blurred).sum(1)).mean().abs() < missing


def test_the_noise_has_the_density_that_it_says(flow):
    z = flow.noise(20_000, seeded())
    assert float(flow.log_noise(z).mean()) == pytest.approx(
        -math.log(2 * math.pi * math.e) - 2 * math.log(flow._scale), abs=0.03
    )
    assert torch.equal(at_once(flow.log_density(z, t=0.0, steps=1)), flow.log_noise(z))


def test_the_variance_preserving_paths_preserve_it():
    t = torch.linspace(0, 1, 50, dtype=torch.float64)
    for name in ("trigonometric", "diffusion"):
        path = Flow(FlowConfig(path=name)).path
        assert torch.allclose(path.alpha(t) ** 2 + path.sigma(t) ** 2, torch.ones(50).double())


def test_the_diffusion_path_is_that_of_the_diffusion_family():
    """The same curve λ(u), without the ends that the family cuts off."""
    t = torch.linspace(0.05, 0.95, 19, dtype=torch.float64)
    log_snr = 2 * (DIFFUSION.alpha(t) / DIFFUSION.sigma(t)).log()
    assert torch.allclose(log_snr, linear(1 - t))


def test_an_eased_path_only_changes_the_clock():
    """v_eased(x, t) = s'(t) v_straight(x, s(t)), s = sin²."""
    eased, data = Flow(FlowConfig(path="eased")).path, normal(60, 2)
    t = torch.rand(40, generator=seeded(), dtype=torch.float64) * 0.9
    x = normal(40, 2, seed=1)
    warped = STRAIGHT.exact_velocity(x, eased.alpha(t), data) * eased.alpha_rate(t)[:, None]
    assert torch.allclose(eased.exact_velocity(x, t, data), warped)


# A path drawn by hand.


@pytest.mark.parametrize("seed", range(20))
def test_a_drawn_curve_is_scipys(seed):
    values = [0, *np.random.default_rng(seed).uniform(0.05, 1.25, 3 + seed % 3), 1]
    values = values[::-1] if seed % 2 else values
    reference = PchipInterpolator(np.linspace(0, 1, len(values)), values)
    curve, rate = pchip(values)
    t = torch.linspace(0, 1, 1001, dtype=torch.float64)
    assert np.allclose(curve(t), reference(t), atol=1e-12)
    assert np.allclose(rate(t)[:-1], reference.derivative()(t)[:-1], atol=1e-9)
    assert curve(t.float()).dtype == torch.float32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0.5",
        "0.2,0.5;0.5,0.2",
        "0.2,0.5,0.7,0.8;0.5,0.4,0.3,0.2",
        "0.2,0.5,nan;0.5,0.4,0.2",
        "0.2,0.5,inf;0.5,0.4,0.2",
        "0.2,0.5,0.7;0.5,0.4,0",
        "0.2,0.5,-0.1;0.5,0.4,0.2",
        "0.2,0.5,1.3;0.5,0.4,0.2",
        "0.2,0.5,0.7;0.5,0.4,0.2;0.5,0.4,0.2",
        "a,b,c;d,e,f",
        "0.25,0.5,0.75;0.75,0.5,0.25" + " " * 300,
    ],
)
def test_a_damaged_drawn_path_is_refused_with_one_sentence(text):
    with pytest.raises(ValidationError, match="A drawn path has 3 values"):
        FlowConfig(drawn_path=text)


def test_a_drawn_path_is_the_same_text_however_it_is_written():
    written = FlowConfig(drawn_path=" 0.250,.5, 0.75 ;0.75,5e-1,.25")
    assert written.drawn_path == "0.25,0.5,0.75;0.75,0.5,0.25"
    assert curves(written.drawn_path) == ((0.25, 0.5, 0.75), (0.75, 0.5, 0.25))
    assert FAMILIES["flow"].Config is FlowConfig


def test_drawn_as_straight_it_is_straight():
    t = torch.linspace(0, 1, 101, dtype=torch.float64)
    path = Flow(FlowConfig(path="drawn", drawn_path="0.25,0.5,0.75;0.75,0.5,0.25")).path
    assert torch.allclose(path.alpha(t), t)
    assert torch.allclose(path.sigma(t), 1 - t)
    assert torch.allclose(path.sigma_rate(t), -torch.ones_like(t))


def test_the_divergence_along_a_path_needs_no_gaussian():
    """With a noise density of one's own, `log_density` adds that instead."""
    x = normal(5, 2)
    found = at_once(
        continuous.log_density(lambda x, t: 0 * x, x, torch.tensor([1.0, 0.0]), log_noise=lambda x: x.sum(1))
    )
    assert torch.allclose(found, x.sum(1))
