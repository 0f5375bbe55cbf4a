"""Settings that several families share, written once: `width: Annotated[int, settings.width()] = 64`."""

from typing import Any, Literal

from playground.config import knob

Label = Literal["any", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
"""A class of the data, or any."""


def learning_rate(title: str = "Learning rate", moves: str = "the weights", le: float = 1) -> Any:
    """A learning rate of Adam; moves: what it updates, in words for the help text."""
    help = f"How far each step moves {moves}. Too high, and training blows up."
    return knob(title, help, ge=1e-5, le=le, live=True, log=True)


def batch_size() -> Any:
    return knob("Batch size", "Data points in one step.", ge=16, le=4096, live=True, more=True, log=True)


def width(more: bool = False) -> Any:
    help = "Units in each hidden layer. Wider networks bend more sharply."
    return knob("Width", help, ge=8, le=256, multiple_of=8, more=more)


def depth() -> Any:
    return knob("Depth", "Hidden layers.", ge=1, le=6, more=True)


def frequencies(title: str, tell: str) -> Any:
    """The number of harmonics that encode a network's time or noise level."""
    return knob(title, f"Harmonics that tell the network {tell}.", ge=0, le=8, more=True)


def label() -> Any:
    return knob("Class", "Which class to sample, of those that the data has.", live=True, classes=True)


def guidance() -> Any:
    return knob("Guidance", "Exaggerates the class: 1 is the class as it was learned.", ge=0, le=10, live=True)


def label_dropout() -> Any:
    return knob("Label dropout", "How often classes are hidden in training.", ge=0, le=1, live=True, more=True)


def latents(help: str) -> Any:
    return knob("Latent dimensions", f"{help} Two can be drawn.", ge=1, le=32)
