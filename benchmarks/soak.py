"""A day of many visitors, in minutes: they open the page, train, ask and leave, while others train all the time.

    python -m benchmarks.soak [--minutes 60] [--visitors 1000] [--training 30] [--pairs 1000] [--kill]

The app runs in its own process; visitors speak HTTP with it, as its page does. `--training` of them train without end
and watch their frames. The others come evenly over the time, two by two: the first of a pair trains; the second tries
to see and to stop that run by its own session, and trains with settings of its own. All that either is shown must be of
its own run. With `--kill`, a worker is killed every minute; who trained there presses Train again.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import httpx
from gradio_client.utils import apply_diff

from benchmarks.app import process, wait, wait_for_trainers
from benchmarks.hostile import Errors
from benchmarks.processes import command, descendants, server_and_workers, workers_of
from benchmarks.table import heading, median, show, target

LONG = {"dataset": "two_moons", "steps": 100_000, "config": {"learning_rate": 1e-3}}
SMALL = {"width": 16, "depth": 2, "batch_size": 32}
WARM_UP = 0.2
"""Share of the time after which memory is measured for the first time."""


@dataclass
class Seen:
    """What all visitors met with. gaps: of each run that trains all the time, its longest, in seconds."""

    visits: int = 0
    pairs: int = 0
    leaks: list[str] = field(default_factory=list)
    refused: int = 0
    failed: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    killed: int = 0


class Visitor:
    def __init__(self, http: httpx.AsyncClient, numbers: dict[str, int]):
        self.http, self.numbers, self.session = http, numbers, uuid.uuid4().hex

    async def call(self, event: str, *data: Any) -> AsyncIterator[dict[str, Any]]:
        """The messages of an endpoint, as the queue sends them."""
        sent = {"fn_index": self.numbers[event], "session_hash": self.session, "data": data}
        joined = await self.http.post("gradio_api/queue/join", json=sent)
        if joined.status_code != 200:
            yield {"msg": "refused", "output": {"error": joined.text}}
            return
        mine, where = joined.json()["event_id"], {"session_hash": self.session}
        async with self.http.stream("GET", "gradio_api/queue/data", params=where) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    message = json.loads(line[6:])
                    if message.get("event_id") in (mine, None):
                        yield message
                        if message["msg"] in ("process_completed", "unexpected_error"):
                            return

    async def train(self, experiment: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The frames of a training; of a refusal, {"error"}."""
        frame: Any = {}
        async for message in self.call("train", experiment, ""):
            output = message.get("output") or {}
            if message["msg"] == "process_generating":
                sent = output["data"][0]  # the whole frame, or how it differs from the one before
                frame = apply_diff(frame, sent) if isinstance(sent, list) else sent
                yield frame
            elif message["msg"] != "process_starts" and not message.get("success", True):
                yield {"error": output.get("error") or message.get("message")}

    async def ask(self, question: dict[str, Any], slot: str) -> dict[str, Any]:
        sent = {"visitor": self.session, "slot": slot, "question": question}
        return (await self.http.post("playground/ask", json=sent)).json()


class Soak:
    def __init__(self, http: httpx.AsyncClient, numbers: dict[str, int], given: argparse.Namespace):
        self.http, self.numbers, self.given = http, numbers, given
        self.seen, self.end = Seen(), time.monotonic() + given.minutes * 60
        self.dice = random.Random(0)

    def visitor(self) -> Visitor:
        return Visitor(self.http, self.numbers)

    async def trains_on(self, number: int) -> None:
        """Somebody who trains all the time, and presses Train again if the run is lost."""
        longest = 0.0
        while time.monotonic() < self.end:
            last = None
            async with aclosing(self.visitor().train(LONG | {"seed": number})) as frames:
                async for frame in frames:
                    now = time.monotonic()
                    if frame.get("state") == "training":
                        longest = max(longest, now - last if last else 0.0)
                        last = now
                    if now >= self.end:
                        break
            await asyncio.sleep(0.5)
        self.seen.gaps.append(longest)

    async def pair(self, number: int) -> None:
        """Two visitors, interleaved, whose trainings are told apart by the number of their steps."""
        first, second = self.visitor(), self.visitor()
        steps = [100 + 2 * number, 101 + 2 * number]
        page = await self.http.get("")
        if page.status_code != 200:
            self.seen.failed.append(f"the page: {page.status_code}")
        async with asyncio.TaskGroup() as group:
            group.create_task(self.opens(first, steps[0]))
            group.create_task(self.opens(second, steps[1], meddles=True))
        self.seen.pairs += 1

    async def opens(self, visitor: Visitor, steps: int, meddles: bool = False) -> None:
        """Visit, with the connection by which the app knows that the page is open."""
        async with self.http.stream("GET", f"gradio_api/heartbeat/{visitor.session}"):
            await self.visit(visitor, steps, meddles)

    async def visit(self, visitor: Visitor, steps: int, meddles: bool = False) -> None:
        wanted = {"dataset": "two_moons", "steps": steps, "seed": steps, "config": SMALL}
        began, run = time.monotonic(), None
        if meddles:  # with what is in nobody else's slot
            stolen = await visitor.ask({"ask": "sample", "n": 2}, "flow/before")
            if "error" not in stolen:
                self.seen.leaks.append(f"an answer from a slot that was never taken: {str(stolen)[:200]}")
            async for _ in visitor.call("pause", "flow"):
                pass
        async with aclosing(visitor.train(wanted)) as frames:
            async for frame in frames:
                if "error" in frame or frame.get("state") == "failed":
                    self.seen.refused += 1
                    return
                if frame.get("state") == "waiting":
                    continue
                if run is None:
                    self.seen.waits.append(time.monotonic() - began)
                if frame.get("steps", steps) != steps or run not in (None, frame.get("run")):
                    self.seen.leaks.append(f"a frame of {frame.get('steps')} steps, not {steps}")
                run = frame.get("run", run)
        if run is None:
            return
        answer = await visitor.ask({"ask": "sample", "n": 5, "seed": 1}, "flow")
        if "error" in answer:
            self.seen.refused += 1
        elif answer["run"] != run:
            self.seen.leaks.append(f"an answer of run {answer['run']}, not {run}")
        self.seen.visits += 1

    async def kills(self, pid: int) -> None:
        while time.monotonic() + 60 < self.end:
            await asyncio.sleep(60)
            if workers := workers_of(pid):
                os.kill(self.dice.choice(workers), signal.SIGKILL)
                self.seen.killed += 1

    async def comes(self, number: int, pairs: int) -> None:
        """A pair, at its time; one that fails is counted, and others go on."""
        await asyncio.sleep(self.given.minutes * 60 * 0.95 * number / pairs)
        try:
            await self.pair(number)
        except* Exception as errors:
            self.seen.failed += [repr(error)[:200] for error in errors.exceptions]


async def soaked(address: str, pid: int, given: argparse.Namespace) -> tuple[Seen, list[tuple[float, float]], float]:
    """Let them all come. Returns what they saw, the memory of [server, workers] after the warm-up and at the end, and
    how many runs train two seconds after the last has gone."""
    limits = httpx.Limits(max_connections=2000)
    used: list[tuple[float, float]] = []

    async def measure(after: float) -> None:
        await asyncio.sleep(after)
        used.append(server_and_workers(pid))

    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as http:
        config = (await http.get("config")).json()
        numbers = {event["api_name"]: event["id"] for event in config["dependencies"] if event["api_name"]}
        soak = Soak(http, numbers, given)
        pairs = max(given.pairs, given.visitors // 2)
        async with asyncio.TaskGroup() as group:
            for number in range(given.training):
                group.create_task(soak.trains_on(number))
            for number in range(pairs):
                group.create_task(soak.comes(number, pairs))
            for share in (WARM_UP, 0.95):
                group.create_task(measure(given.minutes * 60 * share))
            if given.kill:
                group.create_task(soak.kills(pid))
        await asyncio.sleep(2)
        left = figures((await http.get("metrics")).text)['playground_runs{state="training"}']
    return soak.seen, used, left


def figures(text: str) -> dict[str, float]:
    """The app's figures, by name and labels."""
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def ends(started: subprocess.Popen) -> float:
    """End the app. Returns how many seconds later the last of its processes is gone."""
    below = descendants(started.pid)
    started.terminate()
    began = time.monotonic()
    while started.poll() is None or any(command(child) for child in below):
        if time.monotonic() - began > 60:
            return float("inf")
        time.sleep(0.05)
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--training", type=int, default=30)
    parser.add_argument("--pairs", type=int, default=0, help="of visitors; by default all of them come in pairs")
    parser.add_argument("--kill", action="store_true", help="a worker each minute")
    given = parser.parse_args()
    with process(subprocess.PIPE, PLAYGROUND_METRICS="1") as (address, started):
        errors = Errors(started.stderr)
        wait(address, started)
        wait_for_trainers(address)
        seen, used, left = asyncio.run(soaked(address, started.pid, given))
        told = figures(httpx.get(f"{address}/metrics", timeout=60).text)
        gone = ends(started)
    server, workers = (last / first for first, last in zip(*used, strict=True))
    heading(
        f"{given.minutes:g} minutes, {given.training} in training all the time" + " and a kill a minute" * given.kill
    )
    show(
        ("", "measured", "target", "met"),
        [
            ("visitors, by twos", f"{2 * seen.pairs:,}"),
            ("  who trained and asked", f"{seen.visits:,}"),
            ("  refused in a sentence", f"{seen.refused:,}"),
            ("  who met an error", f"{len(seen.failed)}", *target(len(seen.failed), most=0, digits=0)),
            ("leaks between visitors", f"{len(seen.leaks)}", *target(len(seen.leaks), most=0, digits=0)),
            ("tracebacks of the app", f"{len(errors.found)}", *target(len(errors.found), most=0, digits=0)),
            ("until the first frame, s: median", f"{median(seen.waits or [0]):.1f}"),
            ("  longest", f"{max(seen.waits, default=0):.1f}"),
            ("longest gap between frames, s", f"{max(seen.gaps):.2f}", *target(max(seen.gaps), most=1.0)),
            ("  median of the runs' longest", f"{median(seen.gaps):.2f}"),
            ("steps a second of all", f"{told['playground_steps_total'] / given.minutes / 60:,.0f}"),
            ("memory of the server, MB", f"{used[0][0]:,.0f} → {used[1][0]:,.0f}"),
            ("  ratio", f"{server:.2f}", *target(server, most=1.05)),
            ("memory of workers, MB", f"{used[0][1]:,.0f} → {used[1][1]:,.0f}"),
            ("  ratio", f"{workers:.2f}", *target(workers, most=1.05)),
            ("workers killed", f"{seen.killed}"),
            ("  and replaced", f"{told['playground_trainer_deaths_total']:.0f}"),
            ("runs in training 2 s after all left", f"{left:.0f}", *target(left, most=0, digits=0)),
            ("until the last process is gone, s", f"{gone:.1f}", *target(gone, most=2.0)),
        ],
    )
    for fault in [
        *seen.leaks[:5],
        *sorted(set(seen.failed))[:5],
        *("\n".join(lines[-12:]) for _, lines in errors.found[:5]),
    ]:
        print(fault)


if __name__ == "__main__":
    main()
