"""Settings that several families share, written once: `width: Annotated[int, settings.width()] = 64`."""

from typing import Any, Literal

from playground.config import knob
from playground.data.kinds import IMAGES

Network = Literal["convolutional", "fully_connected"]
"""The kind of networks for images. Those for points are fully connected."""

DENSE = {"network": "fully_connected"}

Space = Literal["pixels", "latents"]
"""What of images a model of trajectories moves."""

Label = Literal["any", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
"""A class of the data, or any."""


def learning_rate(title: str = "Learning rate", moves: str = "the weights", le: float = 1) -> Any:
    """A learning rate of Adam; moves: what it updates, in words for the help text."""
    help = f"How far each step moves {moves}. Too high, and training blows up."
    return knob(title, help, ge=1e-5, le=le, live=True, log=True)


def batch_size() -> Any:
    return knob("Batch size", "Data points in one step.", ge=16, le=4096, live=True, more=True, log=True)


def network() -> Any:
    return knob(
        "Network",
        "Convolutions look at neighbouring pixels, the same everywhere. Fully connected layers know no neighbours.",
        kinds=IMAGES,
        words={"fully_connected": "fully connected"},
    )


def channels() -> Any:
    help = "Features of each pixel that the first layer finds. Each halving of the image doubles them."
    return knob("Channels", help, ge=4, le=64, multiple_of=4, kinds=IMAGES, when={"network": "convolutional"})


def width(more: bool = False) -> Any:
    help = "Units in each hidden layer. Wider networks bend more sharply."
    return knob("Width", help, ge=8, le=256, multiple_of=8, more=more, when=DENSE)


def depth() -> Any:
    return knob("Depth", "Hidden layers.", ge=1, le=6, more=True, when=DENSE)


def frequencies(title: str, tell: str) -> Any:
    """The number of harmonics that encode a network's time or noise level."""
    return knob(title, f"Harmonics that tell the network {tell}.", ge=0, le=8, more=True)


def label() -> Any:
    return knob("Class", "Which class to sample, of those that the data has.", live=True, classes=True)


def guidance() -> Any:
    return knob("Guidance", "Exaggerates the class: 1 is the class as it was learned.", ge=0, le=10, live=True)


def label_dropout() -> Any:
    return knob("Label dropout", "How often classes are hidden in training.", ge=0, le=1, live=True, more=True)


def space(moves: str) -> Any:
    """moves: what the model does with pixels or latents."""
    help = f"{moves} all pixels, or a few latents of an autoencoder that learns beside it: much faster."
    return knob("Space", help, kinds=IMAGES)


def space_latents() -> Any:
    help = "Numbers that the autoencoder squeezes an image into."
    return knob("Latents", help, ge=1, le=32, kinds=IMAGES, when={"space": "latents"})


def latents(help: str) -> Any:
    return knob("Latent dimensions", f"{help} Two can be drawn.", ge=1, le=32)
