"""A GAN's objectives: the optimal discriminators in closed form, and which way each side pulls."""

import copy
import math

import pytest
import torch

from playground import Experiment, Run
from playground.families.gan.objectives import OBJECTIVES, one_centred
from playground.networks import mlp
from tests.families.draws import normal, seeded
from tests.families.gan.models import tiny

# The optimal discriminator between two known Gaussians, N(1, 1) for data and N(−½, 1.5²) for fakes.

P, Q = torch.distributions.Normal(1.0, 1.0), torch.distributions.Normal(-0.5, 1.5)
GRID = torch.linspace(-3, 3, 25)
RATIO = P.log_prob(GRID) - Q.log_prob(GRID)

OPTIMA = {
    "non_saturating": RATIO,
    "least_squares": RATIO.sigmoid(),
    "hinge": RATIO.sign(),
    "relativistic": RATIO,
}


def best(objective: str, steps: int = 500, n: int = 256) -> torch.Tensor:
    """The logits on the grid of a network that only the objective's discriminator side has trained, on the n quantiles
    of both; paired anew in each step."""
    torch.manual_seed(0)
    network, g = mlp(1, 1, 32, 2), seeded()
    adam = torch.optim.Adam(network.parameters(), lr=2e-2)
    middles = (torch.arange(n) + 0.5) / n
    real, fake = P.icdf(middles)[:, None], Q.icdf(middles)[:, None]
    for step in range(steps):
        adam.param_groups[0]["lr"] = 2e-2 * (1 + math.cos(math.pi * step / steps)) / 2
        pairs = torch.randperm(n, generator=g)
        loss = OBJECTIVES[objective].discriminator(network(real)[:, 0], network(fake)[pairs, 0]).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return network(GRID[:, None])[:, 0]


def weighed(error: torch.Tensor) -> float:
    """The mean error on the grid, where the two distributions are."""
    mass = P.log_prob(GRID).exp() + Q.log_prob(GRID).exp()
    return float((error * mass).sum() / mass.sum())


@pytest.mark.training
@pytest.mark.parametrize("objective", OPTIMA)
def test_the_optimal_discriminator_is_recovered(objective):
    found, wanted = best(objective), OPTIMA[objective]
    if objective == "relativistic":  # only up to a constant
        wanted = wanted + weighed(found - wanted)
    error = (found - wanted).abs()
    if objective == "hinge":  # at its jumps, a smooth network can't follow
        error = error * (RATIO.abs() > 0.3)
    assert weighed(error) < 0.1 * weighed((wanted - weighed(wanted)).abs())


@pytest.mark.training
def test_the_wasserstein_discriminator_measures_the_distance():
    """Between N(0, 1) and N(2, 1), W1 = 2 and the optimal 1-Lipschitz function is a line of slope 1; penalised with
    λ (‖∇D‖ − 1)², the best line has slope 1 + 2 / 2λ: the derivative of 2s − λ(s − 1)². The penalty knows no sign, and
    a line that begins downhill would stay at −1 + 2 / 2λ; so this one begins uphill."""
    torch.manual_seed(0)
    network, g, weight = mlp(1, 1, 32, 2), seeded(), 10.0
    places = torch.tensor([[0.0], [2.0]])
    with torch.no_grad():
        left, right = network(places)
        network[-1].weight.mul_((right - left).sign())
    adam = torch.optim.Adam(network.parameters(), lr=5e-3)
    for step in range(600):
        adam.param_groups[0]["lr"] = 5e-3 * (1 + math.cos(math.pi * step / 600)) / 2
        fake, real = torch.randn(256, 1, generator=g), 2 + torch.randn(256, 1, generator=g)
        loss = OBJECTIVES["wasserstein"].discriminator(network(real), network(fake)).mean()
        loss = loss + weight * one_centred(lambda x: network(x)[:, 0], real, fake, g)
        adam.zero_grad()
        loss.backward()
        adam.step()
    left, right = network(places).detach()
    assert float(right - left) / 2 == pytest.approx(1.1, abs=0.03)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_two_sides_want_opposite_things(objective):
    """At any pair of logits (of a hinge that is not yet satisfied), the discriminator lowers the fake's, the generator
    raises it."""
    real, fake = torch.tensor([0.3]), torch.tensor([0.2], requires_grad=True)
    chosen = OBJECTIVES[objective]
    (down,) = torch.autograd.grad(chosen.discriminator(real, fake).sum(), fake)
    (up,) = torch.autograd.grad(chosen.generator(real, fake).sum(), fake)
    assert down > 0 > up
    depends = torch.equal(chosen.generator(real, fake), chosen.generator(real + 1, fake))
    assert depends is not chosen.paired


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_losses_are_the_objective_on_a_batch(objective):
    """Without remedies, by hand, with the same noise."""
    gan, x = tiny(objective=objective, r1=0), normal(32, 2, seed=1)
    chosen, d, zeros = OBJECTIVES[objective], gan.discriminator, torch.zeros(32)
    fake = gan.generator(torch.randn(32, 2, generator=seeded(2))).detach()
    for loss, wanted in (
        (gan.discriminator_loss, chosen.discriminator(d(x), d(fake)).mean()),
        (gan.generator_loss, chosen.generator(d(x), d(fake)).mean()),
    ):
        assert float(loss(x, seeded(2), zeros).detach()) == pytest.approx(float(wanted.detach()), rel=1e-6)


def test_each_player_moves_only_its_own():
    run = Run(Experiment(family="gan", dataset="ring", steps=10, config={"width": 16, "depth": 2}))
    for only, still in (("discriminator", "generator"), ("generator", "discriminator")):
        before = copy.deepcopy(run.family)
        run.advance(only)
        moved = {
            name.split(".")[0]
            for (name, a), b in zip(run.family.named_parameters(), before.parameters(), strict=True)
            if not torch.equal(a, b)
        }
        assert moved == {only}
        assert not any(p.grad.any() for p in getattr(run.family, still).parameters()) or only == "generator"
