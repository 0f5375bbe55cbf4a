"""The HTTP API: one endpoint for each thing that a visitor can do, named the same way.

    from gradio_client import Client
    client = Client("http://127.0.0.1:7860")
    for frame in client.submit({"dataset": "two_moons", "steps": 500}, api_name="/train"):
        print(frame["step"], frame["scalars"])
    client.predict({"ask": "sample", "n": 100}, "flow", api_name="/ask")

An experiment is what `playground.Experiment` takes, as a JSON object; what is left out keeps its default. A client's
runs are its own, one for each family, as those of a page are.
"""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from playground.data import DATASETS
from playground.families import FAMILIES
from playground.ui import runs
from playground.ui.runs import Refused, Sessions

MAX_POINTS = 10_000


def add_api(sessions: Sessions) -> None:
    """Add the endpoints to the Blocks under construction."""

    def refuse(sentence: Refused) -> gr.Error:
        return gr.Error(str(sentence), print_exception=False)

    def known(family: Any) -> str:
        if not isinstance(family, str) or family not in FAMILIES:
            raise Refused(f"There is no family of that name; there are {', '.join(FAMILIES)}.")
        return family

    def whole(number: Any, low: int, high: int, name: str) -> int:
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
            raise Refused(f"{name} must be a whole number from {low:,} to {high:,}.")
        return number

    async def train(experiment: dict, request: gr.Request) -> AsyncIterator[dict]:
        """Train, going on with a paused run of the same experiment; yields frames until it pauses, ends or fails."""
        try:
            async for frame in sessions.train(
                str(request.session_hash), runs.experiment(experiment), runs.look_from({})
            ):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def step(experiment: dict, steps: int, request: gr.Request, player: str = "") -> AsyncIterator[dict]:
        """Train for so many steps, then pause; yields frames. player: the only one to move, where there are several."""
        try:
            count = whole(steps, 1, 10_000, "Steps")
            async for frame in sessions.train(
                str(request.session_hash), runs.experiment(experiment), runs.look_from({}), count, player or None
            ):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def fork(family: str, step: int, changes: dict, request: gr.Request) -> AsyncIterator[dict]:
        """Part from the client's run of a family near a step of its past, with other settings {name: value}; yields the
        frames of the new run. Where a setting can't change while training, it begins anew, from the same seed."""
        try:
            who, look = str(request.session_hash), runs.look_from({})
            async for frame in sessions.fork(who, known(family), step, changes, look):
                yield json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def reset(experiment: dict, request: gr.Request) -> dict:
        """Begin again; answers with the frame of the untrained model."""
        try:
            return json.loads(
                await sessions.reset(str(request.session_hash), runs.experiment(experiment), runs.look_from({}))
            )
        except Refused as sentence:
            raise refuse(sentence) from None

    def pause(family: str, request: gr.Request) -> str:
        """Pause the client's run of a family; its stream brings the last frame and ends."""
        try:
            sessions.pause(str(request.session_hash), known(family))
            return "paused"
        except Refused as sentence:
            raise refuse(sentence) from None

    async def edit(experiment: dict, request: gr.Request) -> bool:
        """Give a run under way the settings of this experiment; False if some may not change while it trains."""
        try:
            return (await sessions.edit(str(request.session_hash), runs.experiment(experiment)))[0]
        except Refused as sentence:
            raise refuse(sentence) from None

    async def look(look: dict, family: str, request: gr.Request) -> dict:
        """Choose the layers and the time to see: {"layers": […], "time": 0 … 1}; answers with the frame, or {} while
        training, when the stream brings it."""
        try:
            frame = await sessions.look(str(request.session_hash), known(family), runs.look_from(look))
            return {} if frame is None else json.loads(frame)
        except Refused as sentence:
            raise refuse(sentence) from None

    async def ask(question: dict, family: str, request: gr.Request) -> dict:
        """Ask the run, or before there is one the shipped model.

        {"ask": "sample", "n", "seed"} or {"ask": "trace", "x", "t"}: see `playground.questions`.
        """
        try:
            return await sessions.ask(str(request.session_hash), known(family), question)
        except Refused as sentence:
            raise refuse(sentence) from None

    def share(experiment: dict) -> str:
        """The query string of the link that restores an experiment."""
        try:
            return runs.experiment(experiment).to_query()
        except Refused as sentence:
            raise refuse(sentence) from None

    def dataset(experiment: dict, n: int, seed: int) -> dict:
        """Fresh points of an experiment's data, in its own coordinates, and the sets there are: {"points", "known"}."""
        try:
            wanted = runs.experiment(experiment)
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
