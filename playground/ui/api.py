"""The HTTP API: one endpoint for each action of a visitor.

    from gradio_client import Client
    client = Client("http://127.0.0.1:7860")
    for frame in client.submit({"dataset": "two_moons", "steps": 500}, api_name="/train"):
        print(frame["step"], frame["scalars"])
    client.predict({"ask": "sample", "n": 100}, "flow", api_name="/ask")

An experiment is a JSON object of the fields of `playground.Experiment`; missing fields keep their defaults. Each client
has its own runs, as each page does. Each run has a slot, by default named after its family. A client that wants two
runs of one family names their slots, as in `client.submit(experiment, "lane-1", api_name="/train")`.
"""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from playground.data import DATASETS
from playground.families import FAMILIES
from playground.scene import ViewState
from playground.ui import requests
from playground.ui.requests import Refused, slot_from, whole
from playground.ui.runs import Runs

MAX_POINTS = 10_000
MAX_NUMBERS = 1_000_000
"""Most coordinates in an answer: some 8 MB of JSON."""


def add_api(runs: Runs) -> None:
    """Add the endpoints to the Blocks under construction."""

    def refuse(sentence: Refused) -> gr.Error:
        return gr.Error(str(sentence), print_exception=False)

    def known(who: str, slot: Any) -> str:
        name = slot_from(slot, past=True)
        if name not in FAMILIES and runs.of(who, name) is None:
            raise Refused(f"There is no run in that slot. Train one there, or name a family: {', '.join(FAMILIES)}.")
        return name

    async def train(experiment: dict, request: gr.Request, slot: str = "") -> AsyncIterator[dict]:
        """Train, or continue a paused run of the same experiment in the slot. Yields frames until the run pauses, ends
        or fails."""
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
        """Train for this many steps, then pause. Yields frames. player: the only one to train, if there are several."""
        try:
            count, wanted = whole(steps, 1, 10_000, "Steps"), requests.experiment(experiment)
            who, where = str(request.session_hash), slot_from(slot, wanted.family)
            async for frame in runs.train(who, where, wanted, ViewState(), count, player or None):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def fork(slot: str, step: int, changes: dict, request: gr.Request) -> AsyncIterator[dict]:
        """Fork the run in a slot at an earlier step, with other settings {name: value}. Yields the frames of the new
        run, which takes the slot; the old run moves to "<slot>/before". If a setting can't change while training, the
        new run starts from scratch with the same seed."""
        try:
            who = str(request.session_hash)
            async for frame in runs.fork(who, slot_from(known(who, slot)), step, changes, ViewState()):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def reset(experiment: dict, request: gr.Request, slot: str = "") -> dict:
        """Start over in a slot. Returns the frame of the untrained model."""
        try:
            wanted = requests.experiment(experiment)
            where = slot_from(slot, wanted.family)
            return json.loads(await runs.reset(str(request.session_hash), where, wanted, ViewState()))
        except Refused as sentence:
            raise refuse(sentence) from None

    def pause(slot: str, request: gr.Request) -> str:
        """Pause the run in a slot. Its stream yields the last frame and ends."""
        try:
            who = str(request.session_hash)
            runs.pause(who, known(who, slot))
            return "paused"
        except Refused as sentence:
            raise refuse(sentence) from None

    async def edit(experiment: dict, request: gr.Request, slot: str = "") -> bool:
        """Change the run in a slot to the settings of this experiment. False if some can't change while it trains."""
        try:
            wanted = requests.experiment(experiment)
            return (await runs.edit(str(request.session_hash), slot_from(slot, wanted.family), wanted))[0]
        except Refused as sentence:
            raise refuse(sentence) from None

    async def look(look: dict, slot: str, request: gr.Request) -> dict:
        """Choose the layers and the time to see: {"layers": […], "time": 0 … 1}. Returns the frame, or {} while the run
        trains and the stream brings it."""
        try:
            who = str(request.session_hash)
            frame = await runs.look(who, known(who, slot), requests.view_from(look))
            return {} if frame is None else json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def ask(question: dict, slot: str, request: gr.Request) -> dict:
        """Ask the run in a slot. Without a run there, the shipped model of that family answers.

        {"ask": "sample", "n", "seed"} or {"ask": "trace", "x", "t"}: see `playground.questions`. With a "step", it is
        about the model as it was at that step of its training; {"ask": "picture", "step", "view"} is its picture.
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
        """Fresh points of an experiment's data, in their own coordinates, and all sets: {"points", "known"}."""
        try:
            wanted = requests.experiment(experiment)
            most = min(MAX_POINTS, MAX_NUMBERS // wanted.dim)
            points = wanted.data(whole(n, 1, most, "n"), whole(seed, 0, 2**31 - 1, "seed"))
            return {"points": points.round(5).tolist(), "known": list(DATASETS)}
        except Refused as sentence:
            raise refuse(sentence) from None

    streams: dict[str, Any] = {"concurrency_id": "streams", "concurrency_limit": 400}
    quick: dict[str, Any] = {"concurrency_id": "quick", "concurrency_limit": 400}
    endpoints: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        *((stream, streams) for stream in (train, step, fork)),
        *((answer, quick) for answer in (pause, reset, edit, look, ask, share, dataset)),
    ]
    for endpoint, group in endpoints:
        gr.api(endpoint, api_name=endpoint.__name__, **group)
