"""The GAN against its theory: optimal discriminators in closed form, penalties and gradients against closed forms and
finite differences, unrolling against a derivation by hand, and what each remedy does to the shapes."""

import copy
import math

import pytest
import torch
from torch import nn

from playground import Experiment, Run
from playground.families.gan import generator_grid
from playground.families.gan.discriminator import Discriminator, SpectralLinear, pack
from playground.families.gan.gan import GAN, GANConfig
from playground.families.gan.objectives import OBJECTIVES, one_centred, slopes, unrolled, zero_centred
from playground.lessons.recipes import recipes
from playground.metrics.gan_collapse import detect, measure
from playground.networks import mlp

DOUBLE = torch.float64


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0, dtype=torch.float32) -> torch.Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=dtype)


def tiny(**config) -> GAN:
    torch.manual_seed(0)
    return GAN(GANConfig(**{"width": 16, "depth": 2, "latents": 2} | config))


def seen_once(gan: GAN) -> GAN:
    """With the usual spread of a batch known."""
    gan.discriminator.follow(pack(normal(64, 2), gan.config.packing))
    return gan


def numerical(f, x: torch.Tensor, step: float = 1e-6) -> torch.Tensor:
    """The gradient of a scalar function at x by central differences."""
    out = torch.empty_like(x)
    for i in range(x.numel()):
        e = torch.zeros_like(x).flatten()
        e[i] = step
        e = e.view_as(x)
        out.view(-1)[i] = (f(x + e) - f(x - e)) / (2 * step)
    return out


# Objectives: the optimal discriminator between two known Gaussians, N(1, 1) for data and N(−½, 1.5²) for fakes.

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


# Penalties.


def test_slopes_of_a_known_function():
    """D(x) = a·x + ½ xᵀBx has the gradient a + Bx."""
    a, root = normal(3, dtype=DOUBLE), normal(3, 3, seed=1, dtype=DOUBLE)
    b, x = root + root.T, normal(20, 3, seed=2, dtype=DOUBLE)
    found = slopes(lambda x: x @ a + ((x @ b) * x).sum(1) / 2, x)
    assert torch.allclose(found, (a + x @ b).square().sum(1))
    penalty = zero_centred(lambda x: x @ a, x)
    assert float(penalty.detach()) == pytest.approx(float(a.square().sum()) / 2)
    for scale in (0.5, 3.0):
        unit = scale * a / a.norm()
        penalty = one_centred(lambda x, u=unit: x @ u, x, 2 * x, seeded())
        assert float(penalty) == pytest.approx((scale - 1) ** 2)


def test_the_gradient_penalty_looks_between():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.sum(1)

    real, fake = torch.zeros(500, 1), torch.ones(500, 1)
    one_centred(critic, real, fake, seeded())
    (places,) = seen
    assert 0 <= places.min() < 0.05 < 0.95 < places.max() <= 1
    assert float(places.mean()) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("name", ["r1", "r2", "gradient_penalty"])
def test_penalties_gradients_against_finite_differences(name):
    """Of the whole discriminator's loss, in the weights of one layer. Smooth bends, so that differences exist."""
    gan = tiny(packing=2, penalty_every=3, **({"r1": 0} | {name: 0.7}))
    for part in (gan.discriminator.features, gan.discriminator.head):
        part[1] = nn.Softplus(2)
    gan, x = gan.double(), normal(10, 2, seed=1, dtype=DOUBLE)
    weight = gan.discriminator.head[0].weight
    real, fake = pack(x, 2), pack(x.roll(3, 0) + 1, 2)

    def penalty(value: torch.Tensor) -> float:
        with torch.no_grad():
            old = weight.clone()
            weight.copy_(value)
        found = float(gan.penalty(real, fake, seeded(4)).detach())
        with torch.no_grad():
            weight.copy_(old)
        return found

    (gradient,) = torch.autograd.grad(gan.penalty(real, fake, seeded(4)), weight)
    wanted = numerical(penalty, weight.detach().clone())
    assert torch.allclose(gradient, wanted, rtol=1e-4, atol=1e-6)
    assert gradient.abs().max() > 1e-3


def test_lazy_penalties_weigh_as_much_more():
    """StyleGAN2: every fourth step pays four times, the others nothing, so that the mean is the same."""
    gan, real, fake = tiny(r1=1, r2=0.5), normal(8, 2), normal(8, 2, seed=1)
    paid = []
    for every in (1, 4):
        gan.config = gan.config.model_copy(update={"penalty_every": every})
        total = 0.0
        for gan.step in range(8):
            total += float(gan.penalty(real, fake, seeded()).detach())
        paid.append(total)
    assert paid[0] == pytest.approx(paid[1])
    assert paid[0] > 0
    gan.step = 3
    assert gan.penalty(real, fake, seeded()) == 0


# Unrolling.


def test_unrolling_by_hand():
    """D(x) = w·x, and both sides' losses are those of a Wasserstein game: each step moves w by η (x̄ − ḡ). So the
    generator's loss is −(w + kη (x̄ − ḡ))·ḡ, and its gradient in ḡ is −w − kη (x̄ − 2ḡ), the second term of which
    only a generator knows that sees through the discriminator's steps."""
    d = nn.Linear(2, 1, bias=False)
    real, fake = normal(5, 2, seed=1), normal(5, 2, seed=2).requires_grad_()
    k, eta = 3, 0.25

    def loss(critic):
        return (critic(fake) - critic(real)).mean()

    after = unrolled(d, loss, k, eta)
    w, x, g = d.weight[0].detach(), real.mean(0), fake.mean(0).detach()
    probes = normal(4, 2, seed=3)
    assert torch.allclose(after(probes)[:, 0], probes @ (w + k * eta * (x - g)), atol=1e-6)
    (gradient,) = torch.autograd.grad(-after(fake).mean(), fake)
    assert torch.allclose(gradient.sum(0), -w - k * eta * (x - 2 * g), atol=1e-5)


def test_unrolled_generator_against_finite_differences():
    gan = tiny(unrolling=3, unrolling_rate=0.3)
    for part in (gan.discriminator.features, gan.discriminator.head, gan.generator):
        part[1] = nn.Softplus(2)
    gan, x = gan.double(), normal(6, 2, seed=1, dtype=DOUBLE)
    z = normal(6, 2, seed=2, dtype=DOUBLE)
    gan.latent = lambda n, generator: z
    bias = gan.generator[-1].bias

    def loss(value: torch.Tensor) -> float:
        with torch.no_grad():
            old = bias.clone()
            bias.copy_(value)
        found = float(gan.generator_loss(x, seeded()).detach())
        with torch.no_grad():
            bias.copy_(old)
        return found

    (gradient,) = torch.autograd.grad(gan.generator_loss(x, seeded()), bias)
    assert torch.allclose(gradient, numerical(loss, bias.detach().clone()), rtol=1e-4, atol=1e-7)
    gan.config = gan.config.model_copy(update={"unrolling": 0})
    (blind,) = torch.autograd.grad(gan.generator_loss(x, seeded()), bias)
    assert not torch.allclose(gradient, blind, rtol=0.05)


# What is built into the discriminator.


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_packing(size):
    x = torch.arange(22.0).view(11, 2)
    packs = pack(x, size)
    assert packs.shape == (11 // size, 2 * size)
    assert torch.equal(packs[1], x[size : 2 * size].flatten())
    gan = tiny(packing=size)
    assert gan.discriminator.features[0].in_features == 2 * size
    assert torch.allclose(gan.critic(x)[:1], gan.discriminator(x[:1].repeat(1, size)))


def test_spectral_normalisation_finds_the_largest_singular_value():
    torch.manual_seed(0)
    layer = SpectralLinear(30, 20)
    with torch.no_grad():
        layer.weight.mul_(7)
    layer.follow(200)
    used = (layer(torch.eye(30)) - layer.bias).detach().T
    assert float(torch.linalg.matrix_norm(used, 2)) == pytest.approx(1, abs=1e-4)
    before = layer.left.clone()
    layer(normal(4, 30))
    assert torch.equal(layer.left, before), "looking changes nothing"


@pytest.mark.training
def test_a_spectral_discriminator_is_1_lipschitz_even_after_training():
    config = {"width": 16, "depth": 2, "spectral_normalisation": "on", "r1": 0, "discriminator_learning_rate": 0.01}
    run = Run(Experiment(family="gan", dataset="ring", steps=40, config=config))
    while not run.done:
        run.advance()
    assert float(slopes(run.family.critic, normal(500, 2)).max().sqrt().detach()) < 1.05
    assert all(torch.equal(a, b) for a, b in zip(run.family.buffers(), run.averaged.buffers(), strict=True))


def test_minibatch_statistics_see_repeats():
    """The same point judged in a spread and in a collapsed batch; without statistics there is no difference."""
    torch.manual_seed(0)
    x = normal(64, 2)
    for on in (True, False):
        d = Discriminator(GAN.Config(width=16, depth=2), (2,), statistics=on)
        d.follow(x)
        wide, narrow = d(x)[0], d(x[:1].expand(64, 2))[0]
        assert bool(torch.isclose(wide, narrow)) is not on
        assert torch.allclose(d(x, alone=True)[:3], d(x[:3], alone=True)), "alone, the others don't matter"
        assert torch.allclose(d(x, alone=True), d(x), atol=1e-6), "the usual spread is that of this batch"


def test_instance_noise_fades():
    gan, x = tiny(instance_noise=0.8), torch.zeros(4000, 2)
    for progress, std in ((0, 0.8), (0.5, 0.1), (1, 0)):
        gan.progress = progress
        assert float(gan.discriminator_input(x, seeded()).std()) == pytest.approx(std, abs=0.02)


def test_what_a_step_costs_grows_with_the_remedies():
    passes = [
        GAN.passes(GANConfig(**config))
        for config in ({"r1": 0}, {}, {"r2": 1}, {"unrolling": 2, "width": 64}, {"discriminator_steps": 8})
    ]
    assert passes == sorted(passes)
    assert passes[0] == 2


# What can be seen.


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "remedies", [{}, {"packing": 3}, {"minibatch_statistics": "on", "spectral_normalisation": "on"}]
)
def test_generator_gradient_against_finite_differences(objective, remedies):
    gan = seen_once(tiny(objective=objective, **remedies)).double()
    x, real = normal(6, 2, dtype=DOUBLE), normal(9, 2, seed=1, dtype=DOUBLE)

    @torch.no_grad()
    def loss(x):
        return float(gan.objective.generator(gan.critic(real).mean(), gan.critic(x)).sum())

    with torch.no_grad():
        found = gan.generator_gradient(x, real)
        without = gan.generator_gradient(x)
    assert torch.allclose(found, -numerical(loss, x), rtol=1e-4, atol=1e-7)
    assert torch.allclose(nn.functional.normalize(found), nn.functional.normalize(without)), "the same direction"


def test_signals_of_a_known_critic():
    """D(x) = x₀: accuracy is the share of pairs in order, ties half; the generator's pull is its loss's slope."""
    gan = tiny(objective="wasserstein")
    gan.critic = lambda x: x[:, 0]
    real, fake = torch.tensor([[1.0, 0], [2, 0], [3, 0]]), torch.tensor([[0.0, 0], [2, 0]])
    signals = gan.signals(real, fake)
    assert signals["accuracy"] == pytest.approx((1 + 1 + 1 + 0 + 0.5 + 1) / 6)
    assert signals["logit_gap"] == pytest.approx(2 - 1)
    assert signals["gradient"] == pytest.approx(1)
    assert gan.boundary(real, fake) == pytest.approx(1.5)
    assert tiny(objective="least_squares").boundary(real, fake) == 0.5
    assert tiny().boundary(real, fake) == 0


def test_the_grid_holds_its_mass():
    """Its columns hold what they say of N(0, 1), and the density of the grid as it is integrates to all of it."""
    z = generator_grid.latent_corners(10, 2)
    line = z[0, :, 0]
    assert torch.equal(z[:, 0, 1], line)
    assert torch.allclose(torch.special.ndtr(line).diff(), generator_grid.masses(10), atol=1e-6)
    fine = generator_grid.latent_corners(100, 2)
    middle = fine[40:61, 40:61]
    centres = (middle[1:, 1:] + middle[:-1, :-1]) / 2
    wanted = torch.exp(-centres.square().sum(-1) / 2) / (2 * math.pi)
    assert torch.allclose(generator_grid.density(fine)[40:60, 40:60], wanted, rtol=0.02)
    turned = fine.flip(1)
    assert torch.allclose(generator_grid.density(turned), generator_grid.density(fine)), (
        "which way around a cell lies does not matter"
    )
    assert torch.allclose(generator_grid.density(3 * fine), generator_grid.density(fine) / 9)


@torch.no_grad()
@pytest.mark.parametrize("latents", [1, 2, 5])
def test_the_warped_grid_is_the_generator_on_the_grid(latents):
    gan = tiny(latents=latents)
    corners, density = gan.generator_grid(6)
    assert corners.shape == (7, 7, 2)
    assert density.shape == (6, 6)
    assert torch.allclose(corners, gan.generate(generator_grid.latent_corners(6, latents)))
    assert density.isfinite().all()


# The recipes.


def test_collapsed_and_cured_are_the_same_data_and_seed():
    collapse, cured = (recipes("gan")[name].experiment for name in ("collapse", "cured"))
    assert collapse.dataset == cured.dataset
    assert collapse.seed == cured.seed
    assert cured.config == GANConfig()


@pytest.mark.training
def test_the_collapse_recipe_collapses_and_the_detector_sees_it():
    """On the shortest of the recipes, halfway; the others are measured by scripts/margins.py."""
    experiment = recipes("gan")["collapse"].experiment
    run, history = Run(experiment), []
    modes, data = experiment.dataset.distribution.modes, experiment.data(500, seed=1)
    real = torch.as_tensor(run.normalizer.to_canvas(data), dtype=torch.float32)
    while run.step < experiment.steps / 2:
        run.advance()
        if run.step % 75 == 0:
            samples = run.sample(500)
            fake = torch.as_tensor(run.normalizer.to_canvas(samples), dtype=torch.float32)
            history.append(measure(run.step, samples, data, modes, run.averaged.signals(real, fake)))
    found = detect(history, experiment.steps)
    assert found is not None
    assert found.kind == "full collapse"
    assert history[-1].effective < 2 / 8
