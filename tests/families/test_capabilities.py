"""What a family claims, it keeps: every capability is called with real shapes, on points and on images."""

import inspect
from collections.abc import Callable

import pytest
import torch

from playground.families import FAMILIES, Family, capabilities
from playground.families.capabilities import (
    Adversarial,
    Conditional,
    ConditionalPaths,
    ContinuousDensity,
    Denoiser,
    Density,
    ExactField,
    LatentVariable,
    LossFloor,
    Solved,
    Trajectory,
    VelocityField,
    can,
)
from playground.families.diffusion.samplers import SAMPLERS
from playground.families.ideal import points
from playground.families.stratified import spread_evenly
from playground.training.likelihood import at_once
from tests.families.draws import seeded

CAPABILITIES = [c for c in vars(capabilities).values() if inspect.isclass(c) and c.__module__ == capabilities.__name__]
"""All that there are."""

N = 5
SHAPES = {"points": (2,), "images": (8, 8)}


def places(family: Family, n: int = N, seed: int = 1) -> torch.Tensor:
    return torch.randn(n, family.dim, generator=seeded(seed))


TIMES = torch.linspace(0, 1, N)


def trajectory(family: Trajectory, x: torch.Tensor) -> None:
    assert family.noise(N, seeded()).shape == x.shape
    assert torch.equal(family.noise(N, seeded()), family.noise(N, seeded()))
    times = family.times()
    assert times.ndim == 1
    assert (times[0], times[-1]) == (0, 1)
    assert (times.diff() > 0).all(), "from noise to data"
    way = family.trajectory(x)
    assert way.shape == (len(times), *x.shape)
    assert torch.equal(way[0], x)
    asked = torch.tensor([0.0, 0.3, 1.0])
    assert family.trajectory(x, asked).shape == (3, *x.shape)
    assert family.trajectory(x, asked[:1]).shape == (1, *x.shape)
    assert family.trajectory(x, asked.flip(0)).shape == (3, *x.shape)


def velocity_field(family: VelocityField, x: torch.Tensor) -> None:
    assert family.velocity(x, TIMES).shape == x.shape
    assert torch.allclose(family.velocity(x[:1], TIMES[:1]), family.velocity(x, TIMES)[:1], atol=1e-5), "one by one"


def exact_field(family: ExactField, x: torch.Tensor) -> None:
    alpha, sigma = family.levels(TIMES)
    assert alpha.shape == sigma.shape == TIMES.shape
    exact = family.exact_velocity(x, TIMES, torch.cat([x, -x]))
    assert exact.shape == x.shape
    assert exact.isfinite().all()


def denoiser(family: Denoiser, x: torch.Tensor) -> None:
    assert (family.log_snr(TIMES).diff() > 0).all(), "signal grows towards the data"
    assert 0 <= family.signal_left() <= 1
    assert family.noised(x, torch.zeros_like(x), TIMES).shape == x.shape
    x0_hat = family.denoise(x, TIMES)
    assert x0_hat.shape == family.exact_denoise(x, TIMES, x).shape == x.shape
    assert torch.allclose(family.score(x, TIMES), family.score(x, TIMES, x0_hat), atol=1e-5)
    before = family.sampler
    for name in SAMPLERS:
        other = family.with_sampler(name, 3)
        assert (other.sampler, len(other.times())) == (name, 4)
        assert [part.shape for part in other.chain(x)] == [(4, *x.shape)] * 2
        assert len(list(other.steps(x, lambda: torch.zeros_like(x), x))) == 3
    assert family.sampler == before, "the model itself stays as it is"


def conditional(family: Conditional, x: torch.Tensor) -> None:
    assert family.label is None, "without being asked for a class, it samples all"


def conditional_paths(family: ConditionalPaths, x: torch.Tensor) -> None:
    pairs = family.path.coupling(x, torch.arange(N) % 2, seeded())
    assert pairs.x0.shape == pairs.x1.shape == x.shape
    assert pairs.labels.shape == (N,)
    t, x_t, u_t = family.path.draw(pairs, seeded())
    assert family.standard == torch.equal(family.noise(N, seeded()), torch.randn(x.shape, generator=seeded()))
    assert t.shape == (N,)
    assert x_t.shape == u_t.shape == x.shape


def continuous_density(family: ContinuousDensity, x: torch.Tensor) -> None:
    pieces = family.log_density(x, 0.8, steps=3)
    assert next(pieces) is None
    found = at_once(pieces)
    assert found.shape == (len(x),)
    assert found.isfinite().all()
    assert torch.allclose(at_once(family.log_density(x[:1], 0.8, steps=3)), found[:1], atol=1e-3), "one by one"
    assert at_once(family.log_density(x, 0.8, steps=3, probe=torch.ones_like(x))).shape == (len(x),)


def density(family: Density, x: torch.Tensor) -> None:
    found = family.log_prob(x)
    assert found.shape == (N,)
    assert found.isfinite().all()
    assert torch.allclose(family.log_prob(x[:1]), found[:1], atol=1e-4), "one by one"


def loss_floor(family: LossFloor, x: torch.Tensor) -> None:
    law = points(places(family, 64).double(), torch.arange(64) % 2)
    assert family.loss_floor(law, spread_evenly(16, 2 + family.dim)) >= 0


def latent_variable(family: LatentVariable, x: torch.Tensor) -> None:
    z = family.latent(N, seeded())
    mean, std = family.encode(x)
    assert mean.shape == std.shape == z.shape
    assert (std > 0).all()
    assert family.decode(z).shape == family.reconstruct(x).shape == x.shape
    assert family.std.shape == family.loss(x, seeded()).shape == ()
    rate, distortion, kl = family.elbo(x, seeded())
    assert (rate.shape, distortion.shape, kl.shape) == ((), (), z.shape[1:])
    for defensive in (False, True):
        assert family.log_weights(x, 3, seeded(), defensive).shape == (3, N)
    assert family.active_units(x).shape == z.shape[1:]
    assert len(family.inactive_units(x, seeded())) == int((~family.active_units(x)).sum())
    assert family.interpolate(z[0], z[1], "spherical", 4).shape == (4, z.shape[1])
    assert next(family.relax(z[0], z[1], 4, x)).shape == (4, z.shape[1])
    means, stds, weights = family.prior.gaussians()
    assert means.shape == stds.shape == (len(weights), z.shape[1])


def adversarial(family: Adversarial, x: torch.Tensor) -> None:
    fake = family.generate(family.latent(N, seeded()))
    assert fake.shape == x.shape
    assert family.critic(x).shape == (N,)
    assert torch.allclose(family.critic(x[:1]), family.critic(x)[:1], atol=1e-5), "one by one"
    assert isinstance(family.boundary(x, fake), float)
    assert family.generator_gradient(fake).shape == family.generator_gradient(fake, x).shape == x.shape
    assert family.signals(x, fake).keys() == {"accuracy", "logit_gap", "gradient"}
    if x.shape[1] == 2:
        corners, mass = family.generator_grid(4)
        assert (corners.shape, mass.shape) == ((5, 5, 2), (4, 4))


def solved(family: Solved, x: torch.Tensor) -> None:
    before = family.solver
    assert before in family.solvers
    for name in family.solvers:
        other = family.with_solver(name, 3)
        assert (other.solver, len(other.times())) == (name, 4)
        assert other.trajectory(x).shape == (4, *x.shape)
    assert family.solver == before, "the model itself stays as it is"


CHECKS: dict[type, Callable] = {
    Trajectory: trajectory,
    VelocityField: velocity_field,
    ExactField: exact_field,
    ConditionalPaths: conditional_paths,
    ContinuousDensity: continuous_density,
    Solved: solved,
    Denoiser: denoiser,
    Conditional: conditional,
    Density: density,
    LossFloor: loss_floor,
    LatentVariable: latent_variable,
    Adversarial: adversarial,
}

CLAIMS = [(name, claim) for name in FAMILIES for claim in CAPABILITIES if can(FAMILIES[name], claim)]


@torch.no_grad()
@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize(("name", "claim"), CLAIMS, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_claimed_is_kept(name, claim, kind, global_generator):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        family = FAMILIES[name](FAMILIES[name].Config(), SHAPES[kind])
    CHECKS[claim](family, places(family))


def test_every_capability_is_checked_and_claimed_by_somebody():
    assert CHECKS.keys() == set(CAPABILITIES)
    claimed = {claim for _, claim in CLAIMS}
    assert claimed == set(CAPABILITIES)


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda c: c.__name__)
def test_a_capability_says_what_its_methods_take_and_give(capability):
    methods = [m for name, m in vars(capability).items() if getattr(m, "__isabstractmethod__", False)]
    assert methods
    assert inspect.getdoc(capability)
    assert all(inspect.getdoc(method) for method in methods)


def test_the_same_names_claim_nothing():
    """A normalizing flow whose two maps are called encode and decode is no model with latent variables."""

    class RealNVP:
        def encode(self, x): ...

        def decode(self, z): ...

        def latent(self, n, generator): ...

    assert not any(can(RealNVP, claim) for claim in CAPABILITIES)
    assert can(RealNVP, None)


def test_settings_can_take_a_capability_away():
    """The class declares it, this model lacks it: the exact field isn't known for pairs of optimal transport."""
    model = FAMILIES["flow"]
    known, coupled = model(model.Config()), model(model.Config(coupling="optimal_transport"))
    for claim in (ExactField, LossFloor):
        assert can(model, claim)
        assert can(known, claim)
        assert not can(coupled, claim)
    assert can(coupled, ContinuousDensity)
