"""The settings of flow matching."""

from typing import Annotated, Literal

from playground.config import knob
from playground.families import settings
from playground.families.base import FamilyConfig
from playground.families.conditioning import class_index, lacking


class FlowConfig(FamilyConfig):
    """The settings of flow matching. The defaults are the recipe measured in benchmarks/recipes.py."""

    SAMPLING = frozenset({"solver", "solver_steps", "label", "guidance"})

    width: Annotated[int, settings.width()] = 64
    learning_rate: Annotated[float, settings.learning_rate()] = 2e-2
    solver: Annotated[
        Literal["euler", "midpoint", "heun", "rk4", "dopri5"],
        knob(
            "Solver",
            "How samples follow the field: Euler is crude, midpoint and Heun look ahead once, RK4 three times; "
            "dopri5 chooses its own steps.",
            live=True,
            words={"euler": "Euler", "heun": "Heun", "rk4": "RK4"},
        ),
    ] = "midpoint"
    solver_steps: Annotated[
        int, knob("Solver steps", "Steps from noise to data. Few steps are fast and coarse.", ge=1, le=100, live=True)
    ] = 10
    label: Annotated[settings.Label, settings.label()] = "any"
    guidance: Annotated[float, settings.guidance()] = 1.0
    label_dropout: Annotated[float, settings.label_dropout()] = 0.5
    reflows: Annotated[
        int,
        knob(
            "Reflows",
            "How often the flow learns anew, from the ends of its own paths. Each takes as many steps again.",
            ge=0,
            le=9,
            live=True,
            more=True,
        ),
    ] = 0
    depth: Annotated[int, settings.depth()] = 4
    frequencies: Annotated[int, settings.frequencies("Time frequencies", "what time it is")] = 4

    @property
    def class_index(self) -> int | None:
        """The class to sample, or None for any class and for models without classes."""
        return class_index(self.label, self.label_dropout)

    def suits(self, classes: int) -> str:
        return lacking(self.label, classes)
