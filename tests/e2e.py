"""The app as its visitors meet it: served once for all tests of the API and of the page, in this process."""

import atexit
import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from playground.engine import Handle, WorkerEngine
from playground.ui.launch import launch

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SMALL = "width=32&depth=2&batch_size=64"
SHORT = f"?family=flow&dataset=two_moons&steps=300&{SMALL}"
LONG = f"?family=flow&dataset=two_moons&steps=100000&{SMALL}"
"""Trains for longer than any test."""
BUS = """(await import(document.querySelector("script[src$='/page.js']").src)).modules["page/bus.js"]"""
"""JavaScript: what the page's bus exports (static/page/bus.js)."""
PATIENCE = 180
"""Seconds, after which what is waited for is taken to be broken: on a machine with a load of 13, all takes long."""


@dataclass(frozen=True, eq=False)
class App:
    """url: where it is, with a slash at the end. engine: the one that it runs on, to be looked at."""

    url: str
    engine: WorkerEngine

    def runs(self, visitor: str | None = None) -> list[Handle]:
        """The runs that are not closed, of one visitor or of all."""
        return [
            handle
            for handle in list(self.engine.handles.values())
            if handle.state != "closed" and visitor in (None, handle.visitor)
        ]


@cache
def serve(engine: WorkerEngine | None = None, **options: Any) -> App:
    """The app, started at the first call, and once more for another engine or other options of `launch`; closed when
    the tests end. All share one engine unless they are given another."""
    engine = engine or (serve().engine if options else WorkerEngine())
    where = {"server_name": "127.0.0.1", "server_port": free_port()}
    _, url, _ = launch(engine, metrics=True, prevent_thread_lock=True, quiet=True, **where, **options)
    atexit.register(engine.close)
    return App(url, engine)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(condition: Callable[[], Any], timeout: float = PATIENCE, why: str = "") -> Any:
    """Wait for a condition to hold, and return what it gave; AssertionError if it doesn't within the time."""
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {timeout} s: {why or condition}"
        time.sleep(0.02)
    return found


class Visitor:
    """Someone who speaks HTTP with the queue, without Gradio's client or page between: anything can be sent."""

    def __init__(self, app: App):
        self.app = app
        self.name = uuid.uuid4().hex
        self.http = httpx.Client(base_url=app.url, timeout=60)

    def join(self, event: str | int, data: str, **more: Any) -> httpx.Response:
        """Ask for an event: the name of an endpoint, or the index of one of the page's. data: JSON text, as it is."""
        index = self.named(event) if isinstance(event, str) else event
        fields = {"fn_index": index, "session_hash": self.name} | more
        raw = {name: value for name, value in fields.items() if name in ("event_data",)}
        rest = json.dumps({name: value for name, value in fields.items() if name not in raw})
        body = rest[:-1] + "".join(f', "{name}": {text}' for name, text in raw.items()) + f', "data": {data}}}'
        return self.http.post("gradio_api/queue/join", content=body, headers={"content-type": "application/json"})

    def listen(self) -> Iterator[dict[str, Any]]:
        """The messages of the queue, until it has no more for this visitor."""
        with self.http.stream("GET", "gradio_api/queue/data", params={"session_hash": self.name}) as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line[6:])

    def call(self, event: str | int, data: str, **more: Any) -> tuple[Any, str]:
        """What the event gave in the end, and the sentence that refused it: one of the two is empty."""
        joined = self.join(event, data, **more)
        if joined.status_code != 200:
            return None, joined.text
        for message in self.listen():
            if message["msg"] == "process_completed":
                output = message["output"]
                return (output["data"], "") if message["success"] else (None, str(output.get("error")))
        raise AssertionError("the queue closed without an answer")

    def named(self, name: str) -> int:
        return next(d["id"] for d in config(self.app)["dependencies"] if d["api_name"] == name)

    def leave(self) -> None:
        self.app.engine.leave(self.name)
        self.http.close()


def page_events(app: App) -> dict[str, dict[str, Any]]:
    """The page's own events by "component.event", as the page is told of them: {"id", "inputs", "outputs", …}."""
    parts = {c["id"]: c["props"].get("elem_id") or c["props"].get("name", "") for c in config(app)["components"]}
    private = [d for d in config(app)["dependencies"] if d["api_visibility"] != "public"]
    return {
        f"{parts.get(target, '')}.{event}.{d['id']}": d
        for d in private
        for target, event in (d["targets"] or [("", "")])
    }


@cache
def config(app: App) -> dict[str, Any]:
    """What the page is told of itself: components and events."""
    return httpx.get(app.url + "config").json()
