"""A race of several families: how often each lane's picture comes in every second from the first, and whether all
have equal shares of the trainers.

    python -m benchmarks.race [--seconds 20] [--lanes 4]

On the app's engine, with lanes placed as the page places them; a listener waits for each lane's frames.
"""

import argparse
import asyncio
import json
import time

import numpy as np

from benchmarks.engines import started
from benchmarks.table import heading, show, target
from playground.engine import WorkerEngine
from playground.families import FAMILIES
from playground.race import Race
from playground.ui.compare.races import Races
from playground.ui.runs import Runs

FRAMES = 8
"""Frames a second of each lane, at least."""

SHARES = 1.1
"""The largest share of the training over the smallest, at most."""


async def race(engine: WorkerEngine, lanes: int, seconds: float) -> tuple[list[list[float]], list[float]]:
    """For each lane, when its frames came, in seconds from the first of any; and the seconds that it trained."""
    points = np.random.default_rng(0).normal(size=(2000, 2)).cumsum(0) % 6 - 3
    names = [list(FAMILIES)[i % len(FAMILIES)] for i in range(lanes)]
    wanted = Race(dataset={"points": points.tolist()}, contestants=tuple(names), basis="steps", steps=20_000)
    races, came = Races(Runs(engine)), [[] for _ in names]
    trained, began = [0.0] * lanes, 0.0
    await races.line_up("ada", wanted)
    async for message in races.train("ada", wanted):
        now = time.monotonic()
        for number, frame in json.loads(message)["frames"].items():
            if frame["step"]:
                began = began or now
                came[int(number)].append(now - began)
                trained[int(number)] = frame["seconds"]
        if began and now - began > seconds:
            break
    return came, trained


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--lanes", type=int, default=4)
    given = parser.parse_args()
    engine = started()
    came, trained = asyncio.run(race(engine, given.lanes, given.seconds))
    engine.close()
    heading(f"A race of {given.lanes} on a drawn set, {given.seconds} s")
    a_second = [np.histogram(times, bins=np.arange(given.seconds + 1))[0] for times in came]
    show(
        ["lane", "frames a second", "least", "target", "", "seconds trained"],
        [
            [name, f"{counts.mean():.1f}", counts.min(), *target(counts.mean(), least=FRAMES, digits=0), f"{spent:.2f}"]
            for name, counts, spent in zip([*FAMILIES] * 2, a_second, trained, strict=False)
        ],
    )
    for name, counts in zip([*FAMILIES] * 2, a_second, strict=False):
        print(f"  {name}: {' '.join(map(str, counts))}")
    ratio = max(trained) / max(min(trained), 1e-9)
    show(["largest share / smallest", "target", ""], [[f"{ratio:.3f}", *target(ratio, most=SHARES)]])


if __name__ == "__main__":
    main()
