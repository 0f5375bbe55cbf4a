"""A segment on a GPU: a state goes there from the CPU, and comes back to it (see `playground.engine.zero`)."""

import pytest
import torch

from playground import Experiment, Run
from playground.engine.zero.segment import handed_over, segment
from playground.training.state import State

GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU")


def begun() -> Run:
    run = Run(Experiment(dataset="digits", steps=60), "cpu")
    for _ in range(3):
        run.advance()
    return run


def test_the_cpu_hands_itself_nothing_over():
    state = begun().state()
    same, generator = handed_over(state, torch.device("cpu"))
    assert same is state
    assert generator is state.generator


@GPU
def test_a_generator_of_the_gpu_goes_on_from_the_cpus():
    state = begun().state()
    (there, back), again = (handed_over(state, torch.device("cuda")) for _ in range(2))
    assert torch.equal(there.generator, again[0].generator)
    assert len(there.generator) != len(state.generator), "it is of another kind"
    assert len(back) == len(state.generator)
    assert not torch.equal(back, state.generator)


@GPU
def test_what_a_gpu_has_trained_is_trained_on_here():
    run = begun()
    *_, piece = segment(run.experiment.model_dump(mode="json"), run.state().to_bytes(), 40, None)
    state = State.from_bytes(piece["state"])
    assert (state.step, piece["last"]) == (43, True)
    assert state.moments[0]["step"] == 43
    run.load(state)
    while not run.done:
        run.advance()
    assert run.snapshot().scalars["loss"] < 1.5
