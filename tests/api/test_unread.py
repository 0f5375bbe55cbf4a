"""What nobody reads waits, and does not pile up."""

import json

import pytest
from e2e import SMALL, App, Visitor, until

from playground.engine import Handle
from playground.ui import page

CONFIG = {name: int(value) for name, value in (part.split("=") for part in SMALL.split("&"))}
ENDLESS = json.dumps([{"dataset": "two_moons", "steps": 100_000, "config": CONFIG}, ""])
FEW = 5


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(page, "UNREAD", FEW)


def trains(app: App, visitor: Visitor) -> Handle:
    """A training whose frames nobody reads."""
    assert visitor.join("train", ENDLESS).status_code == 200
    return until(lambda: app.runs(visitor.name))[0]


def test_a_stream_waits_for_its_reader_and_goes_on_with_the_newest_frame(app, visitor):
    run = trains(app, visitor)
    until(lambda: run.sent > 4 * FEW)
    run.pause()
    until(lambda: run.state == "paused")
    read = [message for message in visitor.listen() if message["msg"] == "process_generating"]
    assert len(read) <= FEW + 2, "the others were never sent"
    changed = {tuple(where): value for _, where, value in read[-1]["output"]["data"][0]}
    assert changed["step",] == run.step_count


def test_a_stream_that_nobody_reads_ends(app, visitor, monkeypatch):
    monkeypatch.setattr(page, "READS", 0.5)
    trains(app, visitor)
    until(lambda: not app.runs(visitor.name))
