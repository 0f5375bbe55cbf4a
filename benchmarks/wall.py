"""What a wall of thirty runs costs the server: bytes a second to its page, and time of the event loop.

    python -m benchmarks.wall [--runs 30] [--seconds 15]

Runs of all families train at once on the app's engine. The wall is asked once a second, as its page does.
"""

import argparse
import asyncio
import json
import time

from benchmarks.crowd import steady
from benchmarks.engines import started
from benchmarks.table import heading, median, show, target
from playground.families import FAMILIES
from playground.ui.runs import Runs
from playground.ui.wall.tiles import Tiles
from playground.ui.wall.walls import Walls


async def measure(runs: Runs, count: int, seconds: int) -> tuple[list[int], list[float], int]:
    """Bytes and seconds of each answer, and how many tiles had their data in the end."""
    walls, tiles = Walls(), Tiles(runs)
    wall = walls.open()
    for number in range(count):
        family, visitor = list(FAMILIES)[number % len(FAMILIES)], f"visitor {number}"
        runs.slots.put(visitor, family, runs.engine.start(steady(family, seed=number), visitor))
        walls.join(wall.code, f"Visitor {number}", visitor, family, False, "")
    sizes, times, known, data = [], [], {}, set()
    for _ in range(seconds):
        await asyncio.sleep(1)
        began = time.thread_time()
        told = tiles.of(wall, known)
        text = json.dumps(told)
        times.append(time.thread_time() - began)
        sizes.append(len(text))
        known = {tile["id"]: tile["version"] for tile in told}
        data |= {tile["id"] for tile in told if "data" in tile}
    return sizes, times, len(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=15)
    given = parser.parse_args()
    engine = started()
    try:
        sizes, times, data = asyncio.run(measure(Runs(engine), given.runs, given.seconds))
    finally:
        engine.close()
    late = slice(given.seconds // 2, None)  # when all have sent their data
    size, share = median(sizes[late]) / 1e6, 100 * median(times[late])
    heading(f"A wall of {given.runs} runs, asked once a second")
    show(
        ("", "measured", "target", "met"),
        [
            ("MB/s to the page, before compression", f"{size:.2f}", *target(size, most=1.0)),
            ("  most in a second", f"{max(sizes) / 1e6:.2f}"),
            ("time of the event loop, % of a core", f"{share:.1f}", *target(share, most=3.0)),
            ("tiles that have their data", f"{data}"),
        ],
    )


if __name__ == "__main__":
    main()
