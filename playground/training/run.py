"""Training: a run of an experiment, one step at a time.

    for snapshot in train(Experiment(family="flow", dataset="two_moons")):
        print(snapshot.step, snapshot.scalars["loss"])

It doesn't depend on the family: each family defines its players, and they take turns.
"""

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from playground.data.distributions import as_points
from playground.data.errors import quoted
from playground.experiment import Experiment
from playground.families import FAMILIES, Family
from playground.training.flat_parameters import flatten, flatten_gradients
from playground.training.guard import Guard
from playground.training.likelihood import LogProb, log_prob
from playground.training.pool import TrainingData, pool_of


@cache
def device() -> torch.device:
    """The device of all computations, chosen once: the first CUDA device if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@dataclass(frozen=True)
class Snapshot:
    """The state of a run after a step. scalars: the mean losses, by player, since the last snapshot."""

    step: int
    scalars: dict[str, float]


@dataclass(frozen=True)
class State:
    """Everything that is needed to continue a run exactly from a step. Holds copies, which are never modified."""

    step: int
    models: list[dict[str, Tensor]]
    optimizers: list[dict[str, Any]]
    generator: Tensor
    guards: dict[str, tuple[float | None, float]]

    @property
    def bytes(self) -> int:
        moments = [
            value for optimizer in self.optimizers for one in optimizer["state"].values() for value in one.values()
        ]
        weights = [value for model in self.models for value in model.values()]
        return sum(tensor.nbytes for tensor in [*weights, *moments])


class Run:
    """A model in training, or trained. Runs are independent: many can coexist in one process."""

    def __init__(self, experiment: Experiment):
        self.experiment = experiment
        self.step = 0
        self.edits = 0  # number of changes of settings
        self.device = device()
        self.normalizer = experiment.dataset.normalizer
        with torch.random.fork_rng():  # network initialisation uses only the global generator
            torch.manual_seed(experiment.seed)
            self.family = FAMILIES[experiment.family](experiment.config, experiment.dataset.shape).to(self.device)
        self.averaged: Family = copy.deepcopy(self.family).requires_grad_(False)
        self._generator = torch.Generator(self.device).manual_seed(experiment.seed)
        self._pool = pool_of(TrainingData.of(experiment), self.device)
        self._players = self.family.players()
        self._parameters = [list(player.parameters) for player in self._players]
        self._weights = [nn.Parameter(flatten(parameters)) for parameters in self._parameters]
        for weights, parameters in zip(self._weights, self._parameters, strict=True):
            weights.grad = flatten_gradients(parameters)
        self._guards = {player.name: Guard(player.far) for player in self._players}
        self._means = [flatten(player.parameters) for player in self.averaged.players()]
        self._settle()

    @cached_property
    def _optimizers(self) -> list[torch.optim.Adam]:
        # Made when they are needed: PyTorch then loads its compiler, and a run that is only looked at needs none.
        return [
            torch.optim.Adam([weights], lr=player.learning_rate, betas=player.betas, fused=True)
            for player, weights in zip(self._players, self._weights, strict=True)
        ]

    @property
    def pool(self) -> Tensor:
        """The training points (n, dim) in canvas coordinates. Shared with other runs."""
        return self._pool.points

    @property
    def labels(self) -> Tensor:
        """The classes (n,) of the pool."""
        return self._pool.labels

    @property
    def done(self) -> bool:
        return self.step >= self.experiment.steps

    def take(self, weights: dict[str, Tensor], step: int) -> None:
        """Continue from the averaged weights of another run with the same networks, at a step."""
        for family in (self.family, self.averaged):
            family.load_state_dict(weights)
        self.step = step
        self._settle()

    def advance(self, only: str | None = None) -> None:
        """One training step of every player, or only of the one named `only`. Raises Diverged."""
        config = self.family.config
        rate = self._schedule()
        self._tell_progress(self.step)
        sides = zip(self._players, self._parameters, self._weights, self._optimizers, strict=True)
        for player, parameters, weights, optimizer in sides:
            if only is not None and player.name != only:
                continue
            optimizer.param_groups[0].update(lr=player.learning_rate * rate, betas=player.betas)
            for _ in range(player.steps):
                chosen = torch.randint(
                    len(self.pool), (config.batch_size,), generator=self._generator, device=self.device
                )
                loss = player.loss(self.pool[chosen], self._generator, self.labels[chosen])
                self._guards[player.name].watch(float(loss.detach()), self.step, player.name)
                optimizer.zero_grad(set_to_none=False)
                loss.backward(inputs=parameters)  # leaves the other player's gradients unchanged
                if player.clip is not None:
                    torch.nn.utils.clip_grad_norm_(weights, player.clip)
                optimizer.step()
        self.step += 1
        self._average()

    def _tell_progress(self, step: int) -> None:
        self.family.step, self.family.progress = step, min(1.0, step / self.experiment.steps)

    def _schedule(self) -> float:
        if self.family.config.schedule == "constant":
            return 1.0
        # The minimum is slightly above zero, so that steps after the planned end still have an effect.
        return max(1e-3, (1 + math.cos(math.pi * min(1.0, self.step / self.experiment.steps))) / 2)

    @torch.no_grad()
    def _average(self) -> None:
        # The decay rate grows with the step, so that the random initial weights are soon forgotten.
        memory = min(self.family.config.averaging, self.step / (self.step + 9))
        for mean, weights in zip(self._means, self._weights, strict=True):
            mean.lerp_(weights, 1 - memory)
        for ours, theirs in zip(self.averaged.buffers(), self.family.buffers(), strict=True):
            ours.copy_(theirs)

    def _settle(self) -> None:
        """Take the averaged model as it is for good."""
        self._good = [mean.clone() for mean in self._means]
        self._shown, self._shown_at = [mean.clone() for mean in self._means], self.step

    def _confirm(self) -> None:
        # A loss is that of the weights before a step: what a snapshot showed was good if the loss stays low after it.
        if self.step > self._shown_at and all(guard.calm for guard in self._guards.values()):
            torch._foreach_copy_(self._good, self._shown)

    @torch.no_grad()
    def restore(self) -> None:
        """Restore the averaged model of the last good snapshot, after a divergence."""
        self._confirm()
        torch._foreach_copy_(self._means, self._good)

    @torch.no_grad()
    def snapshot(self) -> Snapshot:
        """A snapshot of the run, with the mean losses since the last one."""
        self._confirm()
        if all(mean.isfinite().all() for mean in self._means):
            torch._foreach_copy_(self._shown, self._means)
            self._shown_at = self.step
        losses = {name: guard.mean() for name, guard in self._guards.items()}
        scalars = (
            {"loss": sum(losses.values()) / len(losses)}
            if len(losses) == 1
            else {f"{k}_loss": v for k, v in losses.items()}
        )
        return Snapshot(self.step, scalars)

    def edit(self, /, **changes: Any) -> None:
        """Change settings that may change during training; ValueError (ValidationError is one) for any other."""
        config = type(self.family.config)
        for name in changes:
            field = config.model_fields.get(name)
            if field is None:
                raise ValueError(f"There is no setting called {quoted(name)}.")
            if not config.is_live(name):
                raise ValueError(f"{field.title} can't change while training.")
        self.configure(self.experiment.changed(changes).config)
        self.edits += 1

    def configure(self, config: Any) -> None:
        """Go on with a config that differs from this one only in settings that may change during training."""
        if config is self.experiment.config:
            return
        self.experiment = self.experiment.model_copy(update={"config": config})
        for family in (self.family, self.averaged):
            family.config = config
        self._players = self.family.players()

    def state(self) -> State:
        """A copy of the current state of the run."""
        models = [family.state_dict() for family in (self.family, self.averaged)]
        optimizers = [optimizer.state_dict() for optimizer in self._optimizers]
        guards = {name: guard.memory for name, guard in self._guards.items()}
        return copy.deepcopy(State(self.step, models, optimizers, self._generator.get_state(), guards))

    def load(self, state: State) -> None:
        """Continue from a state of a run with the same networks."""
        for family, weights in zip((self.family, self.averaged), state.models, strict=True):
            family.load_state_dict(weights)
        for optimizer, moments in zip(self._optimizers, state.optimizers, strict=True):
            optimizer.load_state_dict(copy.deepcopy(moments))  # it would keep and modify its argument
        self._generator.set_state(state.generator)
        for name, memory in state.guards.items():
            self._guards[name].memory = memory
        self.step = state.step
        self._tell_progress(max(0, self.step - 1))  # as the last step told it
        self._settle()

    # Results, in data coordinates.

    @torch.no_grad()
    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """n samples of the averaged model (n, dim)."""
        generator = torch.Generator(self.device).manual_seed(seed)
        return self.normalizer.from_canvas(self.averaged.sample(n, generator).cpu().numpy())

    def log_prob(self, points: ArrayLike, seed: int = 0) -> LogProb:
        """log p of points (n, dim) under the averaged model, in nats in the data's own coordinates. TypeError for a
        family without a likelihood; ValueError for points of another shape."""
        placed = self.normalizer.to_canvas(as_points(points, self.averaged.dim))
        x = torch.as_tensor(placed, dtype=torch.float32, device=self.device)
        values, errors = log_prob(self.averaged, x, seed)
        return LogProb(values + self.averaged.dim * math.log(self.normalizer.scale), errors)


def train(experiment: Experiment, every: int = 1) -> Iterator[Snapshot]:
    """Train, yielding a snapshot after every `every`-th step and after the last. Raises Diverged."""
    yield from follow(Run(experiment), every)


def follow(run: Run, every: int = 1) -> Iterator[Snapshot]:
    """Continue a run to its end, yielding snapshots."""
    while not run.done:
        run.advance()
        if run.step % every == 0 or run.done:
            yield run.snapshot()


def fit(experiment: Experiment) -> Run:
    """Train to the end. Raises Diverged.

    >>> run = fit(Experiment(dataset="two_moons", steps=10))
    >>> run.sample(2000, seed=1).shape
    (2000, 2)
    """
    run = Run(experiment)
    for _ in follow(run, every=experiment.steps):
        pass
    return run
