"""What the outcome of a training must not hang on: its seed, the number of threads, and how a processor rounds.

Sums are rounded differently from one processor to the next. A game like a GAN's makes another run of that, which is
what a nudge of the first weights by a millionth does, too: it stands for another machine.
"""

from dataclasses import dataclass

import torch
from torch import nn

from playground.experiment import Experiment
from playground.training.run import Run


@dataclass(frozen=True)
class Variant:
    """seed is added to that of every run, nudge is the relative size of what is added to first weights."""

    seed: int = 0
    threads: int = 1
    nudge: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "Variant":
        seed, threads, nudge = text.split(",")
        return cls(int(seed), int(threads), float(nudge))

    def __str__(self) -> str:
        return f"{self.seed},{self.threads},{self.nudge:g}"

    def apply(self) -> None:
        """From now on and in this process, all runs are of this variant. Twice the same run is still the same."""
        torch.set_num_threads(self.threads)
        if self.seed:
            self._shift()
        if self.nudge:
            self._nudge()

    def _shift(self) -> None:
        begin, manual_seed, offset = Run.__init__, torch.manual_seed, self.seed

        def shifted(run: Run, experiment: Experiment, *others, **more) -> None:
            begin(run, experiment.model_copy(update={"seed": experiment.seed + offset}), *others, **more)
            run.experiment = experiment  # a fork of it is shifted, too, and once

        Run.__init__ = shifted  # type: ignore[method-assign]
        torch.manual_seed = lambda seed: manual_seed(seed + offset)  # for networks that tests build by hand

    def _nudge(self) -> None:
        reset, size = nn.Linear.reset_parameters, self.nudge

        def nudged(layer: nn.Linear) -> None:
            reset(layer)
            dice = torch.Generator().manual_seed(0)
            with torch.no_grad():
                for weights in layer.parameters():
                    weights.mul_(1 + size * torch.randn(weights.shape, generator=dice))

        nn.Linear.reset_parameters = nudged  # type: ignore[method-assign]
