"""The engine of the app: hosts in worker processes, so that training and serving never wait for each other.

Each worker trains on one thread. With two threads and a busy neighbour a run is many times slower, and two workers on
two cores are twice as fast as one. Messages cross the pipe as JSON text.
"""

import json
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from playground.engine.base import Engine, Hosts, Stopped
from playground.engine.handle import Handle
from playground.experiment import Experiment

DEATHS = 10
"""Most workers replaced within a minute. More deaths mean an error that a new worker won't fix."""

DIED = "The trainer stopped unexpectedly and was replaced; this run is lost. Press Train to start again."

GOODBYE = b""
"""The message that ends a worker."""

WARM = b""
"""The message of a worker that has loaded its libraries."""

STOPPED = "The trainers stopped too often, so none is started any more. The app must be started again."


def work(pipe: Connection, device: str) -> None:
    """The main loop of a worker: pass messages to the host and give it turns, until the pipe closes. device: where its
    runs compute."""
    import signal

    import torch

    from playground.engine.host import Host

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the app, which closes the pipe
    torch.set_num_threads(1)
    host = Host(lambda message: pipe.send_bytes(json.dumps(message, separators=(",", ":")).encode()), device)
    warm_up(device)
    try:
        pipe.send_bytes(WARM)
        while True:
            while pipe.poll(0 if host.busy else None):
                message = pipe.recv_bytes()
                if message == GOODBYE:
                    end()
                host.receive(json.loads(message))
            host.turn()
    except (EOFError, OSError):  # the app is gone
        end()


def end() -> NoReturn:
    """End this process at once: Python would take torch apart first, which takes seconds."""
    os._exit(0)


def warm_up(device: str) -> None:
    """Run everything once, so that the first visitor doesn't wait for libraries to load."""
    from playground.engine.inline import InlineEngine

    engine = InlineEngine(device)
    handle = engine.start(Experiment(steps=2))
    while handle.state == "training" and handle.wait(handle.sent, timeout=10):
        pass
    engine.close()


class Worker:
    """A process with a host, and the thread that listens to it. What it is sent before it is warm waits for it. `ready`
    is called when it is warm, `died` if the process ends unexpectedly."""

    def __init__(self, number: int, device: str, receive, ready, died) -> None:
        context = multiprocessing.get_context("spawn")  # torch and its threads don't survive a fork
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, device), name=f"trainer-{number}", daemon=True)
        self.process.start()
        theirs.close()
        self._lock = threading.Lock()
        self._closing = False
        self.warm = False
        self.given_up = False
        self._receive, self._ready, self._died = receive, ready, died
        threading.Thread(target=self._listen, name=f"trainer-{number}-listener", daemon=True).start()

    def post(self, message: dict[str, Any]) -> None:
        self._send(json.dumps(message, separators=(",", ":")).encode())

    def _send(self, message: bytes) -> None:
        try:
            with self._lock:
                self.pipe.send_bytes(message)
        except OSError:  # the process died; the listener notices and reports it
            pass

    def _listen(self) -> None:
        try:
            while True:
                message = self.pipe.recv_bytes()
                if message == WARM:
                    self.warm = True
                    self._ready()
                else:
                    self._receive(json.loads(message))
        except (EOFError, OSError):
            if not self._closing:
                self._died(self)

    def close(self) -> None:
        """Ask the process to end, and make sure that it does. Closing the pipe is not enough: the process wouldn't
        notice, since the listener still reads from it."""
        self._closing = True
        self._send(GOODBYE)
        self.process.join(timeout=20)  # a process that is starting first loads its libraries
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(timeout=2)
        self.pipe.close()


class WorkerEngine(Engine):
    """workers: the number of processes. By default one per core, at most two; one if they compute on a GPU, which they
    would share. device: where they compute (see `playground.training.device`).

    They start one after the other, so that the first is soon warm, and the page soon served.
    """

    def __init__(self, workers: int | None = None, device: str | None = None) -> None:
        from playground.training.device import device_of

        super().__init__()
        self._device = str(device_of(device))
        self._home: dict[str, Worker] = {}
        self._closed = False
        self._deaths: list[float] = []
        self._wanted = workers or default_workers(self._device)
        self._began = time.monotonic()
        self.workers = [self._hire(0)]

    def _hire(self, number: int) -> Worker:
        return Worker(number, self._device, self._receive, self._hire_next, self._replace)

    def _hire_next(self) -> None:
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

    def _replace(self, dead: Worker) -> None:
        with self._lock:
            if self._closed:
                return
            number = self.workers.index(dead)
            now = time.monotonic()
            self.tally.deaths += 1
            self._deaths = [*(at for at in self._deaths if now - at < 60), now]
            logging.error("worker %d died with exit code %s; it is replaced", number, dead.process.exitcode)
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


def default_workers(device: str) -> int:
    return min(2, os.cpu_count() or 1) if device == "cpu" else 1
