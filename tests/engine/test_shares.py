"""A visitor's lanes get equal shares of a host's time, however long their steps are."""

import pytest

from playground.engine import InlineEngine
from playground.engine.hosted import MOST_OWED, Hosted
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.race import Race
from playground.scene import ViewState
from playground.training.run import Run


class Clock:
    """Time that passes only in steps of the training."""

    def __init__(self, monkeypatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("playground.engine.hosted.time.perf_counter", lambda: self.now)

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


def test_all_lanes_of_a_race_have_trained_equally_long_at_any_time():
    race = Race(dataset="two_moons", contestants=tuple(FAMILIES), basis="steps", steps=100_000 // 20)
    engine = InlineEngine()
    handles = [engine.start(experiment, visitor="ada") for experiment in race.experiments()]
    host = engine._host

    def trained(least: float) -> list[float]:
        while len(host.runs) < len(handles) or min(hosted.seconds for hosted in host.runs.values()) < least:
            handles[0].pump()
        return [host.runs[handle.name].seconds for handle in handles]

    begun = trained(0.25)  # the first step of a process loads libraries, which is made up for by then
    spent = [now - before for now, before in zip(trained(0.65), begun, strict=True)]
    engine.close()
    assert max(spent) < 1.15 * min(spent)
