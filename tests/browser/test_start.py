"""The first seconds of the app, before its trainers have loaded their libraries."""

import os
import signal

import pytest
from e2e import serve, until

from playground.engine import WorkerEngine


@pytest.fixture
def held():
    """The app with an engine whose trainer was stopped as it began to start."""
    engine = WorkerEngine(1)
    os.kill(engine.workers[0].process.pid, signal.SIGSTOP)
    yield serve(engine)
    os.kill(engine.workers[0].process.pid, signal.SIGCONT)
    engine.close()


def test_who_trains_before_the_trainers_are_ready_is_told_and_it_begins_by_itself(held, shown):
    shown.app = held
    shown.open()
    assert shown.picture()["painted"] > 0.02, "the page has its picture before anything else"
    shown.page.click("#flow-train")
    shown.wait_for("says.textContent.startsWith('The trainers are starting')")
    first = shown.says()
    shown.wait_for("!says.hidden && says.textContent !== value", first)
    assert shown.says().startswith("The trainers are starting"), "and it tells for how long"
    os.kill(held.engine.workers[0].process.pid, signal.SIGCONT)
    shown.wait_for("stage.state === 'training' && +stage.step >= 1")
    shown.wait_for("says.hidden")
    assert until(shown.runs)
    shown.pause()


def test_what_is_chosen_before_the_trainers_are_ready_is_shown_when_they_are(held, shown):
    shown.app = held
    shown.open()
    shown.page.click("#dataset [data-set=two_moons]")
    shown.wait_for("says.textContent.startsWith('The trainers are starting')")
    os.kill(held.engine.workers[0].process.pid, signal.SIGCONT)
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    shown.wait_for("says.hidden")
