"""A full server: runs start in the order of their coming, as soon as there is room."""

import asyncio
import json

import pytest

from playground import Experiment
from playground.engine import Full, InlineEngine, Stopped, base
from playground.engine.visits import waiting
from playground.scene import ViewState
from playground.ui.requests import Refused
from playground.ui.runs import Runs

TINY = {"width": 16, "depth": 1, "batch_size": 16}
SMALL = Experiment(dataset="two_moons", steps=3, config=TINY)
LONG = Experiment(dataset="two_moons", steps=10_000, config=TINY)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(waiting, "EVERY", 0.01)


async def stories(room: waiting.WaitingRoom, starts: dict[str, object]) -> list[tuple[str, object]]:
    """What visitors who come one after the other are told, in the order in which they are."""
    told: list[tuple[str, object]] = []

    async def one(who: str) -> None:
        async for found in room.admit(who, "flow", starts[who]):  # type: ignore[arg-type]
            told.append((who, found))

    await asyncio.gather(*(one(who) for who in starts))
    return told


def start(after: int):
    """A start that finds no room so many times."""
    left = [after]

    def begin() -> str:
        left[0] -= 1
        if left[0] >= 0:
            raise Full
        return "begun"

    return begin


def test_who_came_first_starts_first_and_all_know_how_many_are_ahead():
    told = asyncio.run(stories(waiting.WaitingRoom(), {"ann": start(3), "bob": start(0), "cyd": start(0)}))
    assert [who for who, found in told if found == "begun"] == ["ann", "bob", "cyd"]
    assert told[:3] == [("ann", 0), ("bob", 1), ("cyd", 2)]


def test_with_room_nobody_waits():
    assert asyncio.run(stories(waiting.WaitingRoom(), {"ann": start(0)})) == [("ann", "begun")]


def test_who_leaves_lets_the_next_one_in():
    async def scene() -> list[tuple[str, object]]:
        room = waiting.WaitingRoom()
        waits = asyncio.create_task(stories(room, {"ann": start(10**9), "bob": start(2)}))
        await asyncio.sleep(0.05)
        room.leave("ann", "flow")
        return await waits

    told = asyncio.run(scene())
    assert told[-1] == ("bob", "begun")
    assert ("ann", "begun") not in told


def test_a_second_request_of_a_slot_replaces_the_first():
    async def scene() -> tuple[list, list]:
        room = waiting.WaitingRoom()
        first = asyncio.create_task(stories(room, {"ann": start(10**9)}))
        await asyncio.sleep(0.03)
        second = await stories(room, {"ann": start(0)})
        return await first, second

    first, second = asyncio.run(scene())
    assert second == [("ann", "begun")]
    assert all(found == 0 for _, found in first), "the first ended without a run"


def test_a_start_that_can_never_succeed_ends_the_wait():
    def never() -> None:
        raise Stopped("no more")

    with pytest.raises(Stopped, match="no more"):
        asyncio.run(stories(waiting.WaitingRoom(), {"ann": never}))


def test_a_training_waits_for_a_place_and_begins_by_itself(monkeypatch):
    monkeypatch.setattr(base, "RUNS", 1)
    runs = Runs(InlineEngine())

    async def train(who: str, experiment: Experiment) -> list[dict]:
        return [json.loads(frame) async for frame in runs.train(who, "flow", experiment, ViewState())]

    async def scene() -> list[dict]:
        first = asyncio.create_task(train("ann", LONG))
        while runs.of("ann", "flow") is None or not runs.of("ann", "flow").sent:  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
        second = asyncio.create_task(train("bob", SMALL))
        await asyncio.sleep(0.1)
        with pytest.raises(Refused, match="All 1 places"):
            await runs.reset("cyd", "flow", SMALL, ViewState())
        runs.pause("ann", "flow")
        await first
        return await second

    told = asyncio.run(scene())
    assert told[0] == {
        "state": "waiting",
        "ahead": 0,
        "message": "All places are taken. You are next; your training starts by itself.",
    }
    assert told[-1]["state"] == "done"


def test_pausing_ends_the_wait(monkeypatch):
    monkeypatch.setattr(base, "RUNS", 0)
    runs = Runs(InlineEngine())

    async def scene() -> list[dict]:
        told = []
        async for frame in runs.train("ann", "flow", SMALL, ViewState()):
            told.append(json.loads(frame))
            runs.pause("ann", "flow")
        return told

    told = asyncio.run(scene())
    assert [one["state"] for one in told] == ["waiting", "paused"]
