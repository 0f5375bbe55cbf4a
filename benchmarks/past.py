"""What it costs to look back: the memory of a run's history, and the time to an answer about an earlier step.

    python -m benchmarks.past

For each family as its tab opens it, on points and on digits, after two spacings of saved states. Memory is that of a
history that is full. The mean and the longest way are those of a step between two saved states, in CPU time on one
thread; the picture comes on top of that, with the layers that are on by default. "same bits" compares the model with
that of a run that was trained up to there.
"""

import time
from typing import Any

import torch

from benchmarks.table import heading, show
from playground import Experiment
from playground.engine.hosting.past import Past
from playground.families import FAMILIES
from playground.training.checkpoints import opening
from playground.training.history import BYTES, STATES, History
from playground.training.run import Run
from playground.views import default_view

MOST = 200
"""Most steps that are trained for a row; longer ways are extrapolated."""


def row(family: str, dataset: str) -> tuple[Any, ...]:
    wanted = Experiment(family=family, dataset=dataset, steps=opening(family).steps)
    history = History(run := Run(wanted))
    step, weights = min(history.every, MOST) - 1, {}
    while run.step <= step:
        history.advance(run)
        if run.step == step:
            weights = {name: tensor.clone() for name, tensor in run.averaged.state_dict().items()}
    size = run.state().bytes
    fit = min(STATES, BYTES // size)
    every = history.every * 2 if fit < STATES else history.every
    while wanted.steps / every > fit:
        every *= 2
    past, look = Past(history), default_view(run.averaged)
    began = time.thread_time()
    for _ in past.answer(run, look, {"ask": "sample", "n": 1, "step": step}):
        pass
    way = time.thread_time() - began
    began = time.thread_time()
    for _ in past.answer(run, look, {"ask": "picture", "step": step}):
        pass
    picture = time.thread_time() - began
    assert past._run is not None
    same = all(torch.equal(weights[name], tensor) for name, tensor in past._run.averaged.state_dict().items())
    longest = way * every / step
    memory = f"{size * (wanted.steps // every + 1) / 1e6:.1f} MB"
    times = (f"{1e3 * seconds:,.0f} ms" for seconds in (longest / 2, longest, picture))
    return f"{family}, {dataset}", f"{every:,}", memory, *times, "yes" if same else "NO"


def main() -> None:
    torch.set_num_threads(1)
    heading(f"Looking back: at most {STATES} states or {BYTES / 1e6:.0f} MB a run")
    columns = ("", "a state every", "memory", "mean way", "longest", "picture", "same bits")
    show(columns, (row(family, dataset) for family in FAMILIES for dataset in ("smiley", "digits")))


if __name__ == "__main__":
    main()
