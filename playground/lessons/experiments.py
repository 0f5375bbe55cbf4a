"""The experiments of the recipes."""

from typing import Any

from playground.experiment import BUDGET, Experiment


def on(dataset: str, family: str, **given: Any) -> Experiment:
    """An experiment from settings of its training's budget and of the family, in one."""
    budget = {name: given.pop(name) for name in BUDGET if name in given}
    return Experiment(family=family, dataset=dataset, config=given, **budget)


def smiley(family: str, **given: Any) -> Experiment:
    """On the face that the shipped models have learned."""
    return on("smiley", family, **given)


BARE: dict[str, Any] = {"r1": 0, "averaging": 0, "width": 64, "depth": 3}
"""Settings with which a GAN can fail: no penalty. The plots show the current model, since averaged weights would hide a
collapse that moves."""


def ring_gan(steps: int, **config: Any) -> Experiment:
    """A GAN on eight modes, of which one sees at once which are lost."""
    return Experiment(family="gan", dataset="ring", steps=steps, config=config)


GRID = Experiment(
    family="gan",
    dataset="grid",
    steps=30_000,
    config={"width": 64, "discriminator_learning_rate": 2e-3, "generator_learning_rate": 2e-3},
)
"""Twenty-five modes need more steps than eight, slightly wider networks, and half the learning rate."""
