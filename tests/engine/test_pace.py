"""When frames are due, by a clock that the tests turn; and what they wait for."""

import json

import numpy as np
import pytest

from playground import Experiment
from playground.engine.hosting import host as hosts
from playground.engine.hosting.host import Host
from playground.engine.hosting.hosted import Hosted
from playground.engine.hosting.pace import FRAME_EVERY, SHARE, SLOWEST_FRAME, Pace, interval

CHEAP, EXPENSIVE = 0.004, 1.0


def paced(cost: float, frames: int = 5) -> Pace:
    pace = Pace()
    for _ in range(frames):
        pace.sent(0, 1, cost)
    return pace


def frames(pace: Pace, seconds: float, turn: float, every: float = FRAME_EVERY, cost: float = CHEAP) -> list[float]:
    """When frames are sent by a host that looks every `turn` seconds."""
    sent = []
    for i in range(int(seconds / turn)):
        now = 100 + i * turn
        if pace.due(now, every):
            pace.sent(now, every, cost)
            sent.append(now)
    return sent


def test_the_first_frame_is_due_at_once():
    assert Pace().due(0, FRAME_EVERY)


@pytest.mark.parametrize("turn", [0.001, 0.013, 0.029, 0.05])
def test_being_late_by_a_slice_costs_no_frames(turn):
    assert len(frames(Pace(), 4, turn)) == pytest.approx(4 / FRAME_EVERY, abs=2)


def test_after_a_long_delay_frames_are_not_made_up_for():
    pace = Pace()
    frames(pace, 1, 0.001)
    pace.sent(200, FRAME_EVERY, CHEAP)
    assert not pace.due(200.01, FRAME_EVERY)
    assert pace.due(200 + FRAME_EVERY, FRAME_EVERY)


def test_one_expensive_frame_does_not_slow_the_next_ones():
    pace = Pace()
    before = interval(pace, "ada", [("ada", pace)])
    pace.sent(0, before, EXPENSIVE)
    assert interval(pace, "ada", [("ada", pace)]) == before
    pace.sent(1, before, CHEAP)
    pace.sent(2, before, EXPENSIVE)  # nor do two of five, as when charts come with every second frame
    pace.sent(3, before, CHEAP)
    assert interval(pace, "ada", [("ada", pace)]) == before


def test_frames_that_are_all_expensive_take_a_bounded_share():
    pace = paced(EXPENSIVE)
    assert interval(pace, "ada", [("ada", pace)]) == pytest.approx(EXPENSIVE / SHARE)


def test_all_visitors_get_frames_equally_often_and_together_a_bounded_share():
    paces = [paced(cost) for cost in (0.004, 0.008, 0.012, 0.02)]
    training = [(f"visitor {i}", pace) for i, pace in enumerate(paces)]
    intervals = {interval(pace, who, training) for who, pace in training}
    assert len(intervals) == 1
    assert sum(pace.cost for pace in paces) / intervals.pop() == pytest.approx(SHARE)


def test_one_visitor_s_many_runs_take_no_frames_from_another():
    cost = 0.01
    ada, bob = paced(cost), [paced(cost) for _ in range(6)]
    few = interval(ada, "ada", [("ada", ada), ("bob", bob[0])])
    many = [("ada", ada), *(("bob", pace) for pace in bob)]
    assert interval(ada, "ada", many) == few
    assert interval(bob[0], "bob", many) == pytest.approx(6 * few)


def test_the_slowest_that_others_may_cause():
    crowd = [(f"visitor {i}", paced(0.05)) for i in range(32)]
    assert interval(crowd[0][1], "visitor 0", crowd) == SLOWEST_FRAME


def test_a_run_that_is_not_yet_among_those_in_training():
    assert interval(Pace(), "ada", []) == FRAME_EVERY


# In a host.


class Clock:
    """Stands in for the module `time` of the host. A frame costs a millisecond of CPU time."""

    now = 1000.0
    cpu = 0.0

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.cpu


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(hosts, "time", clock)
    monkeypatch.setattr(Hosted, "train", lambda self, seconds: self.run.advance() if self.state == "training" else None)
    frame = Hosted.frame

    def costs(self):
        clock.now += 0.001
        clock.cpu += 0.001
        return frame(self)

    monkeypatch.setattr(Hosted, "frame", costs)
    return clock


@pytest.fixture
def host():
    """A host with `sent`, its messages, and `start`, which begins an endless run."""

    def start(experiment, name: str = "run", steps: int | None = None) -> None:
        plain = experiment.model_copy(update={"steps": 100_000}).model_dump(mode="json")
        host.receive({"do": "start", "run": name, "visitor": name, "experiment": plain, "look": {}, "steps": steps})

    sent: list[dict] = []
    host = Host(sent.append)
    host.start, host.sent = start, sent
    return host


def turn(host, clock, seconds: float, each: float = 0.012) -> int:
    """Turns of a host for a while; the number of frames it sent."""
    before, end = len(host.sent), clock.now + seconds
    while clock.now < end:
        host.turn()
        clock.now += each
    return sum("frame" in message for message in host.sent[before:])


def test_a_run_alone_has_all_its_frames_in_every_second(host, clock, small):
    host.start(small())
    assert min(turn(host, clock, 1) for _ in range(5)) >= 14


def test_a_frame_that_others_interrupt_is_no_expensive_one(host, clock, small, monkeypatch):
    """On a busy machine a frame takes long by the clock. It costs this host no more."""
    frame = Hosted.frame

    def interrupted(self):
        clock.now += 0.03
        return frame(self)

    monkeypatch.setattr(Hosted, "frame", interrupted)
    host.start(small())
    turn(host, clock, 1)
    assert turn(host, clock, 1) >= 12


def test_the_frames_of_many_are_even(host, clock, small):
    names = [f"run {i}" for i in range(7)]
    for name in names:
        host.start(small(width=8, batch_size=16), name)
    turn(host, clock, 8)
    counts = [sum(message["run"] == name for message in host.sent if "frame" in message) for name in names]
    assert min(counts) > 0.9 * max(counts) > 0


def scalars(host) -> list[dict]:
    return [json.loads(message["frame"])["scalars"] for message in host.sent if "frame" in message]


def drawn(seed: int) -> Experiment:
    """A GAN on points that nobody has looked at yet, which takes a while."""
    points = np.random.default_rng(seed).normal(size=(400, 2))
    return Experiment(family="gan", dataset=points, config={"width": 8, "depth": 1, "batch_size": 16})


def test_live_frames_do_not_wait_for_what_is_measured_once(host, clock):
    host.start(drawn(1))
    turn(host, clock, 0.2)
    assert "distance" not in scalars(host)[0]
    while not any("distance" in each for each in scalars(host)):
        turn(host, clock, 0.2)


def test_a_frame_at_rest_is_complete(host):
    host.start(drawn(2), steps=1)
    while host.busy:
        host.turn()
    assert "distance" in scalars(host)[-1]


def test_others_go_on_while_a_frame_at_rest_is_prepared(host, small):
    host.start(small(), "other")
    host.start(drawn(3), steps=0)
    while not any(message["run"] == "run" for message in host.sent):
        host.turn()
    assert host.runs["other"].run.step > 3
