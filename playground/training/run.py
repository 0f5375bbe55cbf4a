"""Training: a run of an experiment, one step at a time.

    for snapshot in train(Experiment(family="flow", dataset="two_moons")):
        print(snapshot.step, snapshot.scalars["loss"])

It doesn't depend on the family: each family defines its players, and they take turns.
"""

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from playground.data.distributions import as_points
from playground.data.errors import quoted
from playground.experiment import Experiment
from playground.families import FAMILIES, Family
from playground.training.device import device_of
from playground.training.guard import Diverged
from playground.training.likelihood import LogProb, log_prob
from playground.training.pool import TrainingData, pool_of
from playground.training.state import State
from playground.training.stepper import Moment, Stepper, stepper_of

SEEDS = 1_000_003
"""Between the seeds of a run's rounds."""


@dataclass(frozen=True)
class Snapshot:
    """The state of a run after a step. scalars: the mean losses, by player, since the last snapshot."""

    step: int
    scalars: dict[str, float]


class Run:
    """A model in training, or trained. Runs are independent: many can coexist in one process.

    device: where it computes (see `device_of`). From a seed, the initial weights are the same on every device.
    stepper: how it takes its steps, by default as suits the device.
    """

    def __init__(
        self,
        experiment: Experiment,
        device: str | torch.device | None = None,
        stepper: type[Stepper] | None = None,
    ):
        self.experiment = experiment
        self.step = 0
        self.edits = 0  # number of changes of settings, and of rounds
        self.round = 0  # number of completed rounds
        self._began = 0  # the step at which this round began
        self._material: Any = None  # what it learns from
        self._preparation: Iterator[None] | None = None  # of a round, while it is under way
        self.device = device_of(device)
        self.normalizer = experiment.dataset.normalizer
        with torch.random.fork_rng(devices=[]):  # network initialisation uses only the CPU's global generator
            torch.default_generator.manual_seed(experiment.seed)
            self.family = FAMILIES[experiment.family](experiment.config, experiment.dataset.shape).to(self.device)
        self.averaged: Family = copy.deepcopy(self.family).requires_grad_(False)
        generator = torch.Generator(self.device).manual_seed(experiment.seed)
        self._pool = pool_of(TrainingData.of(experiment), self.device)
        self._kind = stepper or stepper_of(self.device)
        self._stepper = self._kind(self.family, self.averaged, self._pool, generator)
        self._settle()

    @property
    def pool(self) -> Tensor:
        """The training points (n, dim) in canvas coordinates. Shared with other runs."""
        return self._pool.points

    @property
    def labels(self) -> Tensor:
        """The classes (n,) of the pool."""
        return self._pool.labels

    @property
    def end(self) -> int:
        """The step at which the training ends."""
        return self._began + (self.family.rounds(self.experiment.config) - self.round) * self.experiment.steps

    @property
    def done(self) -> bool:
        return self.step >= self.end

    def take(self, weights: dict[str, Tensor], step: int) -> None:
        """Continue from the averaged weights of another run with the same networks, at a step."""
        for family in (self.family, self.averaged):
            family.load_state_dict(weights)
        self.step, each = step, self.experiment.steps
        self._begin_round(min(max(0, step - 1) // each, self.family.rounds(self.experiment.config) - 1), None)
        self._began = self.round * each
        self._settle()

    @property
    def prepares(self) -> str:
        """What it does between two rounds, while it does it; else an empty string."""
        return self.family.between if self._preparation else ""

    def advance(self, only: str | None = None) -> None:
        """One training step of every player, or only of the one named `only`. At the beginning of a round, it is a
        piece of its preparation instead, and the step stays the same. Raises Diverged; on a GPU, some steps later (see
        `check`)."""
        if self._prepares():
            return
        self._stepper.take(self._moment(self.step), only)
        self.step += 1
        if self._stepper.due:
            self.check()

    @torch.no_grad()
    def _prepares(self) -> bool:
        """Compute a piece of the preparation of a round, if one is due. Returns whether one was."""
        over = self._began + self.experiment.steps <= self.step < self.end
        if not over and (self.round == 0 or self._material is not None):
            return False
        self._preparation = self._preparation or self._prepare(self.round + over)
        next(self._preparation, None)
        return True

    def _prepare(self, number: int) -> Iterator[None]:
        """Prepare a round; a model that was loaded in a later one, without what it learned from, makes that anew."""
        self.check()
        # The generator begins anew, so that a round depends on nothing but the model before it, and the seed.
        generator = torch.Generator(self.device).manual_seed(self.experiment.seed + SEEDS * number)
        labels = self.labels if self._pool.classes > 1 else None
        material = yield from self.averaged.prepare_round(labels, generator)
        self._preparation = None
        if number > self.round:
            self.family.load_state_dict(self.averaged.state_dict())
            self._stepper = self._kind(self.family, self.averaged, self._pool, generator)
            self._began = self.step
            self.edits += 1
            self._settle()
        self._begin_round(number, material)

    def _begin_round(self, number: int, material: Any) -> None:
        self.round, self._material, self._preparation = number, material, None
        for family in (self.family, self.averaged):
            family.begin_round(number, material)

    def check(self) -> None:
        """Look at all losses so far. Raises Diverged, and the run is then at the step that failed."""
        try:
            self._stepper.read()
        except Diverged as error:
            self.step = error.step
            raise

    def _moment(self, step: int) -> Moment:
        # The decay rate grows with the step, so that the random initial weights are soon forgotten.
        steps = max(0, step - self._began)
        memory = min(self.family.config.averaging, (steps + 1) / (steps + 10))
        progress = min(1.0, steps / self.experiment.steps)
        return Moment(step, progress, self._schedule(progress), 1 - memory)

    def _schedule(self, progress: float) -> float:
        if self.family.config.schedule == "constant":
            return 1.0
        # The minimum is slightly above zero, so that steps after the planned end still have an effect.
        return max(1e-3, (1 + math.cos(math.pi * progress)) / 2)

    def _settle(self) -> None:
        """Take the averaged model as it is for good."""
        self._good = [mean.clone() for mean in self._stepper.means]
        self._shown, self._shown_at = [mean.clone() for mean in self._stepper.means], self.step

    def _confirm(self) -> None:
        # A loss is that of the weights before a step: what a snapshot showed was good if the loss stays low after it.
        if self.step > self._shown_at and all(guard.calm for guard in self._stepper.guards.values()):
            torch._foreach_copy_(self._good, self._shown)

    @torch.no_grad()
    def restore(self) -> None:
        """Restore the averaged model of the last good snapshot, after a divergence."""
        self._confirm()
        torch._foreach_copy_(self._stepper.means, self._good)

    @torch.no_grad()
    def snapshot(self) -> Snapshot:
        """A snapshot of the run, with the mean losses since the last one. Raises Diverged, as `check` does."""
        self.check()
        self._confirm()
        if all(mean.isfinite().all() for mean in self._stepper.means):
            torch._foreach_copy_(self._shown, self._stepper.means)
            self._shown_at = self.step
        losses = {name: guard.mean() for name, guard in self._stepper.guards.items()}
        leads = [player.name for player in self._stepper.players if not player.beside]
        alone = {"loss": losses.pop(leads[0])} if len(leads) == 1 else {}
        return Snapshot(self.step, alone | {f"{name}_loss": loss for name, loss in losses.items()})

    def edit(self, /, **changes: Any) -> None:
        """Change settings that may change during training; ValueError (ValidationError is one) for any other."""
        config = type(self.family.config)
        for name in changes:
            field = config.model_fields.get(name)
            if field is None:
                raise ValueError(f"There is no setting called {quoted(name)}.")
            if not config.is_live(name):
                raise ValueError(f"{field.title} can't change while training.")
        wanted = self.experiment.changed(changes).config
        if self.family.rounds(wanted) <= self.round:
            raise ValueError("This training has come further than that. Train from an earlier step, or begin again.")
        self.configure(wanted)
        self.edits += 1

    def configure(self, config: Any) -> None:
        """Go on with a config that differs from this one only in settings that may change during training."""
        if config is self.experiment.config:
            return
        self.check()
        self.experiment = self.experiment.model_copy(update={"config": config})
        for family in (self.family, self.averaged):
            family.config = config
        self._stepper.configure()

    def state(self) -> State:
        """A copy of the current state of the run. Raises Diverged, as `check` does."""
        self.check()
        models = copy.deepcopy([family.state_dict() for family in (self.family, self.averaged)])
        guards = {name: guard.memory for name, guard in self._stepper.guards.items()}
        random = self._stepper.generator.get_state()
        return State(self.step, models, self._stepper.moments, random, guards, self.round, self._began, self._material)

    def load(self, state: State) -> None:
        """Continue from a state of a run with the same networks; of another device's, only the generator's can't be."""
        for family, weights in zip((self.family, self.averaged), state.models, strict=True):
            family.load_state_dict(weights)
        self._stepper.load(state.moments)
        self._stepper.generator.set_state(state.generator)
        for name, memory in state.guards.items():
            self._stepper.guards[name].memory = memory
        self.step, self._began = state.step, state.began
        self._begin_round(state.round, state.material)
        self._stepper.tell(self._moment(max(0, self.step - 1)))  # as the last step told it
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


def train(experiment: Experiment, every: int = 1, device: str | torch.device | None = None) -> Iterator[Snapshot]:
    """Train, yielding a snapshot after every `every`-th step and after the last. device: see `Run`. Raises Diverged."""
    yield from follow(Run(experiment, device), every)


def follow(run: Run, every: int = 1) -> Iterator[Snapshot]:
    """Continue a run to its end, yielding snapshots."""
    while not run.done:
        before = run.step
        run.advance()
        if run.step > before and (run.step % every == 0 or run.done):
            yield run.snapshot()


def fit(experiment: Experiment, device: str | torch.device | None = None) -> Run:
    """Train to the end. device: see `Run`. Raises Diverged.

    >>> run = fit(Experiment(dataset="two_moons", steps=10))
    >>> run.sample(2000, seed=1).shape
    (2000, 2)
    """
    run = Run(experiment, device)
    for _ in follow(run, every=experiment.steps):
        pass
    return run
