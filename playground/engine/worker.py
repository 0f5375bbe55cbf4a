"""The engine of the app: hosts in worker processes, so that training and serving never wait for each other.

Each worker trains on one thread. With two threads and a busy neighbour a run is many times slower, and two workers on
two cores are twice as fast as one. Messages cross the pipe as JSON text.
"""

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection

from playground.engine.crew import GOODBYE, Crew, Member, serve


def work(pipe: Connection, device: str) -> None:
    """The main loop of a worker, until the pipe closes. device: where its runs compute."""
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""  # before anything asks for one
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the app, which closes the pipe
    with suppress(EOFError, OSError):  # the app is gone
        serve(device, pipe.send_bytes, lambda wait: pipe.recv_bytes() if pipe.poll(None if wait else 0) else None)


class Worker(Member):
    """A process with a host, and the thread that listens to it."""

    def __init__(self, number: int, device: str, crew: Crew) -> None:
        super().__init__(crew)
        context = multiprocessing.get_context("spawn")  # torch and its threads don't survive a fork
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, device), name=f"trainer-{number}", daemon=True)
        self.process.start()
        theirs.close()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name=f"trainer-{number}-listener", daemon=True).start()

    def send(self, message: bytes) -> None:
        with self._lock, suppress(OSError):  # the process died; the listener notices and reports it
            self.pipe.send_bytes(message)

    def _listen(self) -> None:
        try:
            while True:
                self.hear(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.process.join(timeout=2)
            self.ended(f"its exit code is {self.process.exitcode}")

    def close(self) -> None:
        """Ask the process to end, and make sure that it does. Closing the pipe is not enough: the process wouldn't
        notice, since the listener still reads from it."""
        self.closing = True
        self.send(GOODBYE)
        self.process.join(timeout=20)  # a process that is starting first loads its libraries
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(timeout=2)
        self.pipe.close()


class WorkerEngine(Crew):
    """workers: the number of processes. By default one per core, at most two; one if they compute on a GPU, which they
    would share. device: where they compute (see `playground.training.device`).

    They start one after the other, so that the first is soon warm, and the page soon served.
    """

    def __init__(self, workers: int | None = None, device: str | None = None) -> None:
        from playground.training.device import device_of

        self._device = str(device_of(device))
        super().__init__(workers or default_workers(self._device))

    def _hire(self, number: int) -> Worker:
        return Worker(number, self._device, self)


def default_workers(device: str) -> int:
    return min(2, os.cpu_count() or 1) if device == "cpu" else 1
