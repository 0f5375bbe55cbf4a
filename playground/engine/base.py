"""The base class of engines. An engine starts runs, bounds their number, and returns a Handle to each."""

import base64
import itertools
import secrets
import threading
import time
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playground.engine.handle import ACTIVE, GONE, Gone, Handle
from playground.experiment import Experiment
from playground.scene.view_state import ViewState

RUNS = 64
"""Most runs in all. One more replaces an idle run; if none is idle, it is refused."""

RUNS_PER_VISITOR = 12
"""Most runs of one visitor: enough for five tabs with the runs that theirs were forked from, or eight lanes. One more
closes the least recently used one, of those in training only if all are."""


class Full(RuntimeError):
    """No more runs fit."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or f"All {RUNS} places are taken by runs in training. Try again in a minute.")


class Hosts(NamedTuple):
    """ready, wanted: numbers of hosts. seconds: how long ago the first began to start."""

    ready: int
    wanted: int
    seconds: float


class Stopped(Full):
    """No run fits any more, and waiting doesn't help."""


GAPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds: the upper bounds of the classes into which the gaps between frames are counted."""


@dataclass
class Tally:
    """What came of an engine's runs since it was started. frames: how many came. steps: how many were trained, as far
    as frames told. deaths: of hosts. gaps: how many times between two frames of a run in training were in each class of
    GAPS, the last one without a bound; gap_seconds: their sum. Safe to use from several threads."""

    frames: int = 0
    steps: int = 0
    deaths: int = 0
    gaps: list[int] = field(default_factory=lambda: [0] * (len(GAPS) + 1))
    gap_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def frame(self, steps: int, gap: float | None) -> None:
        """Count a frame that came so many steps and seconds after the one before, or None if the run was at rest."""
        with self._lock:
            self.frames += 1
            self.steps += max(0, steps)
            if gap is not None:
                self.gaps[bisect_left(GAPS, gap)] += 1
                self.gap_seconds += gap


class Engine(ABC):
    """Does the bookkeeping; subclasses start and stop the hosts. Safe to use from several threads."""

    def __init__(self) -> None:
        self.handles: dict[str, Handle] = {}
        self.tally = Tally()
        self._lock = threading.RLock()
        self._count = itertools.count()

    def start(
        self,
        experiment: Experiment,
        visitor: str = "",
        look: ViewState | None = None,
        steps: int | None = None,
        checkpoint: str | None = None,
        only: str | None = None,
        beside: Handle | None = None,
        apart: Sequence[Handle] = (),
        model: bytes | None = None,
    ) -> Handle:
        """Start training. steps: pause after this many. only: the name of the one player that trains in them.
        checkpoint: the name of a checkpoint of this experiment, which may be sampled with other settings; or model: a
        file of one (see `playground.training.model_file`). The run is then already trained. beside: a run whose host
        this one shares. apart: runs whose hosts it avoids, if there is another. Raises Full."""
        with self._lock:
            self._make_room(visitor)
            name = f"{next(self._count)}-{secrets.token_hex(4)}"
            handle = self.handles[name] = self._place(name, experiment, visitor, beside, apart)
            if checkpoint or model:
                handle.state = "done"
            handle.post(
                {
                    "do": "start",
                    "run": name,
                    "visitor": visitor,
                    "experiment": experiment.model_dump(mode="json"),
                    "look": (look or ViewState()).model_dump(mode="json"),
                    "steps": steps,
                    "checkpoint": checkpoint,
                    "model": base64.b64encode(model).decode() if model else None,
                    "only": only,
                }
            )
            return handle

    def fork(
        self,
        source: Handle,
        step: int,
        changes: dict[str, Any],
        look: ViewState | None = None,
        steps: int | None = None,
        only: str | None = None,
        replaces: bool = False,
    ) -> Handle:
        """Fork a run at an earlier step, with other settings, and train the fork (see `History.fork`). It counts as a
        run. steps, only: as for `start`. replaces: whether it takes the place of the source, which the caller closes,
        rather than one beside it. Raises Full, Gone, or ValueError (ValidationError is one) for invalid settings."""
        if source.over:
            raise Gone(source.message or GONE)
        experiment = source.expected.changed(changes)
        with self._lock:
            source.used = time.monotonic()
            if not replaces:  # otherwise the source makes room
                self._make_room(source.visitor)
            name = f"{next(self._count)}-{secrets.token_hex(4)}"
            handle = self.handles[name] = self._place(name, experiment, source.visitor, beside=source)
            told = {
                "do": "fork",
                "run": name,
                "visitor": source.visitor,
                "from": source.name,
                "step": step,
                "changes": changes,
                "steps": steps,
                "only": only,
                "replaces": replaces,
            }
            handle.post(told | {"look": (look or ViewState()).model_dump(mode="json")})
            return handle

    def _make_room(self, visitor: str) -> None:
        self.handles = {name: handle for name, handle in self.handles.items() if handle.state != "closed"}
        own = [handle for handle in self.handles.values() if handle.visitor == visitor]
        if visitor and len(own) >= RUNS_PER_VISITOR:
            min(own, key=lambda h: (h.state == ACTIVE, h.used)).close()
        elif len(self.handles) >= RUNS:
            idle = [handle for handle in self.handles.values() if handle.state != ACTIVE]
            if not idle:
                raise Full
            min(idle, key=lambda h: (not visitor or h.visitor != visitor, h.used)).close()  # the visitor's own first

    @abstractmethod
    def _place(
        self,
        name: str,
        experiment: Experiment,
        visitor: str,
        beside: Handle | None = None,
        apart: Sequence[Handle] = (),
    ) -> Handle:
        """A handle that is connected to a host, chosen as for `start`."""

    def receive(self, message: dict[str, Any]) -> None:
        """Pass a host's message on to its run, if that is still there."""
        handle = self.handles.get(message["run"])
        if handle is not None:
            sent, step, came = handle.sent, handle.step_count, handle.came
            handle.receive(message)
            if handle.sent > sent:
                trained = handle.step_count - step if sent else 0  # the first frame may be of a trained model
                self.tally.frame(trained, None if came is None else time.monotonic() - came)

    @property
    def hosts(self) -> Hosts:
        """How many hosts are ready. While none is, runs wait for the first."""
        return Hosts(ready=1, wanted=1, seconds=0.0)

    def leave(self, visitor: str) -> None:
        """Close all runs of a visitor."""
        for handle in list(self.handles.values()):
            if handle.visitor == visitor:
                handle.close()

    def close(self) -> None:
        """Close all runs. Subclasses also stop their hosts."""
        for handle in list(self.handles.values()):
            handle.close()
