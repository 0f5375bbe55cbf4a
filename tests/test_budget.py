"""What a run may cost is bounded, and who asks for more is told what to choose."""

import math

import pytest
import torch
from pydantic import ValidationError
from torch.utils.flop_counter import FlopCounterMode

from playground import Experiment, budget
from playground.budget import (
    CONVOLUTIONS,
    MAX_RUN_COST,
    MAX_STEP_COST,
    PROBE,
    STAGE_SAMPLES,
    forward_flops,
    step_cost,
    too_much,
)
from playground.families import FAMILIES
from playground.messages import explain


def cost_of_a_step(experiment: Experiment) -> float:
    """By hand: two operations a weight on the way there, four on the way back; biases are not counted, nor a learned
    prior, which is no network."""
    model = FAMILIES[experiment.family](experiment.config)
    weights = (p for name, p in model.named_parameters() if p.ndim == 2 and not name.startswith("prior."))
    return 6 * sum(p.numel() for p in weights) * experiment.config.batch_size


def test_the_cost_of_a_step_is_bounded():
    wide = {"width": 256, "depth": 6}
    fits = Experiment(config=wide | {"batch_size": 512}, steps=1)
    assert cost_of_a_step(fits) <= MAX_STEP_COST
    largest = int(512 * MAX_STEP_COST / cost_of_a_step(fits))
    assert largest < 4096
    Experiment(config=wide | {"batch_size": largest}, steps=1)
    with pytest.raises(ValidationError) as caught:
        Experiment(config=wide | {"batch_size": largest + 1}, steps=1)
    assert explain(caught.value).count(".") == 2
    assert "too much for one step" in explain(caught.value)


@pytest.mark.parametrize("family", FAMILIES)
def test_networks_are_counted_once_for_all_settings_that_may_change_in_training(family):
    experiment = Experiment(family=family, dataset="digits")
    before = budget._counted.cache_info().misses
    changed = experiment.changed({"averaging": 0.5, "schedule": "constant"})
    assert changed != experiment
    assert budget._counted.cache_info().misses == before


def test_the_cost_of_a_run_is_bounded():
    wide = {"width": 256, "depth": 6, "batch_size": 512}
    affordable = int(MAX_RUN_COST / cost_of_a_step(Experiment(config=wide, steps=1)))
    Experiment(config=wide, steps=affordable)
    with pytest.raises(ValidationError) as caught:
        Experiment(config=wide, steps=affordable + 1)
    assert explain(caught.value).count(".") == 2
    assert f"{affordable:,} steps" in explain(caught.value)


def test_the_cost_of_sampling_is_bounded():
    slow = {"solver": "rk4", "solver_steps": 100}
    assert Experiment(config=slow | {"width": 64}).affordable_samples > STAGE_SAMPLES
    with pytest.raises(ValidationError) as caught:
        Experiment(config=slow | {"width": 256})
    assert explain(caught.value).count(".") == 2
    assert "fewer solver steps" in explain(caught.value)


@pytest.mark.parametrize("dataset", ["eight_gaussians", "digits", "mnist"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_default_of_each_family_is_affordable(family, dataset):
    if family == "normalizing_flow" and dataset == "mnist":
        with pytest.raises(ValidationError, match="for the plane"):
            Experiment(family=family, dataset=dataset)
        return
    wanted = Experiment(family=family, dataset=dataset)
    model, shape = FAMILIES[family], wanted.dataset.shape
    assert dataset != "eight_gaussians" or step_cost(model, wanted.config, shape) >= cost_of_a_step(wanted)
    assert too_much(model, wanted.config, shape, wanted.steps) == ""


@pytest.mark.parametrize("shape", [(2,), (8, 8)])
@pytest.mark.parametrize("family", FAMILIES)
def test_operations_are_counted_as_pytorch_counts_them(family, shape):
    model = FAMILIES[family]
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        reference = model(model.Config(), shape)
        reference(torch.empty(PROBE, math.prod(shape)))
    forward_flops.cache_clear()
    budget._counted.cache_clear()
    before = torch.get_rng_state()
    counted = forward_flops(model, model.Config(), shape)
    operations = counter.get_flop_counts()["Global"]
    total = sum(n * (CONVOLUTIONS if "convolution" in str(operation) else 1) for operation, n in operations.items())
    assert counted == max(total / PROBE, sum(p.numel() for p in reference.parameters()))
    assert torch.equal(torch.get_rng_state(), before), "counting disturbs no training"
