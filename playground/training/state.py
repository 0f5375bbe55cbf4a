"""The state of a run between two steps."""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from safetensors.torch import load, save
from torch import Tensor


@dataclass(frozen=True)
class State:
    """Everything that is needed to continue a run exactly from a step. Holds copies, which are never modified."""

    step: int
    models: list[dict[str, Tensor]]
    moments: list[dict[str, Tensor]]  # of each player's optimizer; empty before its first step
    generator: Tensor
    guards: dict[str, tuple[float | None, float]]
    round: int
    began: int  # the step at which the round began
    material: Any  # what it learns from (see `Family.prepare_round`), shared by all states of a round

    @cached_property
    def nbytes(self) -> int:
        return sum(tensor.nbytes for tensors in (*self.models, *self.moments) for tensor in tensors.values())

    def to_bytes(self) -> bytes:
        """The state as safetensors, for another process. Its material isn't in it."""
        parts = {f"model {i} {name}": value for i, model in enumerate(self.models) for name, value in model.items()}
        parts |= {f"moment {i} {name}": value for i, of in enumerate(self.moments) for name, value in of.items()}
        numbers = {"step": self.step, "guards": self.guards, "round": self.round, "began": self.began}
        numbers |= {"models": len(self.models), "moments": len(self.moments)}
        tensors = {name: value.detach().cpu().contiguous() for name, value in parts.items()}
        return save(tensors | {"generator": self.generator.cpu()}, {"numbers": json.dumps(numbers)})

    @classmethod
    def from_bytes(cls, content: bytes) -> "State":
        """The state that `to_bytes` wrote."""
        header = content[8 : 8 + int.from_bytes(content[:8], "little")]
        numbers = json.loads(json.loads(header)["__metadata__"]["numbers"])
        tensors = load(content)
        generator = tensors.pop("generator")
        found: dict[tuple[str, int], dict[str, Tensor]] = defaultdict(dict)
        for name, value in tensors.items():
            kind, number, rest = name.split(" ", 2)
            found[kind, int(number)][rest] = value
        return cls(
            step=numbers["step"],
            models=[found["model", i] for i in range(numbers["models"])],
            moments=[found["moment", i] for i in range(numbers["moments"])],
            generator=generator,
            guards={name: tuple(memory) for name, memory in numbers["guards"].items()},
            round=numbers["round"],
            began=numbers["began"],
            material=None,
        )
