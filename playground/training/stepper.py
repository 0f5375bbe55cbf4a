"""One training step: the players take their turns, then their weights join the running means.

A step can be taken in three ways, which do the same:

- `Stepper` is told its numbers as Python's, and reads each loss at once. On the CPU that costs nothing.
- `Deferred` never waits for its device: what changes from step to step is filled into tensors, and the losses stay on
  the device until some of them are read together.
- `Recorded` is for CUDA. The step of a small network is some hundred kernels, which take longer to launch than to run.
  Once a step has been taken a few times, it is recorded as a graph, which is launched as one (*CUDA C++ Programming
  Guide*, "CUDA Graphs").
"""

import copy
import logging
from collections import Counter
from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor, nn

from playground.families import Family, Player
from playground.training.device import enter
from playground.training.flat_parameters import flatten, flatten_gradients, shorten
from playground.training.guard import Guard
from playground.training.pool import Pool


class Moment(NamedTuple):
    """The numbers that change from step to step.

    progress: the completed fraction of the training. rate: the factor of all learning rates. share: of the new weights
    in the running means.
    """

    step: int
    progress: float
    rate: float
    share: float


class Stepper:
    """The players of a run, and all that their steps change: weights, running means, moments, and guards.

    family, averaged: the model in training and its running mean, whose parameters move into flat tensors.
    """

    def __init__(self, family: Family, averaged: Family, pool: Pool, generator: torch.Generator):
        self.family, self.averaged = family, averaged
        self._points, self.generator = pool.points, generator
        self._labels = pool.labels if pool.classes > 1 else None
        self.players = family.players()
        self._parameters = [list(player.parameters) for player in self.players]
        self._weights = [nn.Parameter(flatten(parameters)) for parameters in self._parameters]
        self._gradients = [flatten_gradients(parameters) for parameters in self._parameters]
        for weights, gradients in zip(self._weights, self._gradients, strict=True):
            weights.grad = gradients
        self.means = [flatten(player.parameters) for player in averaged.players()]
        self._buffers = list(zip(averaged.buffers(), family.buffers(), strict=True))  # finding them takes a while
        self.guards = {player.name: Guard(player.far) for player in self.players}

    @cached_property
    def optimizers(self) -> list[torch.optim.Adam]:
        """One for each player. Made when they are needed: PyTorch then loads its compiler, and a run that is only
        looked at needs none."""
        return [self._optimizer(i, player, weights) for i, (player, weights) in enumerate(self._sides)]

    @property
    def _sides(self) -> Iterator[tuple[Player, nn.Parameter]]:
        return zip(self.players, self._weights, strict=True)

    def _optimizer(self, number: int, player: Player, weights: nn.Parameter) -> torch.optim.Adam:
        return torch.optim.Adam([weights], lr=player.learning_rate, betas=player.betas, fused=True)

    def configure(self) -> None:
        """Go on with the family's new config."""
        self.players = self.family.players()

    @property
    def moments(self) -> list[dict[str, Tensor]]:
        """A copy of what each optimizer remembers of its one tensor of weights; empty before its first step."""
        return [copy.deepcopy(optimizer.state_dict()["state"].get(0, {})) for optimizer in self.optimizers]

    def load(self, moments: list[dict[str, Tensor]]) -> None:
        """Go on with these moments, of the same weights on any device, after the weights have changed."""
        for optimizer, remembered in zip(self.optimizers, moments, strict=True):
            known = {0: copy.deepcopy(remembered)} if remembered else {}  # it would keep and modify its argument
            optimizer.load_state_dict(optimizer.state_dict() | {"state": known})

    @property
    def due(self) -> bool:
        """Whether losses should be read before the next step."""
        return False

    def read(self) -> None:
        """Show the guards the losses of steps whose losses weren't read yet. Raises Diverged."""

    def take(self, moment: Moment, only: str | None = None) -> None:
        """One step of every player, or only of the one named `only`. Raises Diverged."""
        for player, optimizer in zip(self.players, self.optimizers, strict=True):
            optimizer.param_groups[0].update(lr=player.learning_rate * moment.rate, betas=player.betas)
        self.tell(moment)
        self._turns(only)
        self._average(moment.share)

    def tell(self, moment: Moment) -> None:
        """Tell the family how far the training is."""
        self.family.step, self.family.progress = moment.step, moment.progress

    def _turns(self, only: str | None) -> None:
        for i, player in enumerate(self.players):
            if only is not None and player.name != only:
                continue
            parameters, gradients = self._parameters[i], self._gradients[i]
            for _ in range(player.steps):
                loss = player.loss(*self._batch())
                self._keep(player.name, loss.detach())
                gradients.zero_()
                loss.backward(inputs=parameters)  # leaves the other player's gradients unchanged
                if player.clip is not None:
                    shorten(gradients, player.clip)
                self.optimizers[i].step()

    def _batch(self) -> tuple[Tensor, torch.Generator, Tensor | None]:
        size, points = self.family.config.batch_size, self._points
        chosen = torch.randint(len(points), (size,), generator=self.generator, device=points.device)
        return points[chosen], self.generator, None if self._labels is None else self._labels[chosen]

    def _keep(self, player: str, loss: Tensor) -> None:
        self.guards[player].watch(float(loss), self.family.step)

    @torch.no_grad()
    def _average(self, share: float | Tensor) -> None:
        for mean, weights in zip(self.means, self._weights, strict=True):
            mean.lerp_(weights, share)
        for ours, theirs in self._buffers:
            ours.copy_(theirs)


class Deferred(Stepper):
    """Never waits for its device, save when losses are read."""

    UNREAD = 32
    """Most steps whose losses haven't been read. A divergence is noticed that much later, at most."""

    def __init__(self, family: Family, averaged: Family, pool: Pool, generator: torch.Generator):
        super().__init__(family, averaged, pool, generator)
        device = pool.points.device
        self._rates = [torch.zeros((), device=device) for _ in self.players]
        self._progress, self._share = (torch.zeros((), device=device) for _ in range(2))
        self._slot = torch.zeros(1, dtype=torch.long, device=device)
        self._ring = torch.zeros(0, 0)
        self._unread: list[tuple[int, list[str]]] = []  # the number of each step, and whose losses it has
        self._losses: list[Tensor] = []  # of the step under way
        self.configure()

    def configure(self) -> None:
        self.read()
        super().configure()
        self._ring = torch.zeros(self.UNREAD, sum(player.steps for player in self.players), device=self._slot.device)
        if "optimizers" in self.__dict__:
            self._adjust()

    def _optimizer(self, number: int, player: Player, weights: nn.Parameter) -> torch.optim.Adam:
        capturable = weights.device.type == "cuda"
        optimizer = torch.optim.Adam([weights], betas=player.betas, fused=True, capturable=capturable)
        optimizer.param_groups[0]["lr"] = self._rates[number]
        return optimizer

    def _adjust(self) -> None:
        for player, optimizer, rate in zip(self.players, self.optimizers, self._rates, strict=True):
            optimizer.param_groups[0].update(lr=rate, betas=player.betas)

    def load(self, moments: list[dict[str, Tensor]]) -> None:
        self._unread = []
        self._slot.zero_()
        super().load(moments)
        self._adjust()

    @property
    def due(self) -> bool:
        return len(self._unread) == self.UNREAD

    def read(self) -> None:
        if not self._unread:
            return
        rows, unread, self._unread = self._ring[: len(self._unread)].tolist(), self._unread, []
        self._slot.zero_()
        for (step, names), row in zip(unread, rows, strict=True):
            for name, loss in zip(names, row, strict=False):
                self.guards[name].watch(loss, step)

    def take(self, moment: Moment, only: str | None = None) -> None:
        for rate, player in zip(self._rates, self.players, strict=True):
            rate.fill_(player.learning_rate * moment.rate)
        self._progress.fill_(moment.progress)
        self._share.fill_(moment.share)
        self.tell(moment)
        self._run(only)
        playing = (player for player in self.players if only in (None, player.name))
        self._unread.append((moment.step, [player.name for player in playing for _ in range(player.steps)]))

    def _run(self, only: str | None) -> None:
        """The step, with its numbers in tensors, and its losses in the ring."""
        told, self.family.progress = self.family.progress, self._progress
        try:
            self._turns(only)
        finally:
            self.family.progress = told
        self._average(self._share)
        losses, self._losses = torch.stack(self._losses)[None], []
        self._ring[:, : losses.shape[1]].index_copy_(0, self._slot, losses)
        self._slot.add_(1)

    def _keep(self, player: str, loss: Tensor) -> None:
        self._losses.append(loss)


class Recorded(Deferred):
    """Records steps as CUDA graphs: one for each combination of players that play and terms that their losses have
    (`Family.phase`). New settings are recorded anew."""

    EAGER = 3
    """Steps that are taken before they are recorded, so that libraries have loaded what they need, and the optimizers
    have their moments."""

    def __init__(self, family: Family, averaged: Family, pool: Pool, generator: torch.Generator):
        self._graphs: dict[Hashable, torch.cuda.CUDAGraph] = {}
        self._taken: Counter[Hashable] = Counter()
        self.recordable = not family.waits
        enter(pool.points.device)
        super().__init__(family, averaged, pool, generator)

    @property
    def recorded(self) -> int:
        """The number of graphs."""
        return len(self._graphs)

    def configure(self) -> None:
        self._forget()
        super().configure()

    def load(self, moments: list[dict[str, Tensor]]) -> None:
        self._forget()  # the optimizers' moments will be elsewhere
        super().load(moments)

    def _forget(self) -> None:
        self._graphs.clear()
        self._taken.clear()

    def take(self, moment: Moment, only: str | None = None) -> None:
        enter(self._slot.device)
        super().take(moment, only)

    def _run(self, only: str | None) -> None:
        key = only, self.family.phase
        if self.recordable and key not in self._graphs and self._taken[key] >= self.EAGER:
            self._record(key, only)
        if key in self._graphs:
            self._graphs[key].replay()
        else:
            self._taken[key] += 1
            super()._run(only)

    def _record(self, key: Hashable, only: str | None) -> None:
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self.generator)
        # Nothing in a graph's memory is used after it, so that all graphs of a run can share it.
        memory = next(iter(self._graphs.values())).pool() if self._graphs else None
        stream, before = torch.cuda.current_stream(self._slot.device), self.generator.get_state()
        try:
            with torch.cuda.graph(graph, pool=memory, stream=stream, capture_error_mode="thread_local"):
                super()._run(only)
        except RuntimeError:
            self.recordable, self._losses = False, []
            self.generator = torch.Generator(self._slot.device)  # the other one may think that it is recorded still
            self.generator.set_state(before)
            logging.exception("a step of %s can't be recorded: it is taken kernel by kernel", self.family.title)
            return
        self._graphs[key] = graph


def stepper_of(device: torch.device) -> type[Stepper]:
    """The way to take steps on a device."""
    return Recorded if device.type == "cuda" else Stepper
