"""What a family can do besides being trained and sampled: capabilities, each with its signatures and shapes.

A family claims a capability by inheriting from it, as in `class VAE(Family, LatentVariable)`. A view, a layout or a
question names the one that it needs, so there is no table of families and pictures. Methods that merely have the same
names claim nothing: a normalizing flow may call its two maps encode and decode without being taken for a VAE.

Places x (n, dim) are in the coordinates of the canvas (see `playground.data.canvas`); an image is a place with as many
coordinates as pixels. Times t (n,) are the page's: 0 is noise, 1 is data. The contract test calls every capability that
a family claims, on points and on images.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, Self

from torch import Generator, Tensor

if TYPE_CHECKING:
    from playground.families.ideal import MixtureDensity


def can(family: object, capability: type | None) -> bool:
    """Whether a family, a class or an instance, claims a capability. Everybody can do what needs none."""
    cls = family if isinstance(family, type) else type(family)
    return capability is None or capability in cls.__mro__


class Trajectory(Protocol):
    """Carries noise to data along a path that can be followed."""

    @abstractmethod
    def noise(self, n: int, generator: Generator) -> Tensor:
        """Where n samples begin, at t = 0: (n, dim)."""

    @abstractmethod
    def times(self) -> Tensor:
        """The grid that sampling goes along, rising from 0 to 1: (k,)."""

    @abstractmethod
    def trajectory(self, z: Tensor, times: Tensor | None = None) -> Tensor:
        """Where places z (n, dim) at times[0] are at each of the times (`times()` unless given, which may also fall or
        be a single one): (len(times), n, dim)."""


class VelocityField(Trajectory, Protocol):
    """Its trajectories follow a velocity, dx/dt = v(x, t), whose exact form for given data is known."""

    @abstractmethod
    def velocity(self, x: Tensor, t: Tensor) -> Tensor:
        """The learned velocity at places x (n, dim) and times t (n,): (n, dim)."""

    @abstractmethod
    def exact_velocity(self, x: Tensor, t: Tensor, data: Tensor) -> Tensor:
        """The velocity that would carry noise exactly onto the data (m, dim): (n, dim)."""


class Denoiser(VelocityField, Protocol):
    """Expects the clean data x̂0 behind noised ones, x_t = α x0 + σ ε, and so knows the score of every noise level."""

    @property
    @abstractmethod
    def sampler(self) -> str:
        """The name of its sampler, one of `playground.families.diffusion.samplers.SAMPLERS`."""

    @abstractmethod
    def with_sampler(self, sampler: str, steps: int | None = None, eta: float | None = None) -> Self:
        """The same model, sharing its weights, with another sampler, and other steps and η if they are given."""

    @abstractmethod
    def log_snr(self, t: Tensor) -> Tensor:
        """λ = log(α²/σ²) at times t (n,): (n,)."""

    @abstractmethod
    def signal_left(self) -> float:
        """α at t = 0: how much of the data is left where noise should be."""

    @abstractmethod
    def noised(self, x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """x_t (n, dim), from data x0 and noise (n, dim) at times t (n,)."""

    @abstractmethod
    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        """x̂0 (n, dim) behind places x (n, dim) at times t (n,)."""

    @abstractmethod
    def exact_denoise(self, x: Tensor, t: Tensor, data: "Tensor | MixtureDensity") -> Tensor:
        """x̂0 (n, dim) as it is exactly, for finite data (m, dim) or for a density."""

    @abstractmethod
    def score(self, x: Tensor, t: Tensor, x0_hat: Tensor | None = None) -> Tensor:
        """∇ log p_t(x) (n, dim), of the model or of the x̂0 (n, dim) given."""

    @abstractmethod
    def steps(
        self, z: Tensor, draw: Callable[[], Tensor], data: Tensor | None = None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """The sampler's steps from noise z (n, dim): the places (n, dim) after each, and the x̂0 expected before it.
        draw: fresh noise (n, dim). data (m, dim): follow their exact denoiser instead of the model."""

    @abstractmethod
    def chain(self, z: Tensor, data: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Places and x̂0 along `times()`, both (len(times()), n, dim), with the same fresh noise at each call."""


class Conditional(Protocol):
    """Can be asked for samples of one class."""

    @property
    @abstractmethod
    def label(self) -> int | None:
        """The class that is sampled, or None for all."""


class Density(Protocol):
    """Knows its log-likelihood exactly."""

    @abstractmethod
    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) in nats at places x (n, dim): (n,)."""


class LossFloor(Protocol):
    """The loss of the best possible model is known."""

    @abstractmethod
    def loss_floor(self, data: Tensor, generator: Generator, labels: Tensor | None = None) -> float:
        """What the loss would be for a model that is exact on the data (m, dim) of classes labels (m,)."""


class LatentVariable(Protocol):
    """Encodes data into a latent space, decodes them, and bounds their likelihood."""

    prior: Any
    """p(z), see `playground.families.vae.priors`."""

    @property
    @abstractmethod
    def std(self) -> Tensor:
        """The standard deviation of the decoder's noise, a scalar."""

    @abstractmethod
    def latent(self, n: int, generator: Generator) -> Tensor:
        """z ~ p(z), (n, latents)."""

    @abstractmethod
    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posteriors of places x (n, dim): means and standard deviations, (n, latents) each."""

    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """What latents z (n, latents) become: (n, dim)."""

    @abstractmethod
    def reconstruct(self, x: Tensor) -> Tensor:
        """What becomes of places x when they are encoded and decoded: (n, dim)."""

    @abstractmethod
    def loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """What training minimises on places x (n, dim): a scalar."""

    @abstractmethod
    def elbo(self, x: Tensor, generator: Generator) -> Any:
        """Rate, distortion and the rate of each latent dimension on places x (n, dim), in nats."""

    @abstractmethod
    def log_weights(self, x: Tensor, samples: int, generator: Generator) -> Tensor:
        """log p(x, z) − log q(z|x) of so many z ~ q(z|x) for each place (n, dim), in nats: (samples, n)."""

    @abstractmethod
    def active_units(self, x: Tensor) -> Tensor:
        """Which latent dimensions are active on places x (n, dim): booleans (latents,)."""

    @abstractmethod
    def inactive_units(self, x: Tensor, generator: Generator) -> list[Any]:
        """Those that are not, each with its reason (see `playground.families.vae.latent_space.InactiveUnit`)."""

    @abstractmethod
    def interpolate(self, a: Tensor, b: Tensor, way: Any = "straight", steps: int = 32) -> Tensor:
        """Latents from a to b (latents,), straight or spherical, both ends included: (steps, latents)."""

    @abstractmethod
    def relax(self, a: Tensor, b: Tensor, steps: int, x: Tensor) -> Iterator[Tensor]:
        """Latents (steps, latents) from a to b that keep to where the codes of x lie, ever better while it searches."""


class Adversarial(Protocol):
    """A generator that learns from a discriminator."""

    @abstractmethod
    def latent(self, n: int, generator: Generator) -> Tensor:
        """z ~ p(z), (n, latents)."""

    @abstractmethod
    def generate(self, z: Tensor) -> Tensor:
        """G(z) for latents z (n, latents): (n, dim)."""

    @abstractmethod
    def critic(self, x: Tensor) -> Tensor:
        """The discriminator's logits at places x (n, dim): (n,)."""

    @abstractmethod
    def boundary(self, real: Tensor, fake: Tensor) -> float:
        """The logit that parts what it takes for real from what it takes for fake; places (n, dim) each."""

    @abstractmethod
    def generator_gradient(self, x: Tensor, real: Tensor | None = None) -> Tensor:
        """Where the generator's loss would send fakes at places x (n, dim): (n, dim)."""

    @abstractmethod
    def signals(self, real: Tensor, fake: Tensor) -> dict[str, float]:
        """How the game stands, from places (n, dim) each: "accuracy", "logit_gap" and "gradient"."""

    @abstractmethod
    def generator_grid(self, cells: int = 20) -> tuple[Tensor, Tensor]:
        """A grid over the first two latents, carried to the plane (dim = 2): its corners (cells + 1, cells + 1, 2), and
        the density of the samples of each cell (cells, cells)."""


CAPABILITIES: tuple[type, ...] = (
    Trajectory,
    VelocityField,
    Denoiser,
    Conditional,
    Density,
    LossFloor,
    LatentVariable,
    Adversarial,
)
