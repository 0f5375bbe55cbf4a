"""Ten thousand calls that no page would send, over every endpoint, event, upload, link, lesson and checkpoint.

    python -m benchmarks.hostile [--calls 10000] [--seed 0] [--at-once 4]

Each is a sound call in which a few places are changed (benchmarks.mutation); the same seed makes the same calls. A call
is wrong if the app answers with an error of its own, with something else than a sentence where it refuses, or not at
all within a minute. What the app writes on stderr is watched for tracebacks. At the end somebody trains as if nothing
had been.

Memory is measured each second, and its medians are told: at the start, of the first 4,000 calls, and of each third of
the others. By then the app has loaded what some calls need (Plotly, Matplotlib, half of PyTorch), and what it keeps of
earlier visitors is near its bounds: 64 runs (`playground.engine.base.RUNS`), 100 sessions
(`playground.ui.launch.SESSIONS`). Which runs are among the 64 is left to chance, and changes what workers keep by some
percent.
"""

import argparse
import asyncio
import json
import random
import re
import subprocess
import threading
import time
import uuid
from collections import Counter, deque
from itertools import islice, pairwise
from typing import Any

import httpx

from benchmarks.app import process, wait, wait_for_trainers
from benchmarks.hostile_calls import Call, Calls
from benchmarks.processes import server_and_workers
from benchmarks.table import heading, median, show, target

PATIENCE = 60
CALLS_OF_ONE = 50
"""Calls of one visitor; then another comes."""

WARM_UP = 4000
"""Calls before those between which memory is compared; at most half of all."""

TELLTALE = re.compile(
    r"Traceback|NoneType|\.py\b|\bFile \"|site-packages|/home|/tmp|<class|Error\b|0x[0-9a-f]{6}|frozenset|pydantic"
)
ERROR = re.compile(r"[\w.]+(Error|Exception|Failure|Interrupt)\b")
SENTENCE = re.compile(r"[A-Z0-9a-zα-ω].{8,600}[.!?]")


def unclear(said: Any) -> bool:
    """Whether it is no sentence that a visitor can be told."""
    return not isinstance(said, str) or not SENTENCE.fullmatch(said) or bool(TELLTALE.search(said))


def error_in(text: str) -> Any:
    try:
        return json.loads(text)["error"]
    except (ValueError, TypeError, KeyError):
        return None


class Errors:
    """What the app writes on stderr, with the calls that were under way."""

    def __init__(self, stream: Any):
        self.recent: deque[Call] = deque(maxlen=8)
        self.found: list[tuple[list[Call], list[str]]] = []
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            if "Traceback (most recent call last)" in line:
                self.found.append((list(self.recent), []))
            if self.found and len(self.found[-1][1]) < 200:
                self.found[-1][1].append(line.rstrip())
            else:
                print(line, end="", flush=True)


class Attack:
    def __init__(self, address: str, errors: Errors):
        self.http = httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=httpx.Limits(max_connections=50))
        self.errors, self.dice = errors, random.Random(0)
        self.events: dict[str, list[int]] = {}
        self.made, self.refused = Counter[str](), Counter[str]()
        self.wrong: list[tuple[Call, str]] = []
        self.slowest = 0.0

    async def learn(self) -> None:
        """The numbers of all endpoints, by name, and of the page's events."""
        config = (await self.http.get("config")).json()
        for event in config["dependencies"]:
            names = (
                [event["api_name"]]
                if event["api_visibility"] == "public"
                else [f".{name}" for _, name in event["targets"]]
            )
            for name in names:
                self.events.setdefault(name, []).append(event["id"])

    async def visit(self, calls: Any) -> None:
        """Make calls, one after the other, as several visitors who leave."""
        visitor = ""
        for number, call in enumerate(calls):
            if number % CALLS_OF_ONE == 0:
                visitor = uuid.uuid4().hex
            self.errors.recent.append(call)
            began = time.perf_counter()
            try:
                wrong = await asyncio.wait_for(self.made_by(visitor, call), PATIENCE)
            except (TimeoutError, httpx.HTTPError) as error:
                wrong = f"no answer: {error!r}"
                visitor = uuid.uuid4().hex
            self.slowest = max(self.slowest, time.perf_counter() - began)
            self.made[call.kind] += 1
            if wrong:
                self.wrong.append((call, wrong))

    async def made_by(self, visitor: str, call: Call) -> str:
        """Make a call. Returns what is wrong with the answer, if anything."""
        if call.event:
            return await self.queued(visitor, call)
        sent = call.sent.encode(errors="replace") if isinstance(call.sent, str) else call.sent
        path = call.path.replace("«visitor»", visitor)
        sent = sent.replace("«visitor»".encode(), visitor.encode()) if len(sent) < 10**6 else sent
        async with self.http.stream(call.method, path, content=sent, headers=call.headers) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                return ""
            text = (await answer.aread()).decode(errors="replace")
        return self.judged(call, answer.status_code, text)

    def judged(self, call: Call, status: int, text: str) -> str:
        if status >= 500 and unclear(error_in(text)):  # Gradio's own status for whatever is refused
            return f"status {status}: {text[:200]}"
        if "Traceback (most" in text:
            return "a traceback"
        if call.path.startswith("playground/") and text[:1] == "{":
            for line in text.splitlines() if "images" in call.path else [text]:
                said = json.loads(line)
                if "error" in said:
                    self.refused[call.kind] += 1
                    if unclear(said["error"]):
                        return f"not a sentence: {str(said['error'])[:700]!r}"
        return ""

    async def queued(self, visitor: str, call: Call) -> str:
        index = self.dice.choice(self.events[call.event])
        told = f'{{"fn_index": {index}, "session_hash": "{visitor}", "event_data": {call.more}, "data": {call.sent}}}'
        headers = {"content-type": "application/json"}
        joined = await self.http.post("gradio_api/queue/join", content=told.encode(errors="replace"), headers=headers)
        if joined.status_code != 200:
            return f"status {joined.status_code}: {joined.text[:200]}" if joined.status_code >= 500 else ""
        mine = joined.json()["event_id"]
        async with self.http.stream("GET", "gradio_api/queue/data", params={"session_hash": visitor}) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line[6:])
                if message.get("event_id") not in (mine, None):
                    continue
                if message["msg"] == "process_generating" and message.get("success"):
                    return ""
                if message["msg"] in ("process_completed", "unexpected_error"):
                    return self.completed(call, message)
        return "the queue closed without an answer"

    def completed(self, call: Call, message: dict[str, Any]) -> str:
        output = message.get("output") or {}
        if not message.get("success"):
            self.refused[call.kind] += 1
            said = output.get("error") if output else message.get("message")
            return f"not a sentence: {str(said)[:700]!r}" if unclear(said) else ""
        for value in output.get("data") or []:
            if isinstance(value, str) and value.startswith('{"error"'):
                self.refused[call.kind] += 1
                if unclear(said := json.loads(value)["error"]):
                    return f"not a sentence: {str(said)[:700]!r}"
        return ""


class Memory:
    """Of the app's (server, workers), in MB, each second in each part of the calls."""

    def __init__(self, pid: int):
        self.pid, self.parts = pid, [[server_and_workers(pid)]]

    async def watch(self) -> None:
        while True:
            self.parts[-1].append(server_and_workers(self.pid))
            await asyncio.sleep(1)

    def rows(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for i, name in enumerate(("server", "workers")):
            sizes = [median([size[i] for size in part]) for part in self.parts]
            found.append((f"memory of the {name}, MB", " → ".join(f"{size:,.0f}" for size in sizes)))
            ratio = sizes[-1] / sizes[2]
            found.append(("  last, to first after the warm-up", f"{ratio:.2f}", *target(ratio, most=1.05)))
        return [*found, ("  of all, at most", f"{max(sum(size) for part in self.parts for size in part):,.0f}")]


async def attacked(address: str, given: argparse.Namespace, errors: Errors, pid: int) -> tuple[Attack, Memory, float]:
    """Make all calls. Returns how much memory the app had, and the seconds that the calls took."""
    attack, used, seconds = Attack(address, errors), Memory(pid), 0.0
    await attack.learn()
    watching = asyncio.create_task(used.watch())
    first = min(WARM_UP, given.calls // 2)
    ends, endless = [first + (given.calls - first) * i // 3 for i in range(4)], iter(Calls(given.seed))
    for count in (first, *(end - begin for begin, end in pairwise(ends))):
        used.parts.append([])
        began, stream = time.perf_counter(), islice(endless, count)
        await asyncio.gather(*(attack.visit(stream) for _ in range(given.at_once)))
        seconds += time.perf_counter() - began
        used.parts[-1].append(server_and_workers(pid))
    watching.cancel()
    return attack, used, seconds


def last_train(address: str) -> bool:
    """Whether somebody who comes after all that can train."""
    from gradio_client import Client

    frames = list(Client(address, verbose=False).submit({"dataset": "two_moons", "steps": 20}, api_name="/train"))
    return bool(frames) and frames[-1]["state"] == "done"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=4)
    given = parser.parse_args()
    with process(errors=subprocess.PIPE, HF_ENDPOINT="http://127.0.0.1:1", PLAYGROUND_METRICS="1") as (
        address,
        started,
    ):
        errors = Errors(started.stderr)
        wait(address, started)
        wait_for_trainers(address)
        attack, used, seconds = asyncio.run(attacked(address, given, errors, started.pid))
        trains = last_train(address)
        health = httpx.get(f"{address}/health", timeout=30).json()
    wrong = Counter(call.kind for call, _ in attack.wrong)
    heading(
        f"{sum(attack.made.values()):,} hostile calls, {given.at_once} at once, in {seconds:,.0f} s (seed {given.seed})"
    )
    rows = [(kind, f"{attack.made[kind]:,}", f"{attack.refused[kind]:,}", f"{wrong[kind]:,}") for kind in attack.made]
    show(("", "calls", "refused", "wrong"), rows)
    heading("What came of it")
    show(
        ("", "measured", "target", "met"),
        [
            ("wrong answers", f"{len(attack.wrong)}", *target(len(attack.wrong), most=0, digits=0)),
            ("tracebacks", f"{len(errors.found)}", *target(len(errors.found), most=0, digits=0)),
            ("slowest answer, s", f"{attack.slowest:.1f}"),
            *used.rows(),
            ("trainers ready", f"{health['ready']} of {health['wanted']}"),
            ("somebody else trains afterwards", "yes" if trains else "NO"),
        ],
    )
    tell(attack.wrong, errors.found)


def tell(wrong: list[tuple[Call, str]], found: list[tuple[list[Call], list[str]]]) -> None:
    """One example of each kind of fault."""
    seen: set[str] = set()
    for call, what in wrong:
        about = re.sub(r"\d+", "0", f"{call.kind} {call.event or call.path.split('?')[0]} {what[:60]}")
        if about not in seen:
            seen.add(about)
            print(f"\n{shown(call)}\n    {what[:500]}")
    for calls, lines in found:
        last = next((line for line in reversed(lines) if ERROR.match(line)), lines[-1])
        if last[:80] not in seen:
            seen.add(last[:80])
            print("\n" + "\n".join(line[:200] for line in lines[-40:]))
            print("  under way:", *(f"\n  {shown(call)}" for call in calls))


def shown(call: Call) -> str:
    where = call.event or f"{call.method} {call.path[:300]}"
    return f"{where} {str(call.sent)[:300]}" + (f" {call.more[:300]}" if call.event.startswith(".") else "")


if __name__ == "__main__":
    main()
