"""The interface of a family: players that can be trained, and samples.

A family is one module or package, ordered like its paper. What else it can show, it declares by inheriting from the
capabilities in `playground.families.capabilities`. Everything is in canvas coordinates (see `playground.data.canvas`);
t = 0 is noise, t = 1 is data.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping
from collections.abc import Generator as Pieces
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from torch import Generator, Tensor, nn

from playground.config import Config, knob
from playground.data.kinds import Kind
from playground.families import settings


class FamilyConfig(Config):
    """The settings that every family's Config has, because training needs them. SAMPLING: fields that only sampling
    uses. IMAGES: the defaults for images, where they are others than a field's own, which is for points; also those of
    the training's budget."""

    SAMPLING: ClassVar[frozenset[str]] = frozenset()
    IMAGES: ClassVar[Mapping[str, Any]] = {}

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

    @classmethod
    def defaults(cls, kind: Kind) -> dict[str, Any]:
        """The defaults for data of a kind that differ from those of the fields."""
        return dict(cls.IMAGES) if kind == "images" else {}

    @classmethod
    def usual(cls, kind: Kind) -> dict[str, Any]:
        """All settings that nobody has changed, for data of a kind, and what of the training's budget is other then."""
        return {name: field.default for name, field in cls.model_fields.items()} | cls.defaults(kind)

    def suits(self, classes: int) -> str:
        """A sentence for the visitor if these settings don't suit data with `classes` classes, else an empty string."""
        return ""

    def suits_shape(self, shape: tuple[int, ...]) -> str:
        """A sentence for the visitor if these settings don't suit data of this shape, else an empty string."""
        return ""


@dataclass(frozen=True)
class Player:
    """A loss and the parameters that minimise it. Most families have one player, a GAN has two.

    loss(x, generator, labels): the mean loss on a batch x (n, dim) of data with classes labels (n,), or None if the
    data have no classes; all randomness comes from the generator. It must not wait for its device: no branch may depend
    on a tensor, nor may a tensor be made of Python's numbers (`playground.training.stepper`).
    steps: optimizer steps per training step. betas: Adam's decay rates.
    clip: maximum gradient norm; longer gradients are rescaled to it (Pascanu et al., arXiv 1211.5063), so that one
    unusual batch can't break a run with large steps. None for adversarial players: their gradients may have any length.
    far: training has diverged if the loss exceeds its first value by this factor; None if losses are unbounded.
    beside: whether it is a part of its own beside the model, whose loss is "the loss".
    """

    name: str
    parameters: Iterable[nn.Parameter]
    loss: Callable[[Tensor, Generator, Tensor | None], Tensor]
    learning_rate: float
    steps: int = 1
    betas: tuple[float, float] = (0.9, 0.999)
    clip: float | None = 1.0
    far: float | None = 20.0
    beside: bool = False


class Family(nn.Module, ABC):
    """A model in training. Subclasses set `Config`, `title` and `about`, and implement `players` and `sample`."""

    Config: ClassVar[type[FamilyConfig]]
    title: ClassVar[str]
    about: ClassVar[str]
    """Some sentences for the page that explain what it shows."""
    about_images: ClassVar[str] = ""
    """The same for image data, if the pictures of these are others."""
    equation: ClassVar[str]
    """The central equation: text, in which each symbol stands in braces (`playground.lessons.equations`)."""
    symbols: ClassVar[Mapping[str, str]]
    """The meaning of each symbol of the equation, in the order in which they are explained."""

    config: FamilyConfig
    progress: float | Tensor = 0.0
    """The completed fraction of the training, 0 to 1; set by the training, for objectives that change over time. A
    scalar tensor within steps that don't wait for their device."""
    step: int = 0
    """The number of completed training steps; set by the training, for terms that are computed only periodically."""
    round: int = 0
    """The number of completed rounds of the training (see `rounds`)."""
    prolonged_by: ClassVar[tuple[str, str] | None] = None
    """The setting that counts the rounds after the first, if there is one, and what to call one more of them."""
    between: ClassVar[str] = ""
    """What it does between two rounds, in a few words for the visitor."""

    def __init__(self, config: FamilyConfig, shape: tuple[int, ...] = (2,)):
        """shape: shape of one datum, (2,) in the plane, (height, width) for an image, or (height, width, 3) in
        colour; dim is the number of its coordinates. A batch has shape (n, dim)."""
        super().__init__()
        self.config = config
        self.shape = shape
        self.dim = math.prod(shape)

    @property
    def lacks(self) -> frozenset[type]:
        """The declared capabilities that this model lacks, because of its settings."""
        return frozenset()

    @property
    def waits(self) -> bool:
        """Whether a step waits for its device, because part of it is computed on the CPU."""
        return False

    @property
    def phase(self) -> Hashable:
        """What of the step's number decides which terms the losses have. In a step of the same phase and the same
        config, only numbers differ."""
        return None

    @abstractmethod
    def players(self) -> list[Player]:
        """The players, in the order of their turns. Called again when the config changes."""

    @abstractmethod
    def forward(self, x: Tensor) -> Any:
        """Send data x (n, dim) once through every network; used to count the cost of one evaluation."""

    @staticmethod
    def evaluations(config: Any) -> int:
        """The number of network evaluations per sample (NFE) with this config."""
        return 1

    @staticmethod
    def passes(config: Any) -> float:
        """The number of passes of each point through the networks in one training step with this config."""
        return 1

    # A training may have several rounds. Each has as many steps, and a schedule, moments and an average of its own.

    @staticmethod
    def rounds(config: Any) -> int:
        """The number of rounds of a training with this config."""
        return 1

    @staticmethod
    def preparation(config: Any, dim: int) -> float:
        """The number of network evaluations that prepare each round after the first."""
        return 0

    def prepare_round(self, labels: Tensor | None, generator: Generator) -> Pieces[None, None, Any]:
        """What the next round learns from, made by the averaged model at the end of the one before. It is never
        modified, and has a size in bytes, `nbytes`. Yields after some milliseconds. labels: the classes of the training
        data (n,), if there are any."""
        yield
        return None

    def begin_round(self, number: int, material: Any) -> None:
        """Learn from this, which `prepare_round` made, from now on; None in the first round."""
        self.round = number

    @staticmethod
    def overhead(config: Any) -> float:
        """The cost of one training step besides its networks, in floating-point operations."""
        return 0

    @abstractmethod
    def sample(self, n: int, generator: Generator) -> Tensor:
        """n fresh samples (n, dim)."""

    @classmethod
    def lines(cls, config: Any) -> list[Callable[..., Any]]:
        """The functions whose source shows how it learns with this config, and how it samples."""
        return [cls.players, cls.sample]
