"""Normalizing flow: an invertible map from data to noise, trained by the exact likelihood of the data.

Dinh, Sohl-Dickstein, Bengio, *Density estimation using Real NVP*, ICLR 2017, arXiv 1605.08803, whose notation is used
here: f maps a datum x to noise z = f(x) ~ N(0, I), and f⁻¹ maps noise to samples. f is a chain of coupling layers. Each
transforms one half of the coordinates by a monotone function whose parameters depend on the other half. The function is
the rational-quadratic spline of Durkan, Bekasov, Murray, Papamakarios, *Neural Spline Flows*, NeurIPS 2019,
arXiv 1906.04032. Real NVP uses an affine map, which learns less in the same time and leaves filaments between modes.
"""

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import pad, softplus

from playground.config import knob
from playground.data.canvas import HALF
from playground.families import settings
from playground.families.base import Family, FamilyConfig, Player
from playground.families.capabilities import Density, Trajectory
from playground.families.gaussian import log_standard_normal
from playground.networks import mlp

TAIL_BOUND = HALF
"""B: splines map [−B, B] to itself and are the identity outside. All data lie on the canvas."""

MOST_COORDINATES = 64
"""Each coordinate has a spline of its own, whose parameters all come from one small network."""

SMALLEST = 1e-3
"""Minimum width and height of a bin, as a fraction of 2B, and minimum derivative at a knot, as in Durkan et al.'s code.
They bound the log-determinant, so that the loss can't overflow."""


class NormalizingFlowConfig(FamilyConfig):
    """The settings of a normalizing flow. With the defaults, the loss on two moons and eight Gaussians ends within .01
    nats of their entropy."""

    batch_size: Annotated[int, settings.batch_size()] = 256
    layers: Annotated[
        int, knob("Coupling layers", "Invertible maps in a chain. Each moves half of the coordinates.", ge=2, le=16)
    ] = 3
    bins: Annotated[int, knob("Spline bins", "Pieces of each spline. More bend more sharply.", ge=2, le=32)] = 16
    width: Annotated[int, settings.width()] = 32
    learning_rate: Annotated[float, settings.learning_rate()] = 1e-2
    depth: Annotated[int, settings.depth()] = 2

    def suits_shape(self, shape: tuple[int, ...]) -> str:
        small = math.prod(shape) <= MOST_COORDINATES
        return "" if small else "A normalizing flow of this size is for the plane, or for images of 8 × 8 pixels."


class CouplingLayer(nn.Module):
    """Keeps one half of the coordinates ("given") and transforms the other ("moved") by splines, whose parameters the
    conditioner, a network, computes from the given half: Real NVP, eq. 4–5, with splines instead of the affine map.

    share: interpolates the layer between the identity (0) and its spline (1); it is invertible for every share.
    """

    def __init__(self, given: int, moved: int, bins: int, width: int, depth: int):
        super().__init__()
        self.bins = bins
        self.conditioner = mlp(given, moved * (3 * bins - 1), width, depth)
        for parameter in self.conditioner[-1].parameters():
            nn.init.zeros_(parameter)  # the flow begins as the identity

    def knots(self, given: Tensor, share: float = 1.0) -> Tensor:
        """The knots x, y of each spline and its derivatives there, for given (n, given): (3, bins + 1, n, moved).

        Durkan et al., section 3.1. The bins come first because a softmax over the last of several axes is slow.
        """
        bins = self.bins
        raw = self.conditioner(given).unflatten(1, (3 * bins - 1, -1)).movedim(1, 0)
        sizes = SMALLEST + (1 - SMALLEST * bins) * raw[: 2 * bins].unflatten(0, (2, bins)).softmax(dim=1)
        places = pad(2 * TAIL_BOUND * sizes.cumsum(dim=1), (0, 0, 0, 0, 1, 0)) - TAIL_BOUND
        one = math.log(math.expm1(1 - SMALLEST))  # initial derivatives are 1: softplus(one) + SMALLEST = 1
        derivatives = pad(SMALLEST + softplus(raw[2 * bins :] + one), (0, 0, 0, 0, 1, 1), value=1.0)  # 1 in the tails
        if share != 1:
            places = torch.stack([places[0], torch.lerp(places[0], places[1], share)])
            derivatives = 1 + share * (derivatives - 1)
        return torch.cat([places, derivatives[None]])

    def forward(self, given: Tensor, moved: Tensor, share: float = 1.0) -> tuple[Tensor, Tensor]:
        """The moved half (n, moved) after the layer, and the logarithms of the derivatives, (n, moved) each."""
        knots = self.knots(given, share)
        x, (x0, y0, d0), (width, height), d1 = within_bin(knots, moved, axis=0)
        slope, xi = height / width, (x - x0) / width
        rest = 1 - xi
        both = xi * rest
        denominator = slope + (d0 + d1 - 2 * slope) * both
        y = y0 + height * xi * (slope * xi + d0 * rest) / denominator  # Durkan et al., eq. 4
        numerator = d1 * xi * xi + 2 * slope * both + d0 * rest * rest
        log_derivative = ((slope / denominator).square() * numerator).log()  # eq. 5
        inside = moved.abs() < TAIL_BOUND
        return torch.where(inside, y, moved), torch.where(inside, log_derivative, 0.0)

    def inverse(self, given: Tensor, moved: Tensor, share: float = 1.0) -> Tensor:
        """The moved half (n, moved) before the layer, from the one after it: Durkan et al., eq. 6–8."""
        y, (x0, y0, d0), (width, height), d1 = within_bin(self.knots(given, share), moved, axis=1)
        slope, above = height / width, y - y0
        bend = above * (d0 + d1 - 2 * slope)
        a, b, c = height * (slope - d0) + bend, height * d0 - bend, -slope * above
        root = (b.square() - 4 * a * c).clamp(min=0).sqrt()
        return torch.where(moved.abs() < TAIL_BOUND, x0 - 2 * c / (b + root) * width, moved)


def within_bin(knots: Tensor, values: Tensor, axis: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The bins that contain values (n, moved), for splines given by knots (3, bins + 1, n, moved). axis: whether the
    values are x (0) or y (1).

    Returns the values, clipped to [−B, B]; x, y and derivative at the lower knot (3, n, moved); width and height
    (2, n, moved); and the derivative at the upper knot.
    """
    values = values.clamp(-TAIL_BOUND, TAIL_BOUND)
    index = (values >= knots[axis, 1:-1]).sum(dim=0, keepdim=True)
    lower, upper = knots.gather(1, torch.cat([index, index + 1]).expand(3, *[-1] * 3)).unbind(1)
    return values, lower, upper[:2] - lower[:2], upper[2]


class NormalizingFlow(Family, Trajectory, Density):
    Config = NormalizingFlowConfig
    title = "Normalizing flow"
    about = (
        "Coupling layers turn data into noise; run backwards, they turn noise into the orange points. "
        "Each layer moves every point along half of the coordinates, so that paths are staircases. "
        "Since each can be undone, the density of any point is known exactly, and training makes the data as likely as "
        "it can. "
        "An invertible map can't tear the plane: thin bridges remain where the data fall apart."
    )
    about_images = (
        "Coupling layers turn images into noise; run backwards, they turn noise into the orange images. "
        "Each layer changes half of the pixels as the other half says, so that it can be undone. "
        "The density of any image is therefore known exactly, and training makes the data as likely as it can."
    )
    equation = "log {p_X}({x}) = log {p_Z}({z}) + log |det ∂{z}/∂{x}|, {z} = {f_θ}({x})"
    symbols: ClassVar = {
        "x": "A place among the data.",
        "z": "The noise that the layers turn it into.",
        "f_θ": "The chain of coupling layers, with the weights θ. It can be undone.",
        "p_X": "The model's density at x.",
        "p_Z": "The density of standard Gaussian noise at z.",
    }

    config: NormalizingFlowConfig
    order: Tensor
    layers: Sequence[CouplingLayer]
    """From data to noise."""

    def __init__(self, config: NormalizingFlowConfig, shape: tuple[int, ...] = (2,)):
        super().__init__(config, shape)
        dim = self.dim
        # The assignment of coordinates to the two halves: x and y in the plane; random for images, so that neighbouring
        # pixels are often in different halves.
        self.register_buffer("order", torch.arange(dim) if dim == 2 else torch.randperm(dim))
        self.sizes = (dim - dim // 2, dim // 2)
        self.layers = nn.ModuleList(  # type: ignore[assignment]
            CouplingLayer(self.sizes[1 - k % 2], self.sizes[k % 2], config.bins, config.width, config.depth)
            for k in range(config.layers)
        )

    # The model: z = f(x), layer by layer. The halves are transformed alternately.

    def halves(self, x: Tensor) -> list[Tensor]:
        """The two halves of the coordinates of points (n, dim)."""
        return list(x.index_select(1, self.order).split(self.sizes, dim=1))

    def whole(self, halves: list[Tensor]) -> Tensor:
        """Points (n, dim) from their halves."""
        return torch.cat(halves, dim=1).index_select(1, self.order.argsort())

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """z = f(x) of points (n, dim), and log |det ∂z/∂x|, (n,)."""
        halves, log_det = self.halves(x), x.new_zeros(len(x))
        for k, layer in enumerate(self.layers):
            halves[k % 2], log_derivative = layer(halves[1 - k % 2], halves[k % 2])
            log_det = log_det + log_derivative.sum(dim=1)
        return self.whole(halves), log_det

    def inverse(self, z: Tensor) -> Tensor:
        """x = f⁻¹(z) of points (n, dim)."""
        return self.states(z)[-1]

    def states(self, z: Tensor) -> list[Tensor]:
        """The states of noise z (n, dim) on the trajectory to data: before and after each layer, (n, dim) each."""
        halves, states = self.halves(z), [z]
        for k, layer in reversed(list(enumerate(self.layers))):
            halves[k % 2] = layer.inverse(halves[1 - k % 2], halves[k % 2])
            states.append(self.whole(halves))
        return states

    # The objective: the negative log-likelihood, exact by the change of variables.

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x) = log p(z) + log |det ∂z/∂x| of points (n, dim), in nats on the canvas: (n,). Real NVP, eq. 2–3."""
        z, log_det = self(x)
        return log_det + log_standard_normal(z)

    def loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """−E log p(x) on a batch x (n, dim), in nats. Only the batch is random."""
        return -self.log_prob(x).mean()

    def players(self) -> list[Player]:
        # Bounded splines leave the loss of a run that blew up finite, some 6 to 16 times the first; what recovers from
        # a bad start stays below 4 times.
        return [Player("flow", self.parameters(), self.loss, self.config.learning_rate, far=5.0)]

    # Sampling: noise through the inverse.

    def noise(self, n: int, generator: Generator) -> Tensor:
        """z ~ N(0, I), (n, dim)."""
        return torch.randn(n, self.dim, generator=generator, device=generator.device)

    def sample(self, n: int, generator: Generator) -> Tensor:
        return self.inverse(self.noise(n, generator))

    @classmethod
    def lines(cls, config: NormalizingFlowConfig) -> list[Callable[..., Any]]:
        return [cls.loss, cls.log_prob, cls.forward, CouplingLayer.forward, cls.sample, cls.states]

    # What can be seen: the layers act one after the other, each for an equal time.

    def times(self) -> Tensor:
        """The times at which the layers start and end, from noise to data: (layers + 1,)."""
        return torch.linspace(0, 1, self.config.layers + 1)

    def trajectory(self, z: Tensor, times: Tensor | None = None) -> Tensor:
        """The trajectory of each z (n, dim) from times[0] (default 0): (len(times), n, dim).

        While a layer acts, its spline is interpolated from the identity to its final form (`CouplingLayer`).
        """
        at = (self.times() if times is None else times).tolist()
        states = self.states(self._noise_of(z, at[0]))
        return torch.stack([z, *(self._between(states, t) for t in at[1:])])

    def _acting(self, t: float) -> tuple[int, float]:
        """The index, counted from data, of the layer that acts at time t, and its remaining share."""
        done = t * len(self.layers)
        count = min(int(done + 1e-6), len(self.layers) - 1)  # times at the end of a layer are rounded
        left = 1 - (done - count)
        return len(self.layers) - 1 - count, left if 1e-6 < left < 1 - 1e-6 else float(round(left))

    def _between(self, states: list[Tensor], t: float) -> Tensor:
        """Points with these states at time t: the output of the acting layer, with its remaining share undone."""
        k, left = self._acting(t)
        before, after = states[-2 - k], states[-1 - k]
        return before if left == 1 else after if left == 0 else self._moved(after, k, left)

    def _moved(self, x: Tensor, k: int, share: float) -> Tensor:
        halves = self.halves(x)
        halves[k % 2], _ = self.layers[k](halves[1 - k % 2], halves[k % 2], share)
        return self.whole(halves)

    def _noise_of(self, x: Tensor, t: float) -> Tensor:
        """The noise z whose trajectory passes through x (n, dim) at time t."""
        if t == 0:
            return x
        k, left = self._acting(t)
        halves = self.halves(x)
        halves[k % 2] = self.layers[k].inverse(halves[1 - k % 2], halves[k % 2], left)
        for i in range(k, len(self.layers)):
            halves[i % 2], _ = self.layers[i](halves[1 - i % 2], halves[i % 2])
        return self.whole(halves)
