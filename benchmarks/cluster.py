"""What a cluster costs: runs at once on Ray's actors beside the same on worker processes, on as many cores.

    python -m benchmarks.cluster [--runs 4] [--seconds 15] [--rounds 2] [--families flow gan …]

It needs `pip install -r requirements-ray.txt`. Worker processes, one machine of two cores, and two machines of one core
each take turns; machines are processes here (`ray.cluster_utils.Cluster`). A round trains the same runs on each.
"""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import ray
from ray.cluster_utils import Cluster

from benchmarks.crowd import crowd
from benchmarks.engines import started
from benchmarks.table import heading, median, show, target
from playground.engine import Engine
from playground.engine.ray import RayEngine
from playground.families import FAMILIES

MEMORY = 100 * 2**20
LEAST = 0.9
"""Of the steps that worker processes take."""


@contextmanager
def workers() -> Iterator[Engine]:
    engine = started()
    yield engine
    engine.close()


@contextmanager
def machines(*cores: int) -> Iterator[Engine]:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--families", nargs="+", choices=tuple(FAMILIES), default=["flow"])
    given = parser.parse_args()
    steps, frames = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for _ in range(given.rounds):
        for name, place in PLACES.items():
            with place() as engine:
                listeners, start, stop = crowd(engine, given.runs, given.seconds, given.families)
            steps[name].append(sum(listener.steps(start, stop) for listener in listeners) / (stop - start))
            seen = sum(start <= at <= stop for listener in listeners for at, _ in listener.seen)
            frames[name].append(seen / given.runs / given.seconds)
    heading(f"{given.runs} runs at once on two cores, {given.seconds:.0f} s, by the clock")
    base = median(steps["worker processes"])
    rows = []
    for name, found in steps.items():
        ratio = median(found) / base
        told = (f"{ratio:.2f}", *target(ratio, least=LEAST))
        rows.append([name, f"{median(found):,.0f}", f"{median(frames[name]):.1f}", *told])
    show(["", "steps/s in all", "frames/s of a run", "to worker processes", "target", "met"], rows)


if __name__ == "__main__":
    main()
