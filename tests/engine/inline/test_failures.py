"""What goes wrong in one run is said in a sentence, and takes no other run with it."""

import numpy as np
import pytest

from playground import Experiment, Run
from playground.engine.hosting.host import BROKEN
from playground.scene import ViewState

ENDLESS = 100_000


@pytest.mark.training
def test_divergence(inline, frame, until):
    wild = Experiment(dataset="two_moons", config={"learning_rate": 1.0, "schedule": "constant", "solver": "dopri5"})
    handle = until(inline.start(wild), "failed")
    last = frame(handle)
    assert last["state"] == "failed"
    assert last["message"] == handle.message
    assert "learning rate is probably too high" in handle.message
    assert "samples" in last["layers"], "the last good picture stays"
    assert last["scalars"]["distance"] < 10
    assert np.isfinite(handle.ask({"ask": "sample", "n": 500})["samples"]).all()
    assert np.isfinite(handle.ask({"ask": "trace", "x": [0, 0]})["path"]).all()
    handle.look(ViewState(time=0.3))
    until(handle, lambda f: f["time"] == 0.3)
    assert frame(handle)["message"] == handle.message != ""
    handle.resume()
    handle.step(3)
    assert not handle.wait(handle.sent, timeout=0.05)
    assert handle.state == "failed"


def test_a_run_that_breaks_takes_no_other_with_it(inline, small, until, monkeypatch, caplog):
    advance = Run.advance

    def sometimes(run, only=None):
        if run.experiment.seed == 13 and run.step == 5:
            raise RuntimeError("a bug")
        advance(run)

    monkeypatch.setattr(Run, "advance", sometimes)
    good, bad = inline.start(small(steps=50)), inline.start(small(steps=50, seed=13))
    until(bad, "failed")
    assert bad.message == BROKEN
    assert bad.step_count == 5
    assert "a bug" in caplog.text
    with pytest.raises(ValueError, match="did not expect"):
        bad.ask({"ask": "sample"})
    until(good, "done")
    assert good.ask({"ask": "sample", "n": 2})


@pytest.mark.parametrize(
    "message",
    [
        {"do": "start", "experiment": {"family": "nope"}, "look": {}, "steps": None, "checkpoint": None},
        {"do": "start", "experiment": {}, "look": {"time": 7}, "steps": None, "checkpoint": None},
        {"do": "start", "experiment": {}, "look": {}, "steps": None, "checkpoint": "nope"},
        {"do": "start"},
    ],
    ids=str,
)
def test_a_start_that_fails_takes_no_other_with_it(inline, small, until, message, caplog):
    handle, other = inline.start(small(steps=ENDLESS)), inline.start(small(steps=5))
    inline._host.receive(message | {"run": handle.name})
    assert (handle.state, handle.message) == ("failed", BROKEN)
    until(other, "done")


@pytest.mark.parametrize(
    "message",
    [
        {"do": "step", "steps": "many"},
        {"do": "step"},
        {"do": "look", "look": {"time": 7}},
        {"do": "look"},
        {"do": "edit", "changes": [1]},
        {"do": "ask"},
        {"do": "nope"},
    ],
    ids=str,
)
def test_no_message_stops_the_host(inline, small, until, message, caplog):
    one, other = (until(inline.start(small(steps=ENDLESS), steps=0), "paused") for _ in range(2))
    inline._host.receive(message | {"run": one.name})
    inline._host.receive(message | {"run": "nobody"}) if message != {"do": "ask"} else None
    other.step(2)
    until(other, "paused")
    assert other.step_count == 2


def test_an_answer_that_fails_ends_nothing(inline, small, until, monkeypatch, caplog):
    handle = until(inline.start(small()), "done")

    def broken(self, n, seed=0):
        raise AssertionError("a bug")

    monkeypatch.setattr(Run, "sample", broken)
    with pytest.raises(ValueError, match="could not answer"):
        handle.ask({"ask": "sample"})
    assert handle.ask({"ask": "trace", "x": [0, 0]})["path"]
