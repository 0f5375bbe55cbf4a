"""Engines whose hosts are elsewhere: a crew of members, among whom runs are placed, and who are replaced when they die.

Messages go between them and their hosts as JSON text.
"""

import json
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from playground.engine.base import Engine, Hosts, Stopped
from playground.engine.handle import Handle, Message
from playground.engine.heap import keep_small
from playground.experiment import Experiment

DEATHS = 10
"""Most members replaced within a minute. More deaths mean an error that another one won't fix."""

DIED = "The trainer stopped unexpectedly and was replaced; this run is lost. Press Train to start again."

STOPPED = "The trainers stopped too often, so none is started any more. The app must be started again."

GOODBYE = WARM = b""
"""The message that ends a host, and what a host says that has loaded its libraries."""


class Member(ABC):
    """A host elsewhere, and what is known of it here. What it is sent before it is warm waits for it.

    given_up: whether it died, and is not replaced. closing: whether it was asked to end.
    """

    def __init__(self, crew: "Crew") -> None:
        self._crew = crew
        self.warm = self.given_up = self.closing = False

    def post(self, message: Message) -> None:
        """Send its host a message."""
        self.send(encoded(message))

    @abstractmethod
    def send(self, message: bytes) -> None:
        """Send it, without waiting. Of one that has died, nothing is heard."""

    @abstractmethod
    def close(self) -> None:
        """Ask it to end, and make sure that it does."""

    def hear(self, message: bytes) -> None:
        """A message of its host, as JSON, or that it is warm."""
        if message == WARM:
            self.warm = True
            self._crew.hire_next()
        else:
            self._crew.receive(json.loads(message))

    def ended(self, why: str) -> None:
        """It is no longer there. why: for the log."""
        if not self.closing:
            self._crew.replace(self, why)


class Crew(Engine):
    """wanted: the number of members. They start one after the other."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self._home: dict[str, Member] = {}
        self._closed = False
        self._deaths: list[float] = []
        self._wanted = wanted
        self._began = time.monotonic()
        self.workers = [self._hire(0)]

    @abstractmethod
    def _hire(self, number: int) -> Member:
        """Start the member of this number."""

    def hire_next(self) -> None:
        with self._lock:
            if not self._closed and len(self.workers) < self._wanted:
                self.workers.append(self._hire(len(self.workers)))

    @property
    def hosts(self) -> Hosts:
        ready = sum(worker.warm and not worker.given_up for worker in self.workers)
        return Hosts(ready, self._wanted, time.monotonic() - self._began)

    def _place(
        self,
        name: str,
        experiment: Experiment,
        visitor: str,
        beside: Handle | None = None,
        apart: Sequence[Handle] = (),
    ) -> Handle:
        # Runs in training, and all runs: who opens a page at rest will train next, and a run stays where it is.
        load = {worker: [0, 0] for worker in self.workers if not worker.given_up}
        if not load:
            raise Stopped(STOPPED)
        for other, handle in self.handles.items():
            if self._home.get(other) in load and handle.state != "closed":
                load[self._home[other]][0] += handle.state == "training"
                load[self._home[other]][1] += 1
        self._home = {other: home for other, home in self._home.items() if other in self.handles}
        avoided = [self._home.get(other.name) for other in apart]
        best = min(load, key=lambda worker: (not worker.warm, worker in avoided, load[worker]))
        worker = self._home[name] = self._home.get(beside.name, best) if beside else best
        return Handle(name, experiment, visitor, post=worker.post)

    def replace(self, dead: Member, why: str) -> None:
        """Another in the place of one that has died, whose runs are lost."""
        with self._lock:
            if self._closed:
                return
            number = self.workers.index(dead)
            now = time.monotonic()
            self.tally.deaths += 1
            self._deaths = [*(at for at in self._deaths if now - at < 60), now]
            logging.error("worker %d died: %s; it is replaced", number, why)
            lost = [handle for name, handle in self.handles.items() if self._home.get(name) is dead]
            if len(self._deaths) <= DEATHS:
                self.workers[number] = self._hire(number)
            else:
                dead.given_up = True
                logging.critical("too many workers died; none is started any more")
        for handle in lost:
            handle.lose(DIED)

    def close(self) -> None:
        with self._lock:
            self._closed = True
        super().close()
        for worker in self.workers:
            worker.close()


# What the hosts do.


def serve(device: str | None, say: Callable[[bytes], None], hear: Callable[[bool], bytes | None]) -> None:
    """The main loop of a host elsewhere: pass it messages and give it turns, until it is told to end.

    device: where its runs compute. hear: the next message; None if there is none, unless it shall wait for one.
    """
    from playground.engine.hosting.host import Host
    from playground.training.device import one_thread

    one_thread()
    host = Host(lambda message: say(encoded(message)), device)
    warm_up(device)
    keep_small()
    say(WARM)
    while True:
        while (message := hear(not host.busy)) is not None:
            if message == GOODBYE:
                return
            host.receive(json.loads(message))
        host.turn()


def warm_up(device: str | None) -> None:
    """Run everything once, so that the first visitor doesn't wait for libraries to load."""
    from playground.engine.inline import InlineEngine

    engine = InlineEngine(device)
    handle = engine.start(Experiment(steps=2))
    while handle.state == "training" and handle.wait(handle.sent, timeout=10):
        pass
    engine.close()


def encoded(message: Message) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode()
