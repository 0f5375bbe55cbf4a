"""What may change while a run trains does, and what may not is refused."""

import math

import pytest
import torch
from pydantic import ValidationError

from playground import Experiment, Run, fit
from playground.training.run import follow
from tests.training.runs import same, weights


def test_what_may_change_does(small):
    run = Run(small(steps=50))
    for _ in range(5):
        run.advance()
    moments = run._stepper.optimizers[0].state_dict()["state"]
    run.edit(learning_rate=0.02, batch_size=16, solver="euler", averaging=0)
    after = run._stepper.optimizers[0].state_dict()["state"]
    assert all(torch.equal(moments[i]["exp_avg"], after[i]["exp_avg"]) for i in moments), "Adam's memory stays"
    run.advance()
    config = run.experiment.config
    assert (config.learning_rate, config.batch_size, config.solver, config.averaging) == (0.02, 16, "euler", 0)
    assert run.family.config == run.averaged.config == config
    assert run._stepper.optimizers[0].param_groups[0]["lr"] == pytest.approx(
        0.02 * (1 + math.cos(math.pi * 5 / 50)) / 2
    )
    assert torch.equal(weights(run.family), weights(run.averaged)), "the averaging is off"
    assert run._stepper.optimizers[0].state_dict()["state"][0]["step"] == 6


def test_an_edit_is_what_the_run_would_have_been(small):
    """Editing before the first step is the same as having chosen it from the start."""
    run = Run(small())
    run.edit(learning_rate=0.01, schedule="constant", batch_size=32)
    list(follow(run))
    assert same(run, fit(small(learning_rate=0.01, schedule="constant", batch_size=32)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"width": 64}, "Width can't change while training."),
        ({"depth": 1, "batch_size": 32}, "Depth can't change while training."),
        ({"nope": 1}, "There is no setting called “nope”."),
        ({"self": 1}, "There is no setting called “self”."),
        ({"x" * 10**6: 1}, f"There is no setting called “{'x' * 40}”."),
        ({"learning_rate": 7}, "Input should be less than or equal to 1"),
        ({"batch_size": True}, "Input should be a number"),
        ({"solver": None}, "Input should be"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_may_not_change_does_not(small, changes, sentence):
    run = Run(small())
    with pytest.raises(ValueError, match=sentence):
        run.edit(**changes)
    assert run.experiment == small()
    assert run.family.config == run.averaged.config == small().config


def test_an_edit_that_nobody_can_afford_is_refused():
    run = Run(Experiment(config={"width": 256, "depth": 6}, steps=5000))
    with pytest.raises(ValidationError, match="too much for one step"):
        run.edit(batch_size=4096)
    assert run.family.config.batch_size == run.experiment.config.batch_size == 512
    run.advance()
