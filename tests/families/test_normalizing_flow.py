"""Normalizing flows against what is exact about them: their inverse, their Jacobian, their mass, and closed forms."""

import math

import pytest
import torch
from torch.autograd.functional import jacobian

from playground import Diverged, Experiment, Run, fit
from playground.data.canvas import HALF, Normalizer
from playground.families.normalizing_flow import TAIL_BOUND, CouplingLayer, NormalizingFlow, NormalizingFlowConfig
from playground.scene.scene import cell_centres
from tests.families.draws import seeded


def normal(*shape: int, seed: int = 0, dtype=torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=dtype)


def bent(dim: int = 2, strength: float = 0.1, **config) -> NormalizingFlow:
    """A flow whose splines are somewhere between the identity and what training makes of them, in float64."""
    torch.manual_seed(1)
    flow = NormalizingFlow(NormalizingFlowConfig(**{"layers": 5, "width": 32} | config), (dim,)).double()
    with torch.no_grad():
        for seed, parameter in enumerate(flow.parameters()):
            parameter += strength * normal(*parameter.shape, seed=seed)
    return flow


def standard_log_prob(x: torch.Tensor) -> torch.Tensor:
    return -x.square().sum(1) / 2 - x.shape[1] / 2 * math.log(2 * math.pi)


# The coupling layer.


@pytest.mark.parametrize("share", [1.0, 0.7, 0.0])
def test_a_layer_is_undone_and_stays_within_its_bounds(share):
    layer: CouplingLayer = bent(strength=0.2).layers[0]
    given, moved = normal(500, 1), 2 * normal(500, 1, seed=1)
    y, log_derivative = layer(given, moved, share)
    assert torch.allclose(layer.inverse(given, y, share), moved, atol=1e-8)
    outside = moved.abs() >= TAIL_BOUND
    assert outside.any()
    assert torch.equal(y[outside], moved[outside])
    assert (log_derivative[outside] == 0).all()
    assert (y[~outside].abs() <= TAIL_BOUND).all()
    assert torch.allclose(y, moved) == (share == 0)


def test_splines_meet_their_knots_with_their_derivatives():
    """Durkan et al., section 3.1: continuous with a continuous derivative, across the bounds, too."""
    layer: CouplingLayer = bent().requires_grad_(False).layers[0]
    given = normal(1, 1)
    x, y, derivative = (part[:, 0, 0] for part in layer.knots(given))
    assert (x.diff() > 0).all()
    assert (y.diff() > 0).all()
    assert torch.allclose(torch.stack([x, y])[:, [0, -1]], torch.tensor([-TAIL_BOUND, TAIL_BOUND]).double())
    for nudge in (-1e-9, 1e-9):
        found, log_derivative = layer(given.expand(len(x), 1), (x + nudge)[:, None])
        assert torch.allclose(found[:, 0], y, atol=1e-6)
        assert torch.allclose(log_derivative[:, 0].exp(), derivative, atol=1e-5)


# The model.


@pytest.mark.parametrize("dim", [2, 3, 64])
def test_the_inverse_undoes_the_forward_map(dim):
    flow, x = bent(dim), normal(200, dim)
    z, _ = flow(x)
    assert not torch.allclose(z, x, atol=0.1)
    assert torch.allclose(flow.inverse(z), x, atol=1e-8)
    flow, x = flow.float(), x.float()
    assert torch.allclose(flow.inverse(flow(x)[0]), x, atol=1e-4)


@pytest.mark.parametrize("dim", [2, 5])
def test_the_log_determinant_is_that_of_the_jacobian(dim):
    flow, x = bent(dim), normal(20, dim)
    _, log_det = flow(x)
    for point, found in zip(x, log_det.detach(), strict=True):
        exact = torch.linalg.slogdet(jacobian(lambda p: flow(p[None])[0][0], point)).logabsdet
        assert float(found) == pytest.approx(float(exact), abs=1e-9)


def test_every_coordinate_is_moved_and_depends_on_others():
    """Of 64 coordinates, too: none is left out by the halves."""
    flow = bent(64, layers=4)
    matrix = jacobian(lambda p: flow(p[None])[0][0], normal(64))
    assert ((matrix.abs() > 1e-9).sum(1) > 32).all()


def test_it_begins_as_the_identity():
    """So that its first likelihood is that of the standard normal."""
    flow, x = NormalizingFlow(NormalizingFlowConfig()), normal(100, 2, dtype=torch.float32)
    assert torch.allclose(flow(x)[0], x, atol=1e-5)
    assert torch.allclose(flow.log_prob(x), standard_log_prob(x), atol=1e-4)
    assert torch.allclose(flow.sample(100, seeded()), flow.noise(100, seeded()), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("seed", range(3))
def test_a_density_integrates_to_one(seed):
    """Over the square, which the splines map onto itself: the rest of the normal's mass stays outside."""
    flow = bent(strength=0.1)
    for parameter in flow.parameters():
        parameter += 0.05 * normal(*parameter.shape, seed=seed)
    cells = 300
    mass = float(flow.log_prob(cell_centres(cells).double()).exp().sum()) * (2 * HALF / cells) ** 2
    inside = math.erf(HALF / math.sqrt(2)) ** 2
    assert mass == pytest.approx(inside, abs=0.002)


def test_the_likelihood_has_gradients_with_respect_to_places():
    flow, x = bent(), normal(10, 2).requires_grad_()
    (found,) = torch.autograd.grad(flow.log_prob(x).sum(), x)
    step = 1e-5 * torch.eye(2, dtype=torch.float64)
    by_hand = torch.stack([(flow.log_prob(x + e) - flow.log_prob(x - e)) / 2e-5 for e in step], dim=1)
    assert torch.allclose(found, by_hand, atol=1e-5)


@torch.no_grad()
def test_a_density_transforms_with_its_coordinates():
    """Learned in the square, it integrates to 1 in the data's own coordinates, too."""
    flow, normalizer = bent(), Normalizer(centre=(3.0, -1.0), scale=0.5)
    places, area = cell_centres(300).double(), (2 * HALF / 300) ** 2
    log_det_scale = flow.log_prob(normalizer.to_canvas(normalizer.from_canvas(places))) + 2 * math.log(normalizer.scale)
    assert float(log_det_scale.exp().sum() * area / normalizer.scale**2) == pytest.approx(1, abs=0.01)


# Training.


def test_the_loss_is_the_negative_log_likelihood_and_leaves_nothing_to_chance():
    flow, x, generator = bent(), normal(50, 2), seeded()
    before = generator.get_state()
    assert torch.equal(flow.loss(x, generator), -flow.log_prob(x).mean())
    assert torch.equal(generator.get_state(), before)


COVARIANCE = torch.tensor([[4.0, 1.5], [1.5, 1.0]], dtype=torch.float64)
ENTROPY = math.log(2 * math.pi * math.e) + float(COVARIANCE.logdet()) / 2
"""Of a normal in the plane, in nats."""


def gaussian(n: int, seed: int) -> torch.Tensor:
    return normal(n, 2, seed=seed) @ torch.linalg.cholesky(COVARIANCE).T + torch.tensor([5.0, -3.0])


def own_nll(run: Run, x: torch.Tensor) -> float:
    """−log p on points (n, 2), in their own coordinates, in nats."""
    with torch.no_grad():
        log_prob = run.averaged.log_prob(run.normalizer.to_canvas(x).float()).double()
    return -float(log_prob.mean()) - 2 * math.log(run.normalizer.scale)


def learns(seed: int, **given) -> Experiment:
    config = {"width": 16, "layers": 2, "batch_size": 128, "averaging": 0.98} | given
    points = gaussian(4000, seed=seed).numpy()
    return Experiment(family="normalizing_flow", dataset=points, steps=400, seed=seed, config=config)


@pytest.mark.parametrize("seed", [0, 1])
def test_it_learns_a_gaussian_to_its_entropy(seed):
    experiment, fresh = learns(seed), gaussian(20_000, seed=1_000)
    luck = own_exact(fresh) - ENTROPY
    assert abs(luck) < 0.03, "the closed form is that of the density"
    assert own_nll(Run(experiment), fresh) - own_exact(fresh) > 0.5
    assert 0 < own_nll(fit(experiment), fresh) - own_exact(fresh) < 0.05


def own_exact(x: torch.Tensor) -> float:
    density = torch.distributions.MultivariateNormal(torch.tensor([5.0, -3.0]).double(), COVARIANCE)
    return -float(density.log_prob(x).mean())


def test_a_step_that_is_too_large_fails_in_words():
    with pytest.raises(Diverged, match="learning rate"):
        fit(learns(0, learning_rate=1, schedule="constant"))


# Sampling, and the way there.


@torch.no_grad()
@pytest.mark.parametrize("dim", [2, 64])
def test_trajectories_begin_at_the_noise_and_end_at_the_samples(dim):
    flow = bent(dim)
    z = normal(9, dim)
    way = flow.trajectory(z)
    assert way.shape == (len(flow.times()), 9, dim)
    assert torch.equal(way[0], z)
    assert torch.equal(way[-1], flow.inverse(z))
    assert torch.equal(flow.trajectory(z, torch.tensor([0.0, 1.0]))[-1], way[-1])


@torch.no_grad()
@pytest.mark.parametrize("layers", [2, 3, 7])
def test_trajectories_go_from_any_time_to_any_other(layers):
    flow, times = bent(layers=layers), torch.linspace(0, 1, 24)
    way = flow.trajectory(normal(50, 2), times)
    for start in (0, 5, 12, 23):
        assert torch.allclose(flow.trajectory(way[start], times[start:]), way[start:], atol=1e-8)
        back = flow.trajectory(way[start], times[: start + 1].flip(0))
        assert torch.allclose(back.flip(0), way[: start + 1], atol=1e-8)


@torch.no_grad()
def test_trajectories_do_not_jump_and_move_half_of_the_coordinates_at_a_time():
    flow = bent(layers=4)
    way = flow.trajectory(normal(50, 2), torch.linspace(0, 1, 401))
    steps = way.diff(dim=0).abs()
    assert steps.max() < 0.05 * (way[-1] - way[0]).abs().max()
    quarters = steps.unflatten(0, (4, 100)).sum((1, 2))
    assert ((quarters < 1e-6).sum(1) == 1).all(), "x and y take turns"
    assert (quarters[:-1].argmin(1) != quarters[1:].argmin(1)).all()
