"""Capabilities of families besides training and sampling, each with its signatures and shapes.

A family declares a capability by inheriting from it, as in `class VAE(Family, LatentVariable)`. A view, a layout or a
question names the capability that it needs, so no table of families and views is needed. Methods of the same name
declare nothing: a normalizing flow may call its two maps encode and decode without being treated as a VAE. With some
settings a model may lack what its class declares (`Family.lacks`).

Points x (n, dim) are in canvas coordinates (see `playground.data.canvas`); an image is a point with one coordinate per
pixel. Times t (n,) are the page's: 0 is noise, 1 is data. The contract test calls every capability that a family
declares, on points and on images.
"""

from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, Protocol, Self

import torch
from torch import Tensor

from playground.families.continuous import STEPS

if TYPE_CHECKING:
    from playground.families.ideal import MixtureDensity
    from playground.families.paths import Path


def can(family: object, capability: type | None) -> bool:
    """Whether a family, given as a class, declares a capability, or, given as an instance, has it with its settings.
    True if the capability is None."""
    if capability is None:
        return True
    if isinstance(family, type):
        return capability in family.__mro__
    return capability in type(family).__mro__ and capability not in getattr(family, "lacks", ())


class Trajectory(Protocol):
    """Transports noise to data along trajectories that can be shown."""

    @abstractmethod
    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """n initial points at t = 0: (n, dim)."""

    @abstractmethod
    def times(self) -> Tensor:
        """The time grid of sampling, increasing from 0 to 1: (k,)."""

    @abstractmethod
    def trajectory(self, z: Tensor, times: Tensor | None = None) -> Tensor:
        """Positions, at each of the times, of points that are at z (n, dim) at times[0]: (len(times), n, dim). The
        default is `times()`; given times may also decrease or be a single one."""

    def decode(self, x: Tensor) -> Tensor:
        """The data at positions x (…, dim): these themselves, unless they lie in a latent space."""
        return x


class VelocityField(Trajectory, Protocol):
    """Has trajectories that follow a velocity field, dx/dt = v(x, t)."""

    @abstractmethod
    def velocity(self, x: Tensor, t: Tensor) -> Tensor:
        """The learned velocity at points x (n, dim) and times t (n,): (n, dim)."""


class ExactField(VelocityField, Protocol):
    """Has a velocity field whose exact form for given data is known."""

    @abstractmethod
    def levels(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """(α, σ) at times t (n,), each (n,): at t, data x1 have become α x1 + σ ε with noise ε ~ N(0, I)."""

    @abstractmethod
    def exact_velocity(self, x: Tensor, t: Tensor, data: Tensor) -> Tensor:
        """The velocity that transports noise exactly onto the data (m, dim): (n, dim)."""


class ConditionalPaths(VelocityField, Protocol):
    """Learns its velocity field by regression onto the velocities of paths, each between one point of noise and one of
    data."""

    @property
    @abstractmethod
    def path(self) -> "Path":
        """The paths and their law in training (`playground.families.paths`)."""

    @property
    @abstractmethod
    def coupled(self) -> int:
        """How many pairs of a batch are coupled together: 1 if they are independent."""

    @property
    @abstractmethod
    def standard(self) -> bool:
        """Whether `noise` is N(0, I)."""


class ContinuousDensity(VelocityField, Protocol):
    """Has the density to which its velocity field carries noise: a continuous normalizing flow. Each value costs the
    solution of an ODE."""

    @abstractmethod
    def log_density(
        self, x: Tensor, t: float = 1.0, steps: int = STEPS, probe: Tensor | None = None
    ) -> Generator[None, None, Tensor]:
        """log p_t(x) in nats (n,), at points x (n, dim), with the noise's density at t = 0. Yields after each of the
        steps. probe: signs (n, dim) for Hutchinson's estimate; without them, the divergence is exact."""


class Solved(VelocityField, Protocol):
    """Samples by a solver of its choice: one of `playground.solvers.SOLVERS`, or one that the model has learned."""

    @property
    @abstractmethod
    def solver(self) -> str:
        """The solver's name."""

    @property
    @abstractmethod
    def solvers(self) -> tuple[str, ...]:
        """The names of all that it can be sampled with."""

    @abstractmethod
    def with_solver(self, solver: str, steps: int) -> Self:
        """The same model with shared weights, with another solver and other steps."""


class Denoiser(ExactField, Protocol):
    """Predicts x̂0, the denoised point, from x_t = α x0 + σ ε, and therefore the score at every noise level."""

    @property
    @abstractmethod
    def sampler(self) -> str:
        """The name of its sampler, one of `playground.families.diffusion.samplers.SAMPLERS`."""

    @abstractmethod
    def with_sampler(self, sampler: str, steps: int | None = None, eta: float | None = None) -> Self:
        """The same model with shared weights, with another sampler and, if given, other steps and η."""

    @abstractmethod
    def log_snr(self, t: Tensor) -> Tensor:
        """λ = log(α²/σ²) at times t (n,): (n,)."""

    @abstractmethod
    def signal_left(self) -> float:
        """α at t = 0: the remaining signal at the noise end."""

    @abstractmethod
    def noised(self, x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """x_t (n, dim), from data x0 and noise (n, dim) at times t (n,)."""

    @abstractmethod
    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        """x̂0 (n, dim), the denoised points for x (n, dim) at times t (n,)."""

    @abstractmethod
    def exact_denoise(self, x: Tensor, t: Tensor, data: "Tensor | MixtureDensity") -> Tensor:
        """The exact x̂0 (n, dim), for finite data (m, dim) or for a density."""

    @abstractmethod
    def score(self, x: Tensor, t: Tensor, x0_hat: Tensor | None = None) -> Tensor:
        """∇ log p_t(x) (n, dim), of the model or of the x̂0 (n, dim) given."""

    @abstractmethod
    def steps(
        self, z: Tensor, draw: Callable[[], Tensor], data: Tensor | None = None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """The sampler's steps from noise z (n, dim): the points (n, dim) after each step, and the x̂0 predicted before
        it. draw: fresh noise (n, dim). data (m, dim): use their exact denoiser instead of the model."""

    @abstractmethod
    def chain(self, z: Tensor, data: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Points and x̂0 along `times()`, both (len(times()), n, dim), with the same noise at each call."""


class Conditional(Protocol):
    """Can sample a single class."""

    @property
    @abstractmethod
    def label(self) -> int | None:
        """The sampled class, or None for all."""


class Density(Protocol):
    """Has an exact log-likelihood, for the price of a few passes of the network."""

    @abstractmethod
    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats at points x (n, dim): (n,)."""


class LossFloor(Protocol):
    """Has a known minimum of the loss."""

    @abstractmethod
    def loss_floor(self, law: "MixtureDensity", u: Tensor) -> float:
        """The loss of the exact model of data with this law, a mean over n noisy points: functions of numbers that are
        uniform in (0, 1), u (n, 2 + dim), see `playground.families.stratified.spread_evenly`. In double precision."""


class LatentVariable(Protocol):
    """Encodes data into a latent space, decodes latents, and has a lower bound on the likelihood (ELBO)."""

    prior: Any
    """p(z), see `playground.families.vae.priors`."""

    @property
    @abstractmethod
    def std(self) -> Tensor:
        """The standard deviation of the decoder's noise, a scalar."""

    @abstractmethod
    def latent(self, n: int, generator: torch.Generator) -> Tensor:
        """z ~ p(z), (n, latents)."""

    @abstractmethod
    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posteriors of points x (n, dim): means and standard deviations, (n, latents) each."""

    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """The decoder's means for latents z (n, latents): (n, dim)."""

    @abstractmethod
    def reconstruct(self, x: Tensor) -> Tensor:
        """The reconstructions of points x (n, dim): (n, dim)."""

    @abstractmethod
    def loss(self, x: Tensor, generator: torch.Generator, labels: Tensor | None = None) -> Tensor:
        """The training loss on points x (n, dim): a scalar."""

    @abstractmethod
    def elbo(self, x: Tensor, generator: torch.Generator) -> Any:
        """Rate, distortion and the rate of each latent dimension on points x (n, dim), in nats."""

    @abstractmethod
    def log_weights(self, x: Tensor, samples: int, generator: torch.Generator, defensive: bool = False) -> Tensor:
        """log p(x, z) − log q(z|x) of `samples` latents z ~ q(z|x) for each point x (n, dim), in nats: (samples, n).
        defensive: the same for half of the latents from q and half from the prior, which have smaller errors."""

    @abstractmethod
    def active_units(self, x: Tensor) -> Tensor:
        """Whether each latent dimension is active on points x (n, dim): booleans (latents,)."""

    @abstractmethod
    def inactive_units(self, x: Tensor, generator: torch.Generator) -> list[Any]:
        """The inactive latent dimensions, each with a reason (`playground.families.vae.latent_space.InactiveUnit`)."""

    @abstractmethod
    def interpolate(self, a: Tensor, b: Tensor, kind: Any = "linear", steps: int = 32) -> Tensor:
        """The linear or spherical interpolation from a to b (latents,), both ends included: (steps, latents)."""

    @abstractmethod
    def relax(self, a: Tensor, b: Tensor, steps: int, x: Tensor) -> Iterator[Tensor]:
        """Successive iterates of an interpolation (steps, latents) from a to b through regions where codes of x lie."""


class Adversarial(Protocol):
    """A generator that learns from a discriminator."""

    @abstractmethod
    def latent(self, n: int, generator: torch.Generator) -> Tensor:
        """z ~ p(z), (n, latents)."""

    @abstractmethod
    def generate(self, z: Tensor) -> Tensor:
        """G(z) for latents z (n, latents): (n, dim)."""

    @abstractmethod
    def critic(self, x: Tensor) -> Tensor:
        """The discriminator's logits at points x (n, dim): (n,)."""

    @abstractmethod
    def boundary(self, real: Tensor, fake: Tensor) -> float:
        """The logit of the decision boundary between real and fake; points (n, dim) each."""

    @property
    @abstractmethod
    def judges_by_probability(self) -> bool:
        """Whether the sigmoid of `critic` is the probability that a point is real; otherwise it is only a score."""

    @abstractmethod
    def generator_gradient(self, x: Tensor, real: Tensor | None = None) -> Tensor:
        """The negative gradient of the generator's loss with respect to fakes at x (n, dim): (n, dim)."""

    @abstractmethod
    def signals(self, real: Tensor, fake: Tensor) -> dict[str, float]:
        """The state of the game from points (n, dim) each: "accuracy", "logit_gap" and "gradient"."""

    @abstractmethod
    def generator_grid(self, cells: int = 20) -> tuple[Tensor, Tensor]:
        """The image in the plane (dim = 2) of a grid over the first two latents: its corners (cells + 1, cells + 1, 2),
        and the density of the samples in each cell (cells, cells)."""
