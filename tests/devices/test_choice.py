"""The device is a choice of whoever starts a run, and one that isn't there is refused in a sentence."""

import pytest
import torch

from playground import Experiment, Run
from playground.engine import InlineEngine, WorkerEngine
from playground.engine.worker import default_workers
from playground.training.device import CHOICE, device_of
from playground.training.stepper import Recorded, Stepper, stepper_of

THERE = torch.cuda.device_count() if torch.cuda.is_available() else 0


def test_the_nearest_choice_counts(monkeypatch):
    monkeypatch.delenv(CHOICE, raising=False)
    assert device_of().type == ("cuda" if THERE else "cpu")
    monkeypatch.setenv(CHOICE, "cpu")
    assert device_of() == torch.device("cpu")
    monkeypatch.setenv(CHOICE, "tpu")
    assert device_of("cpu") == device_of(torch.device("cpu", 0)) == torch.device("cpu")
    with pytest.raises(ValueError, match=r"There is no device called “tpu”\. PLAYGROUND_DEVICE can be cpu, cuda"):
        device_of()


@pytest.mark.parametrize("name", ["nope", "cpu:x", "meta", "mps", "x" * 1000])
def test_what_is_no_device(name):
    with pytest.raises(ValueError, match="There is no device called"):
        device_of(name)


def test_a_gpu_that_is_not_there():
    with pytest.raises(ValueError, match=r"There is no GPU 99: this machine has (none|\d+)\."):
        device_of("cuda:99")


@pytest.mark.skipif(not THERE, reason="this machine has no GPU")
def test_a_gpu():
    assert device_of("cuda") == device_of("cuda:0") == torch.device("cuda", 0)


def test_engines_hand_it_down(monkeypatch):
    monkeypatch.setenv(CHOICE, "nope")
    for engine in (InlineEngine, WorkerEngine):
        with pytest.raises(ValueError, match="no device called"):
            engine()
    inline = InlineEngine("cpu")
    inline.start(Experiment(steps=3))
    (hosted,) = inline._host.runs.values()
    assert hosted.run.device == torch.device("cpu")
    inline.close()


def test_workers_share_a_gpu():
    assert default_workers("cuda:0") == 1
    assert default_workers("cpu") >= 1


def test_steps_suit_the_device():
    assert stepper_of(torch.device("cpu")) is Stepper
    assert stepper_of(torch.device("cuda", 0)) is Recorded


def test_nothing_but_the_cpu_is_seeded(monkeypatch):
    """In the main process of some hosts a GPU must not be touched before it is lent."""
    Run(Experiment(steps=3), "cpu").advance()  # loads what PyTorch needs for an optimizer
    touched: list[str] = []
    for name in ("_lazy_init", "manual_seed_all", "get_rng_state", "set_rng_state"):
        monkeypatch.setattr(torch.cuda, name, lambda *given, name=name: touched.append(name))
    Run(Experiment(steps=3), "cpu").advance()
    assert touched == []
