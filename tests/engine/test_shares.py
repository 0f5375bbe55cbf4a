"""A visitor's lanes get equal shares of a host's time, however long their steps are."""

import pytest

from playground.engine.hosting.hosted import MOST_OWED, Hosted
from playground.experiment import Experiment
from playground.scene import ViewState
from playground.training.run import Run


class Clock:
    """Time that passes only in steps of the training."""

    def __init__(self, monkeypatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("playground.engine.hosting.hosted.time.perf_counter", lambda: self.now)

    def of(self, run: Run, step: float) -> Hosted:
        """A run whose steps take so long."""
        hosted = Hosted(run, "ada", ViewState(), "training")
        hosted._clock = lambda: self.now

        def advance(run, only):
            self.now += step
            run.step += 1

        hosted.history.advance = advance
        return hosted


@pytest.mark.parametrize("steps", [(0.001, 0.011), (0.005, 0.030), (0.013, 0.090)])
def test_long_steps_are_made_up_for(monkeypatch, steps):
    clock = Clock(monkeypatch)
    lanes = [clock.of(Run(Experiment(steps=100_000, config={"width": 8})), step) for step in steps]
    for _ in range(2000):
        for lane in lanes:
            lane.train(0.012)
    assert lanes[0].seconds == pytest.approx(lanes[1].seconds, rel=0.03)
    assert lanes[0].seconds == pytest.approx(2000 * 0.012, rel=0.03)


def test_a_step_that_took_far_too_long_is_forgiven(monkeypatch):
    clock = Clock(monkeypatch)
    lane = clock.of(Run(Experiment(config={"width": 8})), 60.0)
    lane.train(0.012)
    assert lane.run.step == 1
    for _ in range(MOST_OWED + 1):
        lane.train(0.012)
    assert lane.run.step == 2


def test_who_was_kept_from_computing_gets_it_back(monkeypatch):
    clock = Clock(monkeypatch)
    lane = clock.of(Run(Experiment(config={"width": 8})), 0.001)
    lane._clock = lambda: 0.0  # no time to compute
    lane.train(0.012)
    lane._clock = lambda: clock.now
    before = lane.run.step
    lane.train(0.012)
    assert lane.run.step - before == pytest.approx(24, abs=1)
