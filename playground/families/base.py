"""What a family is to the rest of the house: players that can be trained, samples, and what else it can show.

A family is one module, read top to bottom like its paper. Its class says what can be seen of it by having the method:
`velocity(x, t)`, `trajectory(z)`, later `score(x, t)`, `critic(x)`, `encode(x)`, `log_prob(x)`. A view names the method
that it needs, so there is no table of families and pictures. Everything is in the coordinates of the square (see
`playground.data.canvas`), and t = 0 is noise, t = 1 is data.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from torch import Generator, Tensor, nn

from playground.config import Config, knob
from playground.families import settings


class FamilyConfig(Config):
    """What every family's Config has, because training asks for it. SAMPLING: fields that only sampling asks for."""

    SAMPLING: ClassVar[frozenset[str]] = frozenset()

    batch_size: Annotated[int, settings.batch_size()] = 512
    schedule: Annotated[
        Literal["cosine", "constant"],
        knob("Schedule", "Whether the learning rate glides to zero over the training or stays.", live=True, more=True),
    ] = "cosine"
    averaging: Annotated[
        float,
        knob(
            "Weight averaging",
            "Samples come from a running mean of the weights with this memory; 0 turns it off.",
            ge=0,
            le=0.9999,
            live=True,
            more=True,
        ),
    ] = 0.999

    def suits(self, classes: int) -> str:
        """A sentence for the visitor if these settings ask for what data with so many classes lack, else nothing."""
        return ""


@dataclass(frozen=True)
class Player:
    """One side of the game: a loss, and the parameters that it moves. Most families have one, a GAN has two.

    loss(x, generator, labels): the mean loss on a batch x (n, dim) of data, whose classes are labels (n,); all chance
    comes from the generator.
    steps: how many steps it takes in one training step. betas: Adam's memories.
    clip: a gradient that is longer is shortened to this (Pascanu et al., arXiv 1211.5063), so that one odd batch can't
    break a run of large steps; None where players answer each other, and gradients may be of any length.
    far: a loss this many times its first one means that training blew up; None where losses may go anywhere.
    """

    name: str
    parameters: Iterable[nn.Parameter]
    loss: Callable[[Tensor, Generator, Tensor], Tensor]
    learning_rate: float
    steps: int = 1
    betas: tuple[float, float] = (0.9, 0.999)
    clip: float | None = 1.0
    far: float | None = 20.0


class Family(nn.Module, ABC):
    """A model under training. Subclasses set `Config`, `title` and `about`, and write `players` and `sample`."""

    Config: ClassVar[type[FamilyConfig]]
    title: ClassVar[str]
    about: ClassVar[str]
    """Three sentences for the page on what is being seen."""
    equation: ClassVar[str]
    """The one equation to keep in mind, as HTML."""

    config: FamilyConfig
    progress: float = 0.0
    """How much of the training is over, from 0 to 1; training keeps it, for objectives that change on the way."""
    step: int = 0
    """How many training steps are over; training keeps it, too, for what is done only every so often."""

    def __init__(self, config: FamilyConfig, shape: tuple[int, ...] = (2,)):
        """shape: of one datum, (2,) in the plane or (height, width) of an image; dim is the number of its coordinates.
        A batch has shape (n, dim)."""
        super().__init__()
        self.config = config
        self.shape = shape
        self.dim = math.prod(shape)

    @abstractmethod
    def players(self) -> list[Player]:
        """Who is trained, in the order of their turns. Called again when the config changes."""

    @abstractmethod
    def forward(self, x: Tensor) -> Any:
        """Send data x (n, dim) once through every network: what one evaluation costs is counted here."""

    @staticmethod
    def evaluations(config: Any) -> int:
        """How often the network is asked to make one sample with this config: what sampling costs."""
        return 1

    @staticmethod
    def passes(config: Any) -> float:
        """How often one training step sends each of its points through the networks with this config."""
        return 1

    @abstractmethod
    def sample(self, n: int, generator: Generator) -> Tensor:
        """n fresh samples (n, dim)."""
