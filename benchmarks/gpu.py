"""Steps a second on a GPU and on this machine's processor.

    python -m benchmarks.gpu [--only steps|engine] [--with MNIST]

Each row is an experiment, each column a way to train it: on one and on two threads of the CPU; on the GPU with every
loss read at once, as on the CPU; without waiting for the GPU, kernel by kernel; and recorded, each step a graph (see
`playground.training.stepper`). For flow matching, a hand-written loop on the GPU stands beside them, which doesn't wait
either. The ways take turns, timed by the clock from idle to idle; medians are printed. Recording costs what the slowest
of the first steps takes, after the libraries have loaded.

At the end, runs in an engine, with the frames that the page shows. Needs no page, and says so where there is no GPU.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import torch

from benchmarks.bare import bare_loop
from benchmarks.images import MODELS
from benchmarks.table import heading, median, show, target
from playground import Experiment, Run
from playground.budget import MAX_RUN_COST, step_cost
from playground.engine import InlineEngine
from playground.families import FAMILIES
from playground.training.stepper import Deferred, Recorded, Stepper

IMAGES: dict[str, tuple[str, dict[str, Any]]] = {name: model for name, model in MODELS.items() if "prior" not in name}
EXPERIMENTS = {
    **{f"{name}, two moons": Experiment(family=name, dataset="two_moons", steps=5000) for name in FAMILIES},
    **{
        f"{name}, MNIST": Experiment(family=of, dataset="mnist", config=config) for name, (of, config) in IMAGES.items()
    },
}

WARM_UP = 1.0
"""Seconds of a run in an engine before its rate is measured."""

WARM = 40
"""Steps before the first turn: enough to record each kind of step."""

Way = Callable[[], None]


def wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def rate(step: Way, seconds: float, threads: int = 1) -> float:
    """Steps a second by the clock, from idle to idle."""
    torch.set_num_threads(threads)
    wait()
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        step()
        done += 1
    wait()
    return done / (time.perf_counter() - began)


def recording(run: Run) -> float:
    """The longest of the first steps but one, in seconds: the first loads libraries."""
    run.advance()
    found = []
    for _ in range(WARM):
        wait()
        began = time.perf_counter()
        run.advance()
        wait()
        found.append(time.perf_counter() - began)
    return max(found)


def ways(experiment: Experiment, gpu: bool) -> dict[str, tuple[Way, int]]:
    """Each way to train: a step, and the number of threads."""
    on_cpu = {f"CPU, {n} thread{'s' * (n > 1)}": (Run(experiment, "cpu").advance, n) for n in (1, 2)}
    if not gpu:
        return on_cpu
    steppers: dict[str, type[Stepper]] = {"GPU, each loss read": Stepper, "eager": Deferred, "recorded": Recorded}
    found = on_cpu | {name: (Run(experiment, "cuda", stepper).advance, 1) for name, stepper in steppers.items()}
    if experiment.family == "flow" and experiment.config.space == "pixels":
        loop = bare_loop(experiment, fused=True, device="cuda")
        found["bare loop"] = (lambda: (next(loop), None)[1], 1)
    return found


def steps(experiments: dict[str, Experiment], gpu: bool, seconds: float, repeats: int) -> None:
    heading(f"Steps a second: medians of {repeats} turns of {seconds:g} s, by the clock")
    names = ["CPU, 1 thread", "CPU, 2 threads"]
    names += ["GPU, each loss read", "eager", "bare loop", "recorded"] if gpu else []
    rows, ratios = [], []
    for name, experiment in experiments.items():
        known = ways(experiment, gpu)
        for step, _ in known.values():
            for _ in range(WARM):
                step()
        found: dict[str, list[float]] = {way: [] for way in known}
        for _ in range(repeats):
            for way, (step, threads) in known.items():
                found[way].append(rate(step, seconds, threads))
        rates = {way: median(values) for way, values in found.items()}
        cells = [f"{rates[way]:,.0f}" if way in rates else "–" for way in names]
        if gpu:
            fastest = max(rates["CPU, 1 thread"], rates["CPU, 2 threads"])
            of_eager, of_cpu = rates["recorded"] / rates["eager"], rates["recorded"] / fastest
            took = recording(Run(experiment, "cuda"))
            cells += [f"{of_eager:.1f}", f"{of_cpu:.1f}", f"{1e3 * took:.0f} ms"]
            ratios.append((name, of_eager, of_cpu))
        rows.append((name, *cells))
    show(("", *names, *(("to eager", "to the CPU", "recording") if gpu else ())), rows)
    for name, of_eager, of_cpu in ratios:
        least = 5.0 if "moons" in name else None
        print(f"  {name}: {of_eager:.1f} times eager, target", *(target(of_eager, least=least) if least else ("–",)))
        if "MNIST" in name:
            print(f"  {name}: {of_cpu:.1f} times the CPU, target", *target(of_cpu, least=3.0))


def in_an_engine(device: str, experiment: Experiment, seconds: float) -> tuple[float, float]:
    """Steps and frames a second of a run in an engine in this process, after its start-up."""
    shape = experiment.dataset.shape
    most = int(MAX_RUN_COST / step_cost(FAMILIES[experiment.family], experiment.config, shape))
    engine = InlineEngine(device)
    handle = engine.start(experiment.model_copy(update={"steps": min(100_000, most)}))
    seen: list[tuple[float, int, int]] = []
    begin = None
    while handle.state == "training" and (begin is None or time.perf_counter() < begin + WARM_UP + seconds):
        handle.wait(handle.sent, timeout=1)
        if begin is None and handle.step_count:  # libraries have loaded
            begin = time.perf_counter()
        if begin is not None and time.perf_counter() > begin + WARM_UP:
            seen.append((time.perf_counter(), handle.step_count, handle.sent))
    engine.close()
    (first, step, frame), (last, end, frames) = seen[0], seen[-1]
    return (end - step) / max(last - first, 1e-9), (frames - frame) / max(last - first, 1e-9)


def with_frames(experiments: dict[str, Experiment], devices: list[str], seconds: float) -> None:
    heading(f"In an engine, with frames, {seconds:g} s each, one thread")
    torch.set_num_threads(1)
    rows = []
    for name, experiment in experiments.items():
        cells: list[str] = []
        for device in devices:
            rates = in_an_engine(device, experiment, seconds)
            cells += [f"{rates[0]:,.0f}", f"{rates[1]:.1f}"]
        rows.append((name, *cells))
    show(("", *(f"{device}: {what}/s" for device in devices for what in ("steps", "frames"))), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=("steps", "engine"))
    parser.add_argument("--with", dest="part", default="", help="part of an experiment's name, such as MNIST")
    given = parser.parse_args()
    gpu = torch.cuda.is_available()
    chosen = {name: experiment for name, experiment in EXPERIMENTS.items() if given.part in name}
    print(torch.cuda.get_device_name() if gpu else "There is no GPU here: only the CPU is measured.")
    if given.only != "engine":
        steps(chosen, gpu, given.seconds, given.repeats)
    if given.only != "steps":
        with_frames(chosen, ["cpu", "cuda"] if gpu else ["cpu"], max(1.5, given.seconds))


if __name__ == "__main__":
    main()
