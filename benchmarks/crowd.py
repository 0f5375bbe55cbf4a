"""Thirty runs at once on the app's engine, beside one run alone.

    python -m benchmarks.crowd [--runs 30] [--seconds 20] [--families flow gan …]

A run alone, then all together, then a run alone again (the mean of both is "alone"), on one `WorkerEngine()` with as
many workers as the app would have. Every run has its own listener that waits for its frames, as a page would. After
five seconds of warm-up, speed is measured by the clock, as the frames' steps over the time between them. The crowd's
total is the median over four equal parts of the time. With several families, which take turns, their steps differ in
cost; the number of their frames should not differ.
"""

import argparse
import threading
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.engines import START, started
from benchmarks.table import heading, median, show, target
from playground import Experiment
from playground.engine import Engine, Handle
from playground.families import FAMILIES

WARM_UP = 5.0
PARTS = 4
LONG = 100_000
RATE = 1e-3


class Listener:
    """Records when frames of a run arrive, and their steps."""

    def __init__(self, handle: Handle):
        self.handle = handle
        self.seen: list[tuple[float, int]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        sent = 0
        while self.handle.state == "training":
            if self.handle.wait(sent, timeout=1):
                sent = self.handle.sent
                self.seen.append((time.perf_counter(), self.handle.step_count))

    def steps(self, start: float, stop: float) -> float:
        """Steps trained between two times, interpolated between frames."""
        times, steps = np.array(self.seen).T
        return float(np.diff(np.interp([start, stop], times, steps))[0])

    def longest_gap(self, start: float, stop: float) -> float:
        inside = [at for at, _ in self.seen if start <= at <= stop]
        return float(np.diff([start, *inside, stop]).max())


def steady(family: str, seed: int) -> Experiment:
    """A long training, at a rate at which it doesn't diverge meanwhile."""
    slow = {"learning_rate": RATE} if "learning_rate" in FAMILIES[family].Config.model_fields else {}
    return Experiment(family=family, steps=LONG, seed=seed, config=slow)


def crowd(
    engine: Engine, runs: int, seconds: float, families: list[str], begin: Callable[[], object] = lambda: None
) -> tuple[list[Listener], float, float]:
    """Train this many runs at once. begin: called when counting begins. Returns their listeners, and when it began and
    ended."""
    experiments = [steady(families[i % len(families)], seed=i) for i in range(runs)]
    handles = [engine.start(experiment, visitor=f"visitor {i}") for i, experiment in enumerate(experiments)]
    listeners = [Listener(handle) for handle in handles]
    deadline = time.monotonic() + START
    for handle in handles:
        while not handle.wait(0, timeout=1):
            if handle.state != "training" or time.monotonic() > deadline:
                raise RuntimeError(f"A run is {handle.state}, without a picture: {handle.message}")
    time.sleep(WARM_UP)
    begin()
    start = time.perf_counter()
    time.sleep(seconds + 1)  # a frame after the end, to interpolate with
    for handle in handles:
        if handle.state != "training":
            print(f"  a run is {handle.state} at step {handle.step_count}: {handle.message}")
        handle.close()
    return listeners, start, start + seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--families", nargs="+", choices=tuple(FAMILIES), default=["flow"])
    given = parser.parse_args()
    engine = started()
    try:
        alone = []
        for position in range(2):
            (listener,), start, stop = crowd(engine, 1, given.seconds / 2, given.families)
            alone.append(listener.steps(start, stop) / (stop - start))
            if position == 0:
                listeners, start_all, stop_all = crowd(engine, given.runs, given.seconds, given.families)
        one = sum(alone) / len(alone)
        marks = np.linspace(start_all, stop_all, PARTS + 1)
        totals = [sum(x.steps(a, b) for x in listeners) / (b - a) for a, b in pairwise(marks)]
        each = np.array([x.steps(start_all, stop_all) for x in listeners]) / (stop_all - start_all)
        gaps = [x.longest_gap(start_all, stop_all) for x in listeners]
        frames = [sum(start_all <= at <= stop_all for at, _ in x.seen) / given.seconds for x in listeners]
    finally:
        engine.close()
    ratio, fairness, evenness = median(totals) / one, each.min() / each.mean(), min(frames) / max(frames)
    heading(f"{given.runs} runs at once on {len(engine.workers)} workers, {given.seconds:.0f} s, by the clock")
    show(
        ("", "measured", "target", "met"),
        [
            ("one run alone, steps/s", f"{one:,.0f}"),
            ("  before and after", " / ".join(f"{rate:,.0f}" for rate in alone)),
            ("all together, steps/s", f"{median(totals):,.0f}"),
            ("together to alone", f"{ratio:.2f}", *target(ratio, least=0.85)),
            ("slowest to mean", f"{fairness:.2f}", *target(fairness, least=0.80)),
            ("longest gap between frames, s", f"{max(gaps):.2f}", *target(max(gaps), most=1.0)),
            ("  median of the runs' longest", f"{median(gaps):.2f}"),
            ("frames/s of a run", f"{median(frames):.1f}"),
            ("  fewest and most", f"{min(frames):.1f} / {max(frames):.1f}"),
            ("  fewest to most", f"{evenness:.2f}", *target(evenness, least=0.80)),
        ],
    )


if __name__ == "__main__":
    main()
