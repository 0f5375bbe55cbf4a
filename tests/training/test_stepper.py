"""A step that doesn't wait for its device does what the plain one does."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from playground import Diverged, Experiment, Run
from playground.families import FAMILIES
from playground.training.history import History
from playground.training.run import follow
from playground.training.stepper import Deferred, Stepper

SMALL = {"width": 16, "depth": 2, "batch_size": 32}

CASES: dict[str, dict[str, Any]] = {
    "flow": {"family": "flow"},
    "flow, drawn": {"family": "flow", "config": {"path": "drawn", "sigma_min": 0.1, "source": "uniform"}},
    "flow, diffusion": {"family": "flow", "config": {"path": "diffusion"}},
    "vae": {"family": "vae"},
    "vae, standard": {"family": "vae", "config": {"prior": "standard"}},
    "vae, importance": {"family": "vae", "config": {"importance_samples": 3, "noise": "fixed", "warm_up": 0}},
    "normalizing flow": {"family": "normalizing_flow"},
    "diffusion": {"family": "diffusion"},
    "diffusion, edm": {"family": "diffusion", "config": {"noise_schedule": "edm", "target": "edm"}},
    "diffusion, sigmoid": {"family": "diffusion", "config": {"noise_schedule": "sigmoid", "target": "noise"}},
    "diffusion, linear": {"family": "diffusion", "config": {"noise_schedule": "linear", "weighting": "min_snr"}},
    "gan": {"family": "gan"},
    "gan, penalties": {"family": "gan", "config": {"r2": 0.1, "gradient_penalty": 1.0, "discriminator_steps": 2}},
    "gan, relativistic": {"family": "gan", "config": {"objective": "relativistic", "instance_noise": 0.3}},
    "gan, unrolled": {"family": "gan", "config": {"unrolling": 2, "minibatch_statistics": "on", "packing": 2}},
    "gan, spectral": {"family": "gan", "config": {"spectral_normalisation": "on", "objective": "hinge"}},
}


def experiment(name: str, dataset: Any = "two_moons", steps: int = 40, **more) -> Experiment:
    case = CASES[name]
    config = SMALL | case.get("config", {}) | more
    return Experiment(family=case["family"], dataset=dataset, steps=steps, seed=3, config=config)


def weights(run: Run) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for model in (run.family, run.averaged) for p in model.parameters()])


def both(wanted: Experiment) -> tuple[Run, Run]:
    return Run(wanted, "cpu", Stepper), Run(wanted, "cpu", Deferred)


def test_every_family_is_tested():
    assert {case["family"] for case in CASES.values()} == set(FAMILIES)


@pytest.mark.parametrize("dataset", ["two_moons", "digits"])
@pytest.mark.parametrize("name", CASES)
def test_the_same_run(name, dataset):
    plain, deferred = both(experiment(name, dataset))
    for steps in (9, 2):
        for run in (plain, deferred):
            for _ in range(steps):
                run.advance()
        one, other = plain.snapshot(), deferred.snapshot()
        assert other.scalars == pytest.approx(one.scalars, rel=1e-4)
        assert torch.allclose(weights(plain), weights(deferred), atol=1e-5)
    assert torch.equal(plain.state().generator, deferred.state().generator)


class Waits(TorchDispatchMode):
    """Notes whatever would let the processor wait for its device: numbers read from tensors, sizes that depend on
    values, and tensors made of Python's numbers, which are copied to the device."""

    FORBIDDEN = ("_local_scalar_dense", "lift_fresh", "nonzero", "masked_select", "unique", "is_nonzero", "equal.")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if any(word in str(func) for word in self.FORBIDDEN):
            self.found.append(str(func))
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", CASES)
def test_a_step_waits_for_nothing(name):
    run = Run(experiment(name), "cpu", Deferred)
    for _ in range(5):  # the optimizers are there, and each phase was
        run.advance()
    with Waits() as waits:
        for _ in range(5):
            run.advance()
    assert waits.found == []


def test_what_waits_is_noticed():
    coupled = Run(experiment("flow", coupling="entropic"), "cpu", Deferred)
    with Waits() as waits:
        coupled.advance()
    assert waits.found
    assert coupled.family.waits
    with Waits() as waits:
        x = torch.ones(3) * torch.tensor(2.0)
        assert x.sum() > 0
        float(x[0])
    assert len(waits.found) == 3


def test_settings_change_on_the_way():
    plain, deferred = both(experiment("gan"))
    for changes in ({"discriminator_steps": 3}, {"discriminator_steps": 1, "momentum": 0.1}, {"averaging": 0.0}):
        for run in (plain, deferred):
            for _ in range(4):
                run.advance()
            run.advance("generator")
            run.edit(**changes)
        assert torch.allclose(weights(plain), weights(deferred), atol=1e-5)
    assert deferred.snapshot().scalars == pytest.approx(plain.snapshot().scalars, rel=1e-4)


def test_each_step_comes_back_bit_for_bit():
    wanted = experiment("gan, penalties", steps=30)
    run = Run(wanted, "cpu", Deferred)
    history, before = History(run), []
    history.every = 8
    while not run.done:
        before.append(weights(run).clone())
        history.advance(run)
    past = Run(wanted, "cpu", Deferred)
    for step in (5, 20, 11):
        past.load(history.before(step))
        for _ in history.replay(past, step):
            pass
        assert torch.equal(weights(past), before[step])


# Divergence.

BLOWS_UP = {"learning_rate": 1.0, "schedule": "constant"}


def diverge(run: Run, every: int) -> Diverged:
    run.snapshot()
    with pytest.raises(Diverged) as caught:
        list(follow(run, every))
    run.restore()
    return caught.value


@pytest.mark.parametrize("every", [1, 3, 1000])
def test_a_divergence_is_found_later_and_told_alike(monkeypatch, every):
    loss = FAMILIES["flow"].loss
    monkeypatch.setattr(
        FAMILIES["flow"], "loss", lambda self, *given: loss(self, *given) * (1e5 if self.step > 19 else 1)
    )
    plain, deferred = both(experiment("flow", steps=500))
    one, other = (diverge(run, every) for run in (plain, deferred))
    assert (str(one), one.step) == (str(other), other.step)
    assert plain.step == deferred.step == one.step == 26, "after the seventh of them"
    assert torch.allclose(torch.as_tensor(plain.sample(50)), torch.as_tensor(deferred.sample(50)), atol=1e-4)


def test_a_loss_that_is_no_number_is_found_before_a_state_is_kept(monkeypatch):
    run = Run(experiment("flow"), "cpu", Deferred)
    run.advance()
    run.snapshot()
    good = run.sample(20)
    run.advance()  # its loss tells that what was shown is good
    monkeypatch.setattr(FAMILIES["flow"], "loss", lambda self, x, g, y: self(x).sum() * torch.nan)
    run.edit(learning_rate=0.01)  # players are asked for anew
    run.advance()
    run.advance()
    with pytest.raises(Diverged, match="not a number at step 2"):
        run.state()
    assert run.step == 2
    run.restore()
    assert np.array_equal(run.sample(20), good)
