"""What a cluster costs: runs at once on Ray's actors beside the same on worker processes, on as many cores.

    python -m benchmarks.cluster [--runs 4] [--seconds 15] [--rounds 2] [--families flow gan …]

It needs `pip install -r requirements-ray.txt`. Worker processes, one machine of two cores, and two machines of one core
each take turns; machines are processes here (`ray.cluster_utils.Cluster`). A round trains the same runs on each, and
ratios are of the same round.

Beside the steps stands who computed, in cores: the hosts, this process (which is the app's part), Ray's own processes
(of which a machine has as many if it has a hundred cores), and what was left, idle or to others. Where others compute,
read the steps for each CPU second of the hosts.
"""

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ray
from ray.cluster_utils import Cluster

from benchmarks.crowd import crowd
from benchmarks.engines import started
from benchmarks.processes import cpu_seconds
from benchmarks.table import heading, median, show, target
from playground.engine.crew import Crew
from playground.engine.ray import RayEngine
from playground.families import FAMILIES

MEMORY = 100 * 2**20
LEAST = 0.9
"""Of the steps that worker processes take."""


@contextmanager
def workers() -> Iterator[Crew]:
    engine = started()
    yield engine
    engine.close()


@contextmanager
def machines(*cores: int) -> Iterator[Crew]:
    """A cluster of machines with so many cores each."""
    first, *others = ({"num_cpus": count, "object_store_memory": MEMORY} for count in cores)
    cluster = Cluster(initialize_head=True, head_node_args=first | {"include_dashboard": False})
    for other in others:
        cluster.add_node(**other)
    os.environ["RAY_ADDRESS"] = cluster.address
    engine = started(RayEngine())
    yield engine
    engine.close()
    ray.shutdown()
    cluster.shutdown()


PLACES = {
    "worker processes": workers,
    "Ray, one machine of two cores": lambda: machines(2),
    "Ray, two machines of one core": lambda: machines(1, 1),
}


@dataclass(frozen=True)
class Measured:
    """Of a crowd: its steps a second in all, the frames a second of a run, and who had how many cores meanwhile."""

    steps: float
    frames: float
    hosts: float
    app: float
    daemons: float
    left: float


def measure(engine: Crew, runs: int, seconds: float, families: list[str]) -> Measured:
    before: list[Counter[str]] = []
    listeners, start, stop = crowd(engine, runs, seconds, families, begin=lambda: before.append(cpu_used()))
    spent, lasted = cpu_used() - before[0], time.perf_counter() - start
    hosts, app, daemons = (spent[who] / lasted for who in ("workers", "app", "other"))
    steps = sum(listener.steps(start, stop) for listener in listeners) / seconds
    frames = sum(start <= at <= stop for listener in listeners for at, _ in listener.seen) / runs / seconds
    return Measured(steps, frames, hosts, app, daemons, (os.cpu_count() or 1) - hosts - app - daemons)


def cpu_used() -> Counter[str]:
    """CPU seconds so far of the hosts ("workers"), of this process ("app") and of Ray's ("other")."""
    return cpu_seconds() + Counter(app=time.process_time())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--families", nargs="+", choices=tuple(FAMILIES), default=["flow"])
    given = parser.parse_args()
    found = defaultdict[str, list[Measured]](list)
    for _ in range(given.rounds):
        for name, place in PLACES.items():
            with place() as engine:
                found[name].append(measure(engine, given.runs, given.seconds, given.families))
    heading(f"{given.runs} runs at once on two cores, {given.seconds:.0f} s, by the clock")
    columns = ("steps/s in all", "to workers", "target", "met", "for a CPU second", "frames/s of a run")
    show(["", *columns, "cores: hosts", "app", "Ray's own", "left"], [row(name, found) for name in found])


def row(name: str, found: dict[str, list[Measured]]) -> list[str]:
    own = found[name]
    pairs = list(zip(own, found["worker processes"], strict=True))
    ratio = median(one.steps / other.steps for one, other in pairs)
    efficiency = median(one.steps / one.hosts * other.hosts / other.steps for one, other in pairs)
    told = (f"{ratio:.2f}", *target(ratio, least=LEAST), f"{efficiency:.2f}")
    cores = (median(getattr(one, who) for one in own) for who in ("hosts", "app", "daemons", "left"))
    steps, frames = median(one.steps for one in own), median(one.frames for one in own)
    return [name, f"{steps:,.0f}", *told, f"{frames:.1f}", *(f"{share:.2f}" for share in cores)]


if __name__ == "__main__":
    main()
