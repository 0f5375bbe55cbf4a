"""Generative adversarial network: a generator makes fakes, a discriminator tells them from data, and both learn.

Goodfellow et al., *Generative Adversarial Nets*, NeurIPS 2014, arXiv 1406.2661, whose notation is used here: noise
z ~ p(z) = N(0, I), a generator G(z), a discriminator D(x), here before its sigmoid: D is a logit. The objectives and
penalties that were proposed since stand in `adversarial`, what is built into the discriminator in `discriminators`.
"""

from typing import Annotated, Literal

import torch
from torch import Generator, Tensor

from playground.config import knob
from playground.families.base import Family, FamilyConfig, Player
from playground.families.gan import generator_grid
from playground.families.gan.discriminator import BEND, Discriminator, pack
from playground.families.gan.objectives import OBJECTIVES, Critic, Objective, one_centred, unrolled, zero_centred
from playground.networks import mlp

Switch = Literal["off", "on"]


class GANConfig(FamilyConfig):
    """Everything that can be chosen about a GAN. The defaults are the recipe measured in benchmarks/gan.py."""

    objective: Annotated[
        Literal["non_saturating", "least_squares", "hinge", "wasserstein", "relativistic"],
        knob(
            "Objective",
            "What the two sides play for. Wasserstein needs a penalty; relativistic compares reals and fakes in pairs.",
            live=True,
            words={"non_saturating": "non-saturating", "wasserstein": "Wasserstein"},
        ),
    ] = "non_saturating"
    latents: Annotated[
        int, knob("Latent dimensions", "Numbers that the generator starts from. Two can be drawn.", ge=1, le=32)
    ] = 2
    r1: Annotated[
        float,
        knob("R1", "Price of the discriminator's slope on real points. Calms the game.", ge=0, le=10, live=True),
    ] = 0.2
    r2: Annotated[
        float, knob("R2", "Price of the discriminator's slope on fakes.", ge=0, le=10, live=True, more=True)
    ] = 0.0
    gradient_penalty: Annotated[
        float,
        knob(
            "Gradient penalty",
            "Price of slopes other than 1 between reals and fakes, as the Wasserstein objective wants it.",
            ge=0,
            le=20,
            live=True,
            more=True,
        ),
    ] = 0.0
    penalty_every: Annotated[
        int,
        knob("Penalty every", "Steps between two, each weighing as much more.", ge=1, le=16, live=True, more=True),
    ] = 4
    packing: Annotated[
        int, knob("Packing", "Points that the discriminator judges together: repeats stand out.", ge=1, le=4)
    ] = 1
    discriminator_steps: Annotated[
        int,
        knob("Discriminator steps", "Steps of the discriminator for one of the generator.", ge=1, le=10, live=True),
    ] = 1
    discriminator_learning_rate: Annotated[
        float,
        knob(
            "Discriminator's rate",
            "How far each step moves the discriminator's weights.",
            ge=1e-5,
            le=0.1,
            live=True,
            log=True,
        ),
    ] = 4e-3
    generator_learning_rate: Annotated[
        float,
        knob(
            "Generator's rate", "How far each step moves the generator's weights.", ge=1e-5, le=0.1, live=True, log=True
        ),
    ] = 4e-3
    instance_noise: Annotated[
        float,
        knob(
            "Instance noise",
            "Blurs reals and fakes for the discriminator, so that they overlap; fades over the training.",
            ge=0,
            le=2,
            live=True,
        ),
    ] = 0.0
    unrolling: Annotated[
        int,
        knob(
            "Unrolling",
            "Moves of the discriminator that the generator looks ahead. Each makes its steps slower.",
            ge=0,
            le=10,
            live=True,
            more=True,
        ),
    ] = 0
    unrolling_rate: Annotated[
        float,
        knob(
            "Unrolling rate",
            "How far the discriminator moves in each step looked ahead.",
            ge=1e-3,
            le=1,
            live=True,
            more=True,
            log=True,
        ),
    ] = 0.1
    spectral_normalisation: Annotated[
        Switch, knob("Spectral normalisation", "Keeps the discriminator's slope below 1 everywhere.", more=True)
    ] = "off"
    minibatch_statistics: Annotated[
        Switch, knob("Mini-batch statistics", "Shows the discriminator how widely a batch is spread.", more=True)
    ] = "off"
    momentum: Annotated[
        float,
        knob("Momentum", "Adam's first memory: much makes them overshoot.", ge=0, le=0.99, live=True, more=True),
    ] = 0.5
    width: Annotated[
        int, knob("Width", "Units in each hidden layer of both networks.", ge=8, le=256, multiple_of=8, more=True)
    ] = 48
    depth: Annotated[int, knob("Depth", "Hidden layers of both networks.", ge=1, le=6, more=True)] = 5
    batch_size: Annotated[
        int, knob("Batch size", "Data points in one step.", ge=16, le=4096, live=True, more=True, log=True)
    ] = 256


class GAN(Family):
    Config = GANConfig
    title = "GAN"
    about = (
        "The generator throws orange points, and the discriminator colours the plane by how real it finds each place. "
        "Each learns from the other's mistakes: fakes move up the slope, and the slope moves away. "
        "When the generator finds one place that is believed, it may forget all others: that is mode collapse."
    )
    equation = "min<sub>G</sub> max<sub>D</sub> E log σ(D(<i>x</i>)) + E log (1 − σ(D(G(<i>z</i>))))"

    config: GANConfig

    def __init__(self, config: GANConfig, dim: int = 2):
        super().__init__(config, dim)
        self.generator = mlp(config.latents, dim, config.width, config.depth, BEND)
        spectral, statistics = config.spectral_normalisation == "on", config.minibatch_statistics == "on"
        self.discriminator = Discriminator(dim * config.packing, config.width, config.depth, spectral, statistics)

    def latent(self, n: int, generator: Generator) -> Tensor:
        """z ~ N(0, I), (n, latents)."""
        return torch.randn(n, self.config.latents, generator=generator, device=generator.device)

    def generate(self, z: Tensor) -> Tensor:
        """G(z), (…, latents) to (…, dim)."""
        return self.generator(z)

    # The game. The discriminator moves first, on fakes that it can't change; then the generator, on new ones.

    @property
    def objective(self) -> Objective:
        return OBJECTIVES[self.config.objective]

    def discriminator_input(self, x: Tensor, generator: Generator) -> Tensor:
        """What the discriminator gets to see of points (n, dim): blurred, for as long as the instance noise lasts
        (Sønderby et al., arXiv 1610.04490; Arjovsky & Bottou, arXiv 1701.04862), and in packs.

        The noise fades as a cube, so that every scale down to the narrowest mode's has its time.
        """
        std = self.config.instance_noise * (1 - self.progress) ** 3
        if std > 0:
            x = x + std * torch.randn(x.shape, generator=generator, device=x.device)
        return pack(x, self.config.packing)

    def discriminator_loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """The objective's, on a batch x (n, dim) and as many fakes, and every few steps the penalties."""
        with torch.no_grad():
            fake = self.discriminator_input(self.generate(self.latent(len(x), generator)), generator)
        real = self.discriminator_input(x, generator)
        self.discriminator.follow(real)
        loss = self.objective.discriminator(self.discriminator(real), self.discriminator(fake)).mean()
        return loss + self.penalty(real, fake, generator)

    def penalty(self, real: Tensor, fake: Tensor, generator: Generator) -> Tensor:
        """All penalties on real and fake packs (n, packing · dim) each; zero between the steps that pay.

        Every k-th step pays k times as much (Karras et al., *StyleGAN2*, arXiv 1912.04958, section 3.1).
        """
        config, critic = self.config, self.discriminator
        total = real.new_zeros(())
        if self.step % config.penalty_every:
            return total
        if config.r1:
            total = total + config.r1 * zero_centred(critic, real)
        if config.r2:
            total = total + config.r2 * zero_centred(critic, fake)
        if config.gradient_penalty:
            total = total + config.gradient_penalty * one_centred(critic, real, fake, generator)
        return config.penalty_every * total

    def generator_loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """The objective's, against the discriminator as it is, or as it will be (without penalties) if unrolled."""
        fake = self.discriminator_input(self.generate(self.latent(len(x), generator)), generator)
        real = self.discriminator_input(x, generator)
        critic: Critic = self.discriminator
        if self.config.unrolling:
            critic = unrolled(
                self.discriminator,
                lambda critic: self.objective.discriminator(critic(real), critic(fake)).mean(),
                self.config.unrolling,
                self.config.unrolling_rate,
            )
        logits = critic(fake)
        return self.objective.generator(critic(real) if self.objective.paired else logits, logits).mean()

    def players(self) -> list[Player]:
        config, betas = self.config, (self.config.momentum, 0.99)
        d, g = self.discriminator.parameters(), self.generator.parameters()
        rate, steps = config.discriminator_learning_rate, config.discriminator_steps
        return [
            Player("discriminator", d, self.discriminator_loss, rate, steps, betas, None, None),
            Player("generator", g, self.generator_loss, config.generator_learning_rate, 1, betas, None, None),
        ]

    @staticmethod
    def passes(config: GANConfig) -> float:
        """A pass is both networks forwards and back. Without its weights' gradients, going back costs half; a penalty
        or a step looked ahead goes back twice, and three times as far."""
        penalties = sum(weight > 0 for weight in (config.r1, config.r2, 2 * config.gradient_penalty))
        discriminator = 1 + 1 / 6 + 1.5 * penalties / config.penalty_every
        return config.discriminator_steps * discriminator + 5 / 6 + 3 * config.unrolling

    def sample(self, n: int, generator: Generator) -> Tensor:
        return self.generate(self.latent(n, generator))

    # What can be seen.

    def critic(self, x: Tensor) -> Tensor:
        """D(x) at points (n, dim), as logits (n,): in packs that hold nothing else, in a batch of the usual spread."""
        return self.discriminator(x.repeat(1, self.config.packing), alone=True)

    def boundary(self, real: Tensor, fake: Tensor) -> float:
        """The logit of the decision line. Where the objective leaves it open, it is halfway between the mean logits of
        real and fake points (n, dim) each."""
        fixed = self.objective.boundary
        return float(self.critic(real).mean() + self.critic(fake).mean()) / 2 if fixed is None else fixed

    def generator_gradient(self, x: Tensor, real: Tensor | None = None) -> Tensor:
        """−∇ₓ of the generator's loss of a fake at each of the points (n, dim): where it is sent, (n, dim).

        real (m, dim): points that a relativistic objective compares with, by their mean logit; without them it is
        taken for 0, which changes the length but not the direction.
        """
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            fake = self.critic(x)
            compared = fake.new_zeros(()) if real is None else self.critic(real).mean().detach()
            (gradient,) = torch.autograd.grad(self.objective.generator(compared, fake).sum(), x)
        return -gradient

    def signals(self, real: Tensor, fake: Tensor) -> dict[str, float]:
        """How the game stands, on real and fake points (n, dim) each, whatever the objective.

        accuracy: how often a real point has a higher logit than a fake: ½ is a draw, 1 a discriminator that has won.
        logit_gap: the difference of the mean logits. gradient: the mean length of `generator_gradient` on the fakes.
        """
        with torch.no_grad():
            ours, theirs = self.critic(real).contiguous(), self.critic(fake).sort().values
        below = torch.searchsorted(theirs, ours) + torch.searchsorted(theirs, ours, right=True)
        return {
            "accuracy": float(below.double().mean()) / (2 * len(theirs)),  # those that are equal count half
            "logit_gap": float(ours.mean() - theirs.mean()),
            "gradient": float(self.generator_gradient(fake, real).norm(dim=1).mean()),
        }

    def generator_grid(self, cells: int = 20) -> tuple[Tensor, Tensor]:
        """The grid over the first two latent dimensions, carried to the plane: its corners (cells + 1, cells + 1, 2),
        and the density of the samples of each cell (cells, cells). See `warp`."""
        z = generator_grid.latent_corners(cells, self.config.latents)
        corners = self.generate(z.to(next(self.generator.parameters())))
        return corners, generator_grid.density(corners)

    def invert(self, x: Tensor, generator: Generator, candidates: int = 4096) -> Tensor:
        """For each point (n, dim), the latent (n, latents) whose fake is nearest, among so many."""
        z = self.latent(candidates, generator)
        return z[torch.cdist(x, self.generate(z)).argmin(1)]
