"""The state of a run between two steps."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class State:
    """Everything that is needed to continue a run exactly from a step. Holds copies, which are never modified."""

    step: int
    models: list[dict[str, Tensor]]
    optimizers: list[dict[str, Any]]
    generator: Tensor
    guards: dict[str, tuple[float | None, float]]
    round: int
    began: int  # the step at which the round began
    material: Any  # what it learns from (see `Family.prepare_round`), shared by all states of a round

    @property
    def bytes(self) -> int:
        moments = [
            value for optimizer in self.optimizers for one in optimizer["state"].values() for value in one.values()
        ]
        weights = [value for model in self.models for value in model.values()]
        return sum(tensor.nbytes for tensor in [*weights, *moments])
