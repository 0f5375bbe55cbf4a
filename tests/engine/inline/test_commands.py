"""A run does what it is told: start, pause, resume, step, edit, look, ask, close."""

import math

import numpy as np
import pytest

from playground import fit
from playground.engine import GONE, Gone, Handle
from playground.scene import ViewState
from playground.training.checkpoints import SHIPPED

ENDLESS = 100_000


def test_a_run_from_beginning_to_end(inline, small, frame, until):
    handle = inline.start(small(steps=30), visitor="ada")
    assert (handle.state, handle.sent, handle.visitor) == ("training", 0, "ada")
    assert handle.wait(0, timeout=10)
    first = frame(handle)
    assert (first["run"], first["step"], first["state"]) == (handle.name, 0, "training"), (
        "the first is of the beginning"
    )
    until(handle, "done")
    last = frame(handle)
    assert (last["step"], last["steps"], last["state"], last["message"]) == (30, 30, "done", "")
    assert handle.step_count == 30
    assert {"loss", "distance"} <= last["scalars"].keys()
    assert last["layers"]["samples"]["times"], "the last has the whole chain"
    assert not handle.wait(handle.sent, timeout=0.05), "and then it is quiet"


def test_it_is_the_run_that_the_library_makes(inline, small, until):
    handle = until(inline.start(small(steps=25, seed=5)), "done")
    answer = handle.ask({"ask": "sample", "n": 50, "seed": 2})
    assert np.allclose(answer["samples"], fit(small(steps=25, seed=5)).sample(50, seed=2), atol=1e-5)


def test_pause_and_resume(inline, small, frame, until):
    handle = until(inline.start(small(steps=ENDLESS)), lambda f: f["step"] > 3)
    handle.pause()
    until(handle, "paused")
    at = frame(handle)["step"]
    assert not handle.wait(handle.sent, timeout=0.05)
    assert frame(handle)["step"] == at
    assert frame(handle)["layers"]["samples"]["times"], "a paused run shows the whole chain"
    handle.resume()
    assert handle.state == "training"
    until(handle, lambda f: f["step"] > at + 3)


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_steps_are_exact(inline, small, frame, until, n):
    handle = until(inline.start(small(steps=1000), steps=5), "paused")
    assert frame(handle)["step"] == 5
    for k in range(1, 3):
        handle.step(n)
        until(handle, "paused")
        assert handle.step_count == frame(handle)["step"] == 5 + k * n


def test_no_steps_is_a_picture_of_the_beginning(inline, small, frame, until):
    handle = until(inline.start(small(), steps=0), "paused")
    assert handle.sent == 1
    assert frame(handle)["step"] == 0
    assert "loss" not in frame(handle)["scalars"]
    assert "distance" in handle.ask({"ask": "floors"})["floors"]


def test_a_trained_run_may_go_on(inline, small, frame, until):
    handle = until(inline.start(small(steps=10)), "done")
    handle.step(3)
    until(handle, "done")
    assert frame(handle)["step"] == 13
    handle.resume()
    assert not handle.wait(handle.sent, timeout=0.05), "but only by so many steps"


def test_edits(inline, small, frame, until):
    handle = until(inline.start(small(steps=ENDLESS), steps=3), "paused")
    handle.edit({"learning_rate": 0.01, "solver_steps": 4})
    until(handle, lambda f: len(f["layers"]["samples"]["times"]) == 5)
    assert frame(handle)["message"] == ""
    run = inline._host.runs[handle.name].run
    assert run.experiment.config.learning_rate == 0.01
    assert handle.experiment == handle.expected == run.experiment


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"width": 64}, "Width can't change while training."),
        ({"learning_rate": 7}, "Learning rate: must be at most 1."),
        ({"solver": "rk5"}, "Solver: must be euler, midpoint, heun, rk4, dopri5 or mean_flow."),
        ({"nope": 1}, "There is no setting called “nope”."),
        ({"self": 1}, "There is no setting called “self”."),
    ],
    ids=str,
)
def test_an_edit_that_is_refused_says_why_and_training_goes_on(inline, small, frame, until, changes, sentence):
    handle = until(inline.start(small(steps=ENDLESS)), lambda f: f["step"] > 0)
    before = handle.experiment
    handle.edit(changes)
    until(handle, lambda f: f["message"])
    assert handle.message == frame(handle)["message"] == sentence
    assert handle.experiment == handle.expected == before == inline._host.runs[handle.name].run.experiment
    at = handle.step_count
    until(handle, lambda f: f["step"] > at)
    handle.edit({"learning_rate": 0.01})
    until(handle, lambda f: not f["message"])


def test_a_handle_s_experiment_changes_when_the_host_has_said_so(small):
    """Every edit is answered, in the order in which they came; meanwhile one can ask what will be."""
    posted: list[dict] = []
    handle = Handle("run", small(), "ada", posted.append)
    for changes in ({"learning_rate": 0.01}, {"learning_rate": 7}, {"learning_rate": 0.03, "solver_steps": 3}):
        handle.edit(changes)
    assert handle.experiment == small()
    assert handle.expected == small(learning_rate=0.03, solver_steps=3)
    first, second, third = (message["edit"] for message in posted)
    handle.receive({"run": "run", "edit": first, "accepted": True})
    assert handle.experiment == small(learning_rate=0.01)
    handle.receive({"run": "run", "edit": second, "accepted": False})
    handle.receive({"run": "run", "edit": third, "accepted": False})
    assert handle.experiment == handle.expected == small(learning_rate=0.01)
    handle.receive({"run": "run", "edit": first, "accepted": True})  # what was answered is answered
    handle.receive({"run": "run", "edit": None, "accepted": True})
    assert handle.experiment == small(learning_rate=0.01)
    assert handle.sent == 0, "none of this is a frame"


def test_looks(inline, small, frame, until):
    handle = until(inline.start(small(steps=ENDLESS), look=ViewState(layers=frozenset())), lambda f: f["step"] > 0)
    assert frame(handle)["layers"] == {}
    handle.look(ViewState(layers=frozenset({"field", "nope"}), time=0.25))
    until(handle, lambda f: f["time"] == 0.25)
    assert frame(handle)["layers"].keys() == {"field"}
    handle.pause()
    until(handle, "paused")
    seen = handle.sent
    handle.look(ViewState(time=0.5))
    assert handle.wait(seen, timeout=10), "a paused run is drawn anew, too"
    assert frame(handle)["time"] == 0.5


@pytest.mark.parametrize("state", ["training", "paused", "done"])
def test_questions(inline, small, until, state):
    handle = inline.start(small(steps=20 if state == "done" else ENDLESS), steps=3 if state == "paused" else None)
    until(handle, state)
    trace = handle.ask({"ask": "trace", "x": [0.5, 0.5], "t": 0.5})
    assert (trace["times"][0], trace["times"][-1]) == (0, 1)
    assert np.shape(handle.ask({"ask": "sample", "n": 3})["samples"]) == (3, 2)


@pytest.mark.parametrize(
    "question",
    [None, [], {"ask": "nope"}, {"ask": ["trace"]}, {"ask": "trace", "x": [math.nan, 0]}, {"ask": "sample", "n": -1}],
)
def test_hostile_questions_never_reach_the_host(inline, small, until, question):
    handle = until(inline.start(small()), "done")
    with pytest.raises(ValueError):  # noqa: PT011
        handle.ask(question)
    assert handle.ask({"ask": "sample", "n": 1})["samples"]


def test_a_closed_run_is_gone(inline, small, until):
    handle = until(inline.start(small(steps=ENDLESS)), lambda f: f["step"] > 0)
    handle.close()
    assert (handle.state, handle.over) == ("closed", True)
    assert not inline._host.runs
    assert not inline._host.busy
    with pytest.raises(Gone, match="no longer there"):
        handle.ask({"ask": "sample"})
    seen = handle.sent
    for command in (handle.pause, handle.resume, handle.close, lambda: handle.step(1), lambda: handle.edit({})):
        command()
    assert (handle.state, handle.sent) == ("closed", seen)


def test_a_shipped_model_needs_no_training(inline, frame, until):
    handle = inline.start(SHIPPED["flow"], checkpoint="flow")
    assert handle.state == "done"
    assert handle.wait(0, timeout=10)
    assert frame(handle)["step"] == SHIPPED["flow"].steps
    assert handle.ask({"ask": "sample", "n": 5})["samples"]


def test_a_fork_that_cannot_be_had_says_why(inline, until, caplog):
    handle = until(inline.start(SHIPPED["flow"], checkpoint="flow"), "done")
    early = until(inline.fork(handle, 1, {}), "failed")
    assert early.message == "The history of this run begins at step 4,000."
    inline._host.runs.clear()  # it broke
    lost = until(inline.fork(handle, 4000, {}), "failed")
    assert lost.message == GONE
    assert not caplog.records


def test_a_shipped_model_that_is_sampled_differently_has_its_own_numbers(inline, frame, until):
    """One Euler step misses the face: the distance of ten midpoint steps is another model's."""
    as_shipped, one_step = (
        until(inline.start(SHIPPED["flow"].changed(changes), checkpoint="flow"), lambda f: "distance" in f["scalars"])
        for changes in ({}, {"solver": "euler", "solver_steps": 1})
    )
    assert frame(one_step)["scalars"]["distance"] > 5 * frame(as_shipped)["scalars"]["distance"]
    shipped, own = (handle.ask({"ask": "constants"})["curves"] for handle in (as_shipped, one_step))
    assert {"step", "loss", "distance"} <= set(shipped[-1])
    assert all(set(scalars) <= {"step", "loss"} for scalars in own[:-1])
    assert own[-1]["distance"] > 5 * shipped[-1]["distance"]
