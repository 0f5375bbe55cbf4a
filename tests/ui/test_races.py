"""A visitor's races on the server."""

import asyncio
import json

import pytest
from e2e import serve

from playground.race import Race
from playground.ui.compare.races import VIEW, Races, Superseded, slot_of, together
from playground.ui.runs import Runs

TINY = {"batch_size": 32, "width": 8}


def field(*families: str) -> Race:
    contestants = [{"family": family, "config": TINY} for family in families]
    return Race(dataset="two_moons", contestants=contestants, basis="steps", steps=50)


def test_of_two_races_at_once_the_last_one_stands_and_the_first_is_told_nothing():
    races = Races(Runs(serve().engine))

    async def hasty():
        first = asyncio.create_task(races.line_up("hasty", field("flow", "gan", "vae"), anew=True))
        while races.runs.of("hasty", slot_of(0)) is None:
            await asyncio.sleep(0)
        frames = await races.line_up("hasty", field("gan", "vae"), anew=True)
        with pytest.raises(Superseded):
            await first
        return frames

    assert asyncio.run(hasty()).keys() == {0, 1}
    there = [races.runs.of("hasty", slot_of(number)) for number in range(3)]
    assert [run and run.experiment.family for run in there] == ["gan", "vae", None]


def test_a_race_that_is_lined_up_while_steps_are_measured_ends_the_measuring():
    races = Races(Runs(serve().engine))
    timed = Race(dataset="two_moons", contestants=field("flow", "gan").contestants, seconds=5)

    async def hasty():
        measuring = asyncio.create_task(races.measured("other", timed))
        while races.runs.of("other", slot_of(1)) is None:
            await asyncio.sleep(0.01)
        await races.line_up("other", field("gan", "vae"), anew=True)
        with pytest.raises(Superseded):
            await measuring

    asyncio.run(hasty())


def test_who_comes_back_finds_the_race_with_its_round_and_state():
    races = Races(Runs(serve().engine))
    race = Race.model_validate(dict(field("flow", "gan")) | {"seeds": 2})

    async def coming_back():
        await races.line_up("returning", race, round=1, anew=True)
        assert races.standing("returning", race) == (1, "idle")
        assert races.standing("returning", field("flow", "vae")) is None
        async for _ in races.train("returning", race, round=1):
            pass
        assert races.standing("returning", race) == (1, "done")
        return [json.loads(message)["frames"] async for message in races.attach("returning", race, VIEW, 1)]

    last = {number: frame for frames in asyncio.run(coming_back()) for number, frame in frames.items()}
    assert {number: (frame["step"], frame["state"]) for number, frame in last.items()} == dict.fromkeys(
        "01", (50, "done")
    )


def test_a_frame_that_comes_while_another_is_sent_is_not_lost():
    async def seen() -> list[str]:
        found, sent = [], asyncio.Event()

        async def lane():
            yield '"first"'
            await sent.wait()
            yield '"last"'

        async for message in together({0: lane()}):
            found.append(json.loads(message)["frames"]["0"])
            sent.set()
            await asyncio.sleep(0.05)
        return found

    assert asyncio.run(seen())[-1] == "last"
