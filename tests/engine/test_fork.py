"""A run can be parted from in its past: what would have been, with another setting."""

import pytest
import torch
from pydantic import ValidationError

from playground import Experiment, Run
from playground.engine import GONE, Gone
from playground.families import FAMILIES
from playground.scene import ViewState
from playground.training.history import History

SMALL = {"width": 16, "depth": 2, "batch_size": 32}


@pytest.fixture(params=FAMILIES)
def trained(request) -> tuple[Run, History]:
    """A run of each family, and its past: a state for each eighth of its 40 steps."""
    config = SMALL | ({"instance_noise": 0.3} if request.param == "gan" else {})
    run = Run(Experiment(family=request.param, dataset="two_moons", steps=40, config=config))
    history = History(run)
    history.every = 8
    finish(run, history)
    return run, history


def finish(run: Run, history: History) -> None:
    while not run.done:
        history.advance(run)


def same(one: Run, other: Run) -> bool:
    pairs = [
        (a, b) for side in ("family", "averaged") for a, b in zip(weights(one, side), weights(other, side), strict=True)
    ]
    return all(torch.equal(a, b) for a, b in pairs)


def weights(run: Run, side: str) -> list[torch.Tensor]:
    return list(getattr(run, side).state_dict().values())


def test_without_a_change_it_becomes_what_it_was(trained):
    run, history = trained
    other, its_history = history.fork(run, 21, {}).reach()
    assert (other.step, run.step) == (21, 40)
    assert not same(run, other)
    finish(other, its_history)
    assert same(run, other)
    assert [state.step for state in its_history.states] == [state.step for state in history.states]


def test_with_a_change_it_becomes_something_else_and_leaves_no_trace(trained):
    run, history = trained
    before = [tensor.clone() for tensor in weights(run, "family")]
    other, its_history = history.fork(run, 20, {"averaging": 0.0, "schedule": "constant"}).reach()
    assert other.experiment.config.averaging == 0.0 != run.experiment.config.averaging
    finish(other, its_history)
    assert not same(run, other)
    assert all(torch.equal(a, b) for a, b in zip(before, weights(run, "family"), strict=True))
    finish(*(fork := history.fork(run, 20, {})).reach())
    again = fork.run
    assert same(run, again), "what was kept is as it was"


def test_a_change_of_the_networks_begins_anew_from_the_same_seed(trained):
    run, history = trained
    other, its_history = history.fork(run, 30, {"width": 24}).reach()
    assert other.step == its_history.first == 0
    assert same(other, Run(run.experiment.changed({"width": 24})))


# In an engine.


def test_a_fork_trains_beside_its_source(inline, small, frame, until):
    source = until(inline.start(small(steps=40), visitor="ada"), "done")
    other = inline.fork(source, 21, {"learning_rate": 0.001}, ViewState(layers=frozenset()))
    assert other.experiment.config.learning_rate == 0.001
    assert other.visitor == "ada"
    until(other, "done")
    assert frame(other)["origin"] == {"run": source.name, "step": 21, "replaces": False}
    assert "origin" not in frame(source)
    assert source.state == "done"
    assert source.ask({"ask": "sample", "n": 5}) != other.ask({"ask": "sample", "n": 5})
    again = until(inline.fork(other, 10, {}), "done")
    assert frame(again)["origin"] == {"run": other.name, "step": 10, "replaces": False}, (
        "it shares the past of what it parted from"
    )


def test_what_cant_be_forked_says_so(inline, small, until):
    source = until(inline.start(small(steps=10)), "done")
    for changes in ({"nope": 1}, {"learning_rate": 7}, {"learning_rate": "x"}):
        with pytest.raises(ValidationError):
            inline.fork(source, 5, changes)
    assert len(inline.handles) == 1
    source.close()
    with pytest.raises(Gone):
        inline.fork(source, 5, {})


def test_a_fork_of_a_run_that_is_lost_fails_alone(inline, small, until, caplog):
    source, other = (until(inline.start(small(steps=10)), "done") for _ in range(2))
    del inline._host.runs[source.name]
    fork = inline.fork(source, 5, {})
    assert (fork.state, fork.message) == ("failed", GONE)
    assert other.ask({"ask": "sample", "n": 1})


def test_the_player_that_moved_is_in_the_frame(inline, frame, until):
    gan = Experiment(family="gan", dataset="ring", steps=50, config=SMALL)
    handle = until(inline.start(gan, steps=2), "paused")
    assert "moved" not in frame(handle)
    for player in ("discriminator", "generator"):
        run = inline._host.runs[handle.name].run
        before = [
            [tensor.clone() for tensor in getattr(run.family, side).parameters()]
            for side in ("discriminator", "generator")
        ]
        handle.step(1, only=player)
        until(handle, "paused")
        assert frame(handle)["moved"] == player
        moved = [
            not all(torch.equal(a, b) for a, b in zip(was, getattr(run.family, side).parameters(), strict=True))
            for was, side in zip(before, ("discriminator", "generator"), strict=True)
        ]
        assert moved == [player == "discriminator", player == "generator"]
