"""The engine of a cluster: hosts in Ray's actors (Moritz et al., *Ray*, OSDI 2018, arXiv 1712.05889), on all machines.

    pip install -r requirements-ray.txt     # on each of them, with the same Python
    ray start --head                        # on one, and on the others what it prints
    RAY_ADDRESS=auto PLAYGROUND_ENGINE=ray python app.py

There is one host for each core or, where the cluster has GPUs, one for each share of a GPU. Ray spreads them over the
machines, and sends them this project's code. Runs are placed by load, as among workers of one machine. A machine that
is lost is told like a worker that died; its hosts start anew wherever there is room, or wait until there is.
"""

import logging
import os
import queue
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import ray

from playground.data.errors import quoted
from playground.engine.crew import GOODBYE, Crew, Member, serve

SHARE = "PLAYGROUND_GPU_SHARE"
"""The environment variable that says what share of a GPU a host has, by default all of one."""

PROJECT = Path(__file__).parents[2]
LEFT_HERE = ["/benchmarks", "/docs", "/scripts", "/tests"]
"""What of the project hosts need not have. Ray leaves out what git ignores by itself."""

AS_NICE_AS_THE_APP = {"RAY_worker_niceness": "0"}
"""The environment of hosts. Ray would add 15 to their niceness, and whoever else computes on the machine, the app
included, would have 28 times their share of a core. Worker processes are as nice as the app, and so are these."""


class Trainer:
    """A host in an actor. It trains in one thread, hears in a second, and speaks in a third: each calls its own method,
    and calls of one method come in order."""

    def __init__(self) -> None:
        self._heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    @ray.method(concurrency_group="work")
    def work(self, device: str | None) -> None:
        """Train until it is told to end."""
        heard = self._heard
        serve(device, self._said.put, lambda wait: heard.get() if wait or not heard.empty() else None)

    @ray.method(concurrency_group="ears")
    def hear(self, message: bytes) -> None:
        self._heard.put(message)

    @ray.method(concurrency_group="mouth")
    def listen(self) -> list[bytes]:
        """What it has said since the last call: waits until that is something."""
        said = [self._said.get()]
        while not self._said.empty():
            said.append(self._said.get())
        return said


class Actor(Member):
    """An actor with a host, and the thread that listens to it. resources: what it has for itself."""

    def __init__(self, number: int, device: str | None, resources: dict[str, float], crew: Crew) -> None:
        super().__init__(crew)
        threads = {"work": 1, "ears": 1, "mouth": 1}
        remote: Any = ray.remote
        trainer = remote(concurrency_groups=threads, enable_task_events=False)(Trainer)  # no record of each call
        self.actor = trainer.options(scheduling_strategy="SPREAD", **resources).remote()
        self._work = self.actor.work.remote(device)
        self.listener = threading.Thread(target=self._listen, name=f"actor-{number}-listener", daemon=True)
        self.listener.start()

    def send(self, message: bytes) -> None:
        with suppress(ray.exceptions.RayError):  # it died; the listener notices and reports it
            self.actor.hear.remote(message)

    def _listen(self) -> None:
        try:
            while not self.closing:
                said = self.actor.listen.remote()
                ended, _ = ray.wait([self._work, said], num_returns=1)
                if self._work in ended:
                    ray.get(self._work)  # raises what ended it
                    return
                for message in ray.get(said):
                    self.hear(message)
        except Exception as error:  # Ray's, those of the host, and what comes when Ray itself is shut down
            self.ended(f"{type(error).__name__}: {str(error).strip().splitlines()[-1:]}")

    def close(self) -> None:
        self.closing = True
        self.send(GOODBYE)
        with suppress(ray.exceptions.RayError):
            ray.wait([self._work], timeout=2)
            ray.kill(self.actor)
        self.listener.join(timeout=2)  # after a shutdown, a call to Ray would connect to it again


class RayEngine(Crew):
    """workers: the number of hosts, by default as many as the cluster has room for when it begins. device: where they
    compute; by default on their share of a GPU, if they have one. Raises ValueError if there is no room at all."""

    def __init__(self, workers: int | None = None, device: str | None = None) -> None:
        self._own = not ray.is_initialized()  # otherwise whoever has connected to the cluster will leave it
        if self._own:
            environment = {"working_dir": str(PROJECT), "excludes": LEFT_HERE, "env_vars": AS_NICE_AS_THE_APP}
            ray.init(runtime_env=environment, logging_level=logging.WARNING, log_to_driver=False)
        self._device = device
        self._resources, room = resources(ray.cluster_resources())
        if not (workers or room):
            raise ValueError("The Ray cluster has no core to train on.")
        super().__init__(workers or room)

    def _hire(self, number: int) -> Actor:
        return Actor(number, self._device, self._resources, self)

    def close(self) -> None:
        super().close()
        if self._own:
            ray.shutdown()


def resources(cluster: dict[str, float]) -> tuple[dict[str, float], int]:
    """What each host has for itself, and for how many there is room, in a cluster with these resources. Raises
    ValueError for a share that isn't one.

    >>> resources({"CPU": 8.0})
    ({'num_cpus': 1}, 8)
    """
    share = gpu_share()
    if gpus := cluster.get("GPU", 0):
        return {"num_cpus": 0, "num_gpus": share}, int(gpus / share)
    return {"num_cpus": 1}, int(cluster.get("CPU", 0))


def gpu_share() -> float:
    given = os.environ.get(SHARE, "1")
    with suppress(ValueError):
        if 0 < (share := float(given)) <= 1:
            return share
    raise ValueError(f"{SHARE} can be 1, 0.5, 0.25 …, and isn't {quoted(given)}.")
