"""What is worth a GPU, what is asked for, and that a segment trains as this process would have."""

import math
import sys

import pytest
import torch

from playground import Experiment, Run, fit
from playground.engine import ENGINES, make
from playground.engine.zero import segment as parts
from playground.engine.zero.segment import BEGINNING, LONGEST, least_steps, seconds, segment
from playground.training.device import device_of, zero_gpu
from playground.training.state import State
from tests.engine.zero.stepping import everything, stepped


def test_a_gpu_is_for_images_and_wide_networks():
    for dataset, config in (("mnist", {}), ("digits", {}), ("two_moons", {"width": 256, "batch_size": 1024})):
        least = least_steps(Experiment(dataset=dataset, config=config))
        assert least
        assert 0 < least < 5000
    assert least_steps(Experiment(dataset="two_moons")) is None
    paired = {"coupling": "optimal_transport", "batch_size": 512}  # which is computed on the CPU
    assert least_steps(Experiment(dataset="two_moons", config=paired)) is None


def test_seconds_are_asked_for_by_the_budget():
    def asked(steps: int, **more) -> int:
        return seconds(Experiment(**more).model_dump(mode="json"), b"", steps, None)

    assert asked(1, dataset="digits") == math.ceil(BEGINNING) + 1
    assert asked(1000, dataset="digits") < asked(1000, dataset="mnist") < LONGEST
    assert asked(10**6, dataset="mnist") == LONGEST


def test_on_zero_gpu_everything_computes_on_the_cpu(monkeypatch):
    monkeypatch.delenv("PLAYGROUND_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)  # as `spaces` has it
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert (zero_gpu(), device_of().type) == (False, "cuda")
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    assert (zero_gpu(), device_of().type) == (True, "cpu")


def test_on_zero_gpu_its_engine_is_chosen(monkeypatch):
    monkeypatch.delenv("PLAYGROUND_ENGINE", raising=False)
    monkeypatch.setattr("playground.engine.ENGINES", {name: lambda name=name: name for name in ENGINES})
    assert make() == "workers"
    monkeypatch.setenv("SPACES_ZERO_GPU", "1")
    assert (make(), make("inline")) == ("zero", "inline")


def test_without_the_package_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "spaces", None)
    with pytest.raises(ValueError, match="needs the package spaces"):
        make("zero")


# A state crosses processes, and goes on as it would have gone on.

KINDS = [
    ("gan", "two_moons", {"r1": 0.1}),
    ("vae", "digits", {}),
    ("flow", "two_moons", {"width": 16}),
]


@pytest.mark.parametrize(("family", "dataset", "config"), KINDS, ids=str)
def test_a_segment_trains_as_this_process_would(family, dataset, config, each_step):
    wanted = Experiment(family=family, dataset=dataset, steps=12, seed=3, config={"batch_size": 32} | config)
    here = stepped(Run(wanted), 5)
    for begin, came in ((Run(wanted), 12), (here, 7)):
        pieces = list(segment(wanted.model_dump(mode="json"), everything(begin), 12 - begin.step, None))
        assert [piece["last"] for piece in pieces] == [False] * (came - 1) + [True]
        for piece in pieces:
            state = State.from_bytes(piece["state"])
            assert everything(stepped(Run(wanted), state.step)) == piece["state"]
            assert all(map(math.isfinite, piece["scalars"].values()))
    again = Run(wanted)
    again.load(state)
    assert (again.sample(10) == fit(wanted).sample(10)).all()


def test_only_one_player_trains(each_step):
    wanted = Experiment(family="gan", dataset="two_moons", steps=10, config={"batch_size": 32})
    alone = Run(wanted)
    alone.advance("discriminator")
    [piece] = segment(wanted.model_dump(mode="json"), everything(Run(wanted)), 1, "discriminator")
    assert piece["state"] == everything(alone)


def test_a_segment_ends_in_time(small, monkeypatch):
    wanted = small(steps=100_000)
    given = wanted.model_dump(mode="json"), everything(Run(wanted)), 100_000, None
    monkeypatch.setattr(parts, "seconds", lambda *_: BEGINNING + 0.1)
    *_, piece = segment(*given)
    assert piece["last"]
    assert State.from_bytes(piece["state"]).step < 100_000
    monkeypatch.setattr(parts, "seconds", lambda *_: BEGINNING)
    assert list(segment(*given)) == [], "there was no time"


def test_what_diverges_is_left_to_the_cpu(each_step):
    wanted = Experiment(dataset="two_moons", steps=50, config={"learning_rate": 0.1, "width": 8})
    run = Run(wanted)
    with torch.no_grad():
        next(iter(run.family.parameters())).fill_(math.nan)
    assert list(segment(wanted.model_dump(mode="json"), everything(run), 50, None)) == []
