"""What only samples in another way uses the trained model at once: the one that ships, or the visitor's own."""

import asyncio
import json

import numpy as np
import pytest

from playground import Experiment
from playground.engine import InlineEngine
from playground.families.flow import reflow
from playground.scene import ViewState
from playground.training.checkpoints import SHIPPED, named
from playground.ui.runs import Runs

VIEW = ViewState()
SMALL = {"width": 16, "depth": 2, "batch_size": 64}


@pytest.fixture
def runs():
    engine = InlineEngine()
    yield Runs(engine)
    engine.close()


def opened(runs: Runs, wanted: Experiment) -> dict:
    return json.loads(asyncio.run(runs.open("me", wanted.family, wanted, VIEW)))


def samples(runs: Runs, family: str) -> np.ndarray:
    return np.array(asyncio.run(runs.ask("me", family, {"ask": "sample", "n": 500}))["samples"])


def test_only_what_samples_makes_no_difference_to_training():
    flow = SHIPPED["flow"]
    assert flow.sampling_changes(flow) == {}
    assert flow.sampling_changes(flow.changed({"solver": "euler"})) == {"solver": "euler"}
    assert flow.sampling_changes(flow.changed({"learning_rate": 0.1})) is None, "live, but another training"
    assert flow.sampling_changes(flow.changed({"width": 32})) is None
    assert flow.sampling_changes(flow.model_copy(update={"seed": 7})) is None
    assert flow.sampling_changes(SHIPPED["diffusion"]) is None


def test_the_shipped_model_is_sampled_with_the_settings_that_are_asked_for(runs):
    wanted = SHIPPED["flow"].changed({"solver": "euler", "solver_steps": 1})
    assert named(wanted) == "flow"
    frame = opened(runs, wanted)
    assert (frame["state"], frame["step"]) == ("done", wanted.steps)
    one = samples(runs, "flow")
    opened(runs, SHIPPED["flow"])
    many = samples(runs, "flow")
    assert one.std(0).max() < 0.3 * many.std(0).min(), "one step ends at the mean of the data"
    assert runs.of("me", "flow").experiment == SHIPPED["flow"]


def test_the_visitor_s_own_model_is_sampled_again_if_none_ships(runs):
    mine = Experiment(dataset="two_moons", steps=20, config=SMALL)

    async def train() -> None:
        async for _ in runs.train("me", "flow", mine, VIEW):
            pass

    asyncio.run(train())
    other = mine.changed({"solver_steps": 3})
    assert runs.trained("me", "flow", other)
    assert not runs.trained("you", "flow", other)
    before = runs.of("me", "flow")
    frame = opened(runs, other)
    assert runs.of("me", "flow") is before, "it is not trained again"
    assert (frame["state"], frame["step"], before.experiment) == ("done", 20, other)
    assert runs.trained("me", "flow", mine.changed({"learning_rate": 0.1})) is False


def test_without_a_trained_model_an_untrained_one_is_shown(runs):
    frame = opened(runs, Experiment(dataset="two_moons", config=SMALL))
    assert (frame["state"], frame["step"]) == ("paused", 0)


def test_one_more_round_goes_on_from_a_training_that_is_over(runs, monkeypatch):
    """Reflow: the run in the slot is prolonged; the same experiment once more begins anew."""
    monkeypatch.setattr(reflow, "PAIRS", 600)

    async def trained(wanted: Experiment) -> dict:
        return json.loads([frame async for frame in runs.train("me", "flow", wanted, VIEW)][-1])

    once = Experiment(dataset="two_moons", steps=20, config=SMALL)
    first = asyncio.run(trained(once))
    assert (first["step"], first["steps"], first["state"]) == (20, 20, "done")
    second = asyncio.run(trained(once.changed({"reflows": 1})))
    assert (second["step"], second["steps"], second["state"]) == (40, 40, "done")
    assert second["run"] == first["run"]
    third = asyncio.run(trained(once.changed({"reflows": 1})))
    assert third["run"] != first["run"]
    assert third["step"] == 40
