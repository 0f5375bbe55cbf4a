"""A visitor's runs on the server."""

import asyncio

import pytest
from e2e import serve

from playground import Experiment
from playground.engine.handle import BUSY
from playground.scene import ViewState
from playground.ui.requests import Refused
from playground.ui.runs import Runs


def small(seed: int) -> Experiment:
    return Experiment(dataset="two_moons", seed=seed, config={"width": 8, "batch_size": 32})


def test_a_question_to_a_run_whose_place_another_takes_is_answered_by_that():
    runs = Runs(serve().engine)

    async def hasty():
        await runs.reset("asker", "flow", small(0), ViewState())
        first = runs.of("asker", "flow")
        first.post = lambda message: None  # it has no time
        asking = asyncio.create_task(runs.ask("asker", "flow", {"ask": "constants"}))
        await asyncio.sleep(0.01)
        await runs.reset("asker", "flow", small(1), ViewState())
        return first, await asking

    first, answer = asyncio.run(hasty())
    assert first.over
    assert answer["run"] == runs.of("asker", "flow").name


def test_a_run_that_is_too_busy_to_answer_is_asked_once():
    runs, posted = Runs(serve().engine), []

    async def patient():
        await runs.reset("patient", "flow", small(0), ViewState())
        runs.of("patient", "flow").post = posted.append
        async with asyncio.timeout(5):
            await runs.ask("patient", "flow", {"ask": "constants"}, patience=0.1)

    with pytest.raises(Refused, match=BUSY):
        asyncio.run(patient())
    assert [message["do"] for message in posted] == ["ask"]
