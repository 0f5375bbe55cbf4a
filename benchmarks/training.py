"""The cost of `train()` and of the live stream, relative to a hand-written training loop.

    python -m benchmarks.training [--repeats 9] [--streams 5]

The bare loop trains the same network on the same data with the same batch size: index a tensor, draw noise and times,
compute the loss, and step `torch.optim.Adam` with its defaults. It has no weight averaging, no schedule and no check of
the loss. It and `train()`, which yields every step, take turns of some 400 steps in this process on one thread, each
turn in the opposite order of the one before. Rates are by the thread's CPU time (`time.thread_time`), which busy
neighbours affect less than the clock. The ratio is the median over pairs of turns, beside its quartiles: a machine that
slows down between two turns spoils one pair, not the ratio. The first steps, in which caches fill and memory is taken,
are a row of their own. A third loop uses Adam's fused implementation, as `train()` does: harder, without a target.

For the stream, the real app runs in its own process, and a client in this one reads `/train` through gradio_client
(some 12 frames a second, decoded from JSON). Turns of the stream and of the bare loop alternate, each alone on the
machine, and are timed by the clock: server, worker and client share the cores as in use. Steps per second are the
frames' steps over the time between them, without the first two seconds.
"""

import argparse
import time
from collections.abc import Iterator
from statistics import quantiles

import torch
from gradio_client import Client

from benchmarks.app import app
from benchmarks.bare import bare_loop
from benchmarks.table import heading, median, show, target
from playground import Experiment, train

DATASET = "eight_gaussians"
STEPS = 400
WARM_UP = 2.0
WINDOW = 6.0
LONG = 60_000
FIRST = 100


def turn(loop: Iterator, steps: int = STEPS) -> float:
    """Steps per second of CPU time, over this many steps."""
    began = time.thread_time()
    for _ in range(steps):
        next(loop)
    return steps / (time.thread_time() - began)


def turn_by_clock(loop: Iterator, seconds: float) -> float:
    began, steps = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        next(loop)
        steps += 1
    return steps / (time.perf_counter() - began)


def streamed(client: Client, experiment: dict) -> tuple[float, float]:
    """Steps and frames per second that a client receives of a run, after its start-up."""
    seen: list[tuple[float, int]] = []
    began = time.perf_counter()
    for frame in client.submit(experiment, api_name="/train"):
        now = time.perf_counter()
        if now - began >= WARM_UP:
            seen.append((now, frame["step"]))
        if now - began >= WARM_UP + WINDOW:
            break
    client.predict("flow", api_name="/pause")
    (first, low), (last, high) = seen[0], seen[-1]
    return (high - low) / (last - first), (len(seen) - 1) / (last - first)


def without_page(repeats: int) -> None:
    experiment = Experiment(dataset=DATASET, steps=LONG)
    loops = {
        "bare loop": bare_loop(experiment),
        "bare loop, fused Adam": bare_loop(experiment, fused=True),
        "train(), every step yielded": train(experiment),
    }
    first = {name: turn(loop, FIRST) for name, loop in loops.items()}
    rates: dict[str, list[float]] = {name: [] for name in loops}
    for i in range(repeats):
        for name in sorted(loops, reverse=bool(i % 2)):
            rates[name].append(turn(loops[name]))
    (bare, fused, ours), (first_bare, first_fused, first_ours) = rates.values(), first.values()
    heading(f"Training without a page: {repeats} pairs of turns of {STEPS} steps, one thread, CPU time")
    show(
        ("", "steps/s", "train() to it", "quartiles", "target", "met"),
        [
            ("bare loop", *compared(ours, bare), *target(median(ratios(ours, bare)), least=0.95)),
            ("bare loop, fused Adam", *compared(ours, fused), "–"),
            ("train(), every step yielded", f"{median(ours):,.0f}"),
            (f"first {FIRST} steps: bare loop", f"{first_bare:,.0f}", f"{first_ours / first_bare:.3f}", "", "–"),
            (f"first {FIRST} steps: fused Adam", f"{first_fused:,.0f}", f"{first_ours / first_fused:.3f}", "", "–"),
        ],
    )


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def compared(ours: list[float], theirs: list[float]) -> tuple[str, str, str]:
    """Cells: the median of their rates, the median ratio of ours to theirs within a pair, and its quartiles."""
    found = ratios(ours, theirs)
    low, middle, high = quantiles(found, n=4)
    return f"{median(theirs):,.0f}", f"{middle:.3f}", f"{low:.3f}–{high:.3f}"


def with_client(repeats: int) -> None:
    experiment = Experiment(dataset=DATASET, steps=LONG)
    loop = bare_loop(experiment)
    turn(loop, 100)
    streams, frames, bare = [], [], []
    with app() as address:
        client = Client(address, verbose=False)
        for seed in range(repeats):
            before = turn_by_clock(loop, WINDOW / 4)
            rate, per_second = streamed(client, {"dataset": DATASET, "steps": LONG, "seed": seed})
            time.sleep(0.3)  # the stream has been left, and its run is told to end
            streams.append(rate)
            frames.append(per_second)
            bare.append((before + turn_by_clock(loop, WINDOW / 4)) / 2)  # around the stream's turn
    ratio = median(ratios(streams, bare))
    heading(f"With a client reading the live stream: medians of {repeats} turns of {WINDOW:.0f} s, by the clock")
    show(
        ("", "measured", "target", "met"),
        [
            ("bare loop, steps/s", f"{median(bare):,.0f}"),
            ("streamed run, steps/s", f"{median(streams):,.0f}"),
            ("frames/s at the client", f"{median(frames):.1f}", *target(median(frames), least=12, digits=0)),
            ("streamed to bare", f"{ratio:.3f}", *target(ratio, least=0.85)),
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--streams", type=int, default=5)
    given = parser.parse_args()
    torch.set_num_threads(1)
    without_page(given.repeats)
    if given.streams:
        with_client(given.streams)


if __name__ == "__main__":
    main()
