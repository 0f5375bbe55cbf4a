"""The HTTP API: one endpoint for each thing that a visitor can do, named the same way.

    from gradio_client import Client
    client = Client("http://127.0.0.1:7860")
    for frame in client.submit({"dataset": "two_moons", "steps": 500}, api_name="/train"):
        print(frame["step"], frame["scalars"])
    client.predict({"ask": "sample", "n": 100}, "flow", api_name="/ask")

An experiment is what `playground.Experiment` takes, as a JSON object; what is left out keeps its default. A client's
runs are its own, as those of a page are. Each has a slot, by default that of its family's name; who wants two runs of
one family at once gives them slots of other names, as in `client.submit(experiment, "lane-1", api_name="/train")`.
"""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from playground.data import DATASETS
from playground.families import FAMILIES
from playground.scene import ViewState
from playground.ui import requests
from playground.ui.requests import Refused, slot_from
from playground.ui.runs import Runs

MAX_POINTS = 10_000


def add_api(runs: Runs) -> None:
    """Add the endpoints to the Blocks under construction."""

    def refuse(sentence: Refused) -> gr.Error:
        return gr.Error(str(sentence), print_exception=False)

    def known(who: str, slot: Any) -> str:
        name = slot_from(slot, past=True)
        if name not in FAMILIES and runs.of(who, name) is None:
            raise Refused(f"There is no run in that slot. Train one there, or name a family: {', '.join(FAMILIES)}.")
        return name

    def whole(number: Any, low: int, high: int, name: str) -> int:
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
            raise Refused(f"{name} must be a whole number from {low:,} to {high:,}.")
        return number

    async def train(experiment: dict, request: gr.Request, slot: str = "") -> AsyncIterator[dict]:
        """Train, going on with a paused run of the same experiment in the slot; yields frames until it pauses, ends or
        fails."""
        try:
            wanted = requests.experiment(experiment)
            where = slot_from(slot, wanted.family)
            async for frame in runs.train(str(request.session_hash), where, wanted, ViewState()):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def step(
        experiment: dict, steps: int, request: gr.Request, player: str = "", slot: str = ""
    ) -> AsyncIterator[dict]:
        """Train for so many steps, then pause; yields frames. player: the only one to move, where there are several."""
        try:
            count, wanted = whole(steps, 1, 10_000, "Steps"), requests.experiment(experiment)
            who, where = str(request.session_hash), slot_from(slot, wanted.family)
            async for frame in runs.train(who, where, wanted, ViewState(), count, player or None):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def fork(slot: str, step: int, changes: dict, request: gr.Request) -> AsyncIterator[dict]:
        """Part from the run in a slot near a step of its past, with other settings {name: value}; yields the frames of
        the new run, whose slot it now is: that of the old one is "<slot>/before". Where a setting can't change while
        training, the new run begins anew, from the same seed."""
        try:
            who = str(request.session_hash)
            async for frame in runs.fork(who, slot_from(known(who, slot)), step, changes, ViewState()):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def reset(experiment: dict, request: gr.Request, slot: str = "") -> dict:
        """Begin again in a slot; answers with the frame of the untrained model."""
        try:
            wanted = requests.experiment(experiment)
            where = slot_from(slot, wanted.family)
            return json.loads(await runs.reset(str(request.session_hash), where, wanted, ViewState()))
        except Refused as sentence:
            raise refuse(sentence) from None

    def pause(slot: str, request: gr.Request) -> str:
        """Pause the run in a slot; its stream brings the last frame and ends."""
        try:
            who = str(request.session_hash)
            runs.pause(who, known(who, slot))
            return "paused"
        except Refused as sentence:
            raise refuse(sentence) from None

    async def edit(experiment: dict, request: gr.Request, slot: str = "") -> bool:
        """Give the run in a slot the settings of this experiment; False if some may not change while it trains."""
        try:
            wanted = requests.experiment(experiment)
            return (await runs.edit(str(request.session_hash), slot_from(slot, wanted.family), wanted))[0]
        except Refused as sentence:
            raise refuse(sentence) from None

    async def look(look: dict, slot: str, request: gr.Request) -> dict:
        """Choose the layers and the time to see: {"layers": […], "time": 0 … 1}; answers with the frame, or {} while
        training, when the stream brings it."""
        try:
            who = str(request.session_hash)
            frame = await runs.look(who, known(who, slot), requests.view_from(look))
            return {} if frame is None else json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def ask(question: dict, slot: str, request: gr.Request) -> dict:
        """Ask the run in a slot, or before there is one the shipped model of that family.

        {"ask": "sample", "n", "seed"} or {"ask": "trace", "x", "t"}: see `playground.questions`.
        """
        try:
            who = str(request.session_hash)
            return await runs.ask(who, known(who, slot), question)
        except Refused as sentence:
            raise refuse(sentence) from None

    def share(experiment: dict) -> str:
        """The query string of the link that restores an experiment."""
        try:
            return requests.experiment(experiment).to_query()
        except Refused as sentence:
            raise refuse(sentence) from None

    def dataset(experiment: dict, n: int, seed: int) -> dict:
        """Fresh points of an experiment's data, in its own coordinates, and the sets there are: {"points", "known"}."""
        try:
            wanted = requests.experiment(experiment)
            points = wanted.data(whole(n, 1, MAX_POINTS, "n"), whole(seed, 0, 2**31 - 1, "seed"))
            return {"points": points.round(5).tolist(), "known": list(DATASETS)}
        except Refused as sentence:
            raise refuse(sentence) from None

    streams: dict[str, Any] = {"concurrency_id": "streams", "concurrency_limit": 80}
    quick: dict[str, Any] = {"concurrency_id": "quick", "concurrency_limit": 80}
    endpoints: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        *((stream, streams) for stream in (train, step, fork)),
        *((answer, quick) for answer in (pause, reset, edit, look, ask, share, dataset)),
    ]
    for endpoint, group in endpoints:
        gr.api(endpoint, api_name=endpoint.__name__, **group)
