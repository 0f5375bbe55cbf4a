"""Generative adversarial network: a generator makes fakes, a discriminator distinguishes them from data, both learn.

Goodfellow et al., *Generative Adversarial Nets*, NeurIPS 2014, arXiv 1406.2661, whose notation is used here: noise
z ~ p(z) = N(0, I), a generator G(z), and a discriminator D(x), here before its sigmoid: D is a logit. Later objectives
and penalties are in `objectives`, changes to the discriminator in `discriminator`.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Generator, Tensor

from playground.families.base import Family, Player
from playground.families.capabilities import Adversarial
from playground.families.gan import diagnostics, generator_grid
from playground.families.gan.discriminator import BEND, Discriminator, pack
from playground.families.gan.objectives import OBJECTIVES, Critic, Objective, one_centred, unrolled, zero_centred
from playground.families.gan.settings import GANConfig
from playground.networks import decoder


class GAN(Family, Adversarial):
    Config = GANConfig
    title = "GAN"
    about = (
        "The generator maps noise to points (orange), and the discriminator colours the plane by how real it finds "
        "each place. "
        "Each learns from the other's mistakes: fakes move up the slope, and the slope moves away. "
        "When the generator finds one place that is believed, it may forget all others: that is mode collapse."
    )
    about_images = (
        "The generator maps noise to images, and the discriminator says how real it finds each. "
        "Each learns from the other's mistakes: a fake becomes what the discriminator would believe more. "
        "When the generator finds a few images that are believed, it may forget all others: that is mode collapse."
    )
    equation = (
        "{D} maximises {𝔼} log {D}({x}) + {𝔼} log(1 − {D}({G}({z})))\n"
        "{G} maximises {𝔼} log {D}({G}({z})), if non-saturating"
    )
    symbols: ClassVar = {
        "D": "The discriminator: the probability, in its eyes, that a point is real.",
        "G": "The generator. Non-saturating is its default objective; with most others of the knob, D is a score.",
        "x": "A data point: it is real.",
        "z": "A latent: Gaussian noise, from which G makes a fake.",
        "𝔼": "The mean over data, or over latents.",
    }

    config: GANConfig

    def __init__(self, config: GANConfig, shape: tuple[int, ...] = (2,)):
        super().__init__(config, shape)
        self.generator = decoder(config, config.latents, shape, BEND)
        spectral, statistics = config.spectral_normalisation == "on", config.minibatch_statistics == "on"
        self.discriminator = Discriminator(config, shape, config.packing, spectral, statistics)

    def latent(self, n: int, generator: Generator) -> Tensor:
        """z ~ N(0, I), (n, latents)."""
        return torch.randn(n, self.config.latents, generator=generator, device=generator.device)

    def generate(self, z: Tensor) -> Tensor:
        """G(z), from (…, latents) to (…, dim)."""
        return self.generator(z)

    # The game. The discriminator moves first, on detached fakes; then the generator, on new ones.

    @property
    def objective(self) -> Objective:
        return OBJECTIVES[self.config.objective]

    def discriminator_input(self, x: Tensor, generator: Generator) -> Tensor:
        """The discriminator's input for points (n, dim): packs, with instance noise while it lasts (Sønderby et al.,
        arXiv 1610.04490; Arjovsky & Bottou, arXiv 1701.04862).

        The noise decays as a cube, so that training covers every scale down to that of the narrowest mode.
        """
        if self.config.instance_noise:
            std = self.config.instance_noise * (1 - self.progress) ** 3
            x = x + std * torch.randn(x.shape, generator=generator, device=x.device)
        return pack(x, self.config.packing)

    def discriminator_loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """The objective's loss on a batch x (n, dim) and as many fakes, plus the penalties every few steps."""
        with torch.no_grad():
            fake = self.discriminator_input(self.generate(self.latent(len(x), generator)), generator)
        real = self.discriminator_input(x, generator)
        self.discriminator.follow(real)
        loss = self.objective.discriminator(self.discriminator(real), self.discriminator(fake)).mean()
        return loss + self.penalty(real, fake, generator)

    def penalty(self, real: Tensor, fake: Tensor, generator: Generator) -> Tensor:
        """The sum of all penalties on real and fake packs (n, packing · dim) each (lazy regularization).

        It is computed every k-th step with k times the weight, and is zero otherwise (Karras et al., *StyleGAN2*, arXiv
        1912.04958, section 3.1).
        """
        config, critic = self.config, self.discriminator
        total = real.new_zeros(())
        if not self.phase:
            return total
        if config.r1:
            total = total + config.r1 * zero_centred(critic, real)
        if config.r2:
            total = total + config.r2 * zero_centred(critic, fake)
        if config.gradient_penalty:
            total = total + config.gradient_penalty * one_centred(critic, real, fake, generator)
        return config.penalty_every * total

    @property
    def phase(self) -> bool:
        """Whether this step has penalties."""
        return self.step % self.config.penalty_every == 0

    def generator_loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """The objective's loss against the current discriminator, or the unrolled one (without penalties)."""
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
        """A pass is forward and backward through both networks. A backward pass without weight gradients costs half; a
        penalty or an unrolled step needs double backpropagation, which costs three times as much as a plain pass."""
        penalties = sum(weight > 0 for weight in (config.r1, config.r2, 2 * config.gradient_penalty))
        discriminator = 1 + 1 / 6 + 1.5 * penalties / config.penalty_every
        return config.discriminator_steps * discriminator + 5 / 6 + 3 * config.unrolling

    def forward(self, x: Tensor) -> Tensor:
        return self.discriminator(pack(self.generate(x.new_zeros(len(x), self.config.latents)), self.config.packing))

    def sample(self, n: int, generator: Generator) -> Tensor:
        return self.generate(self.latent(n, generator))

    @classmethod
    def lines(cls, config: GANConfig) -> list[Callable[..., Any]]:
        return [cls.discriminator_loss, cls.penalty, cls.generator_loss, cls.sample]

    # What can be seen.

    def critic(self, x: Tensor) -> Tensor:
        """D(x) at points (n, dim), as logits (n,): in packs of copies of x, with the average spread of a batch."""
        return self.discriminator(x.repeat(1, self.config.packing), alone=True)

    def boundary(self, real: Tensor, fake: Tensor) -> float:
        """The logit of the decision boundary. If the objective doesn't define it, it is halfway between the mean logits
        of real and fake points (n, dim) each."""
        fixed = self.objective.boundary
        return float(self.critic(real).mean() + self.critic(fake).mean()) / 2 if fixed is None else fixed

    @property
    def judges_by_probability(self) -> bool:
        return self.objective.probability

    def generator_gradient(self, x: Tensor, real: Tensor | None = None) -> Tensor:
        return diagnostics.generator_gradient(self.critic, self.objective, x, real)

    def signals(self, real: Tensor, fake: Tensor) -> dict[str, float]:
        return diagnostics.signals(self.critic, self.objective, real, fake)

    def generator_grid(self, cells: int = 20) -> tuple[Tensor, Tensor]:
        z = generator_grid.latent_corners(cells, self.config.latents)
        corners = self.generate(z.to(next(self.generator.parameters())))
        return corners, generator_grid.density(corners)
