"""Small runs of every family, and whether two of them are the same."""

import torch

from playground import Experiment, Run

SMALL = {"width": 16, "depth": 2, "batch_size": 32}


def experiment(family: str, config: dict | None = None, dataset: str = "two_moons", steps: int = 40) -> Experiment:
    return Experiment(family=family, dataset=dataset, steps=steps, config=SMALL | (config or {}))


def trained_to(wanted: Experiment, step: int) -> Run:
    run = Run(wanted)
    while run.step < step:
        run.advance()
    return run


def weights(family) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in family.parameters()])


def everything(run: Run) -> list[torch.Tensor]:
    """All that the next step, or an answer, depends on."""
    state = run.state()
    moments = [value for of in state.moments for value in of.values()]
    weights = [weights for model in state.models for weights in model.values()]
    progress = torch.tensor([run.family.step, run.family.progress, run.step])
    return [*weights, *moments, state.generator, progress]


def same(one: Run, other: Run) -> bool:
    pairs = list(zip(everything(one), everything(other), strict=True))
    return all(torch.equal(a, b) for a, b in pairs)
