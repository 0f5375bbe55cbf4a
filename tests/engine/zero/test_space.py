"""The app on ZeroGPU, as far as the emulation goes that `spaces` brings: without CUDA, which its fork doesn't touch."""

import base64
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hosts import Quiet, listening

from playground.engine import InlineEngine

ROOT = Path(__file__).parents[3]
SAMPLE = {"ask": "sample", "n": 20, "seed": 1}


def token(name: str) -> str:
    """As the hub sends it with each request, unsigned."""
    payload = base64.urlsafe_b64encode(json.dumps({"user": name}).encode()).decode().rstrip("=")
    return f"head.{payload}.signature"


@contextmanager
def device_api():
    """ZeroGPU's scheduler. Yields its address, and what it was asked: (what, parameters). Carl has no quota left."""
    asked: list[tuple[str, dict[str, str]]] = []

    class Api(Quiet):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked.append((parts.path, given))
            status, answer = 200, {}
            if parts.path == "/schedule" and given.get("token") == token("carl"):
                status, answer = 429, {"left": 0, "wait": 3600}
            elif parts.path == "/schedule":
                count = sum(path == "/schedule" for path, _ in asked)
                answer = {"idle": False, "nvidiaIndex": count, "nvidiaUUID": "none", "allowToken": str(count)}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with listening(Api) as address:
        yield address, asked


@pytest.fixture(scope="module")
def space(small, tmp_path_factory):
    """Three visitors of a Space on ZeroGPU: {"asked", "longest", "seen", and of each visitor "wanted", "last", the last
    frame, and "samples"}."""
    if find_spec("spaces") is None:
        pytest.skip("the package spaces is not installed")
    from gradio_client import Client

    told = tmp_path_factory.mktemp("zero") / "told"
    wanted = {who: small(steps=12, seed=seed, width=16) for who, seed in (("anna", 1), ("bert", 2), ("carl", 3))}
    with device_api() as (address, asked):
        environment = {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": address, "TOLD": str(told)}
        process = subprocess.Popen(
            [sys.executable, Path(__file__).parent / "app_on_zero.py"],
            env=os.environ | environment | {"PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        watch = threading.Timer(600, process.kill)  # only there to end a failing test
        watch.start()
        try:
            url, longest = process.stdout.readline().split()
            clients = {who: Client(url, headers={"x-ip-token": token(who)}, verbose=False) for who in wanted}
            jobs = {
                who: clients[who].submit(one.model_dump(mode="json"), api_name="/train") for who, one in wanted.items()
            }
            last = {who: list(job)[-1] for who, job in jobs.items()}
            samples = {who: clients[who].predict(SAMPLE, "flow", api_name="/ask")["samples"] for who in wanted}
            process.stdin.close()  # it ends
            process.wait()
        finally:
            watch.cancel()
            process.kill()
    seen = [json.loads(line) for line in told.read_text().splitlines()]
    return {"asked": asked, "longest": longest, "seen": seen, "wanted": wanted, "last": last, "samples": samples}


def test_each_visitor_gets_what_this_process_would_have_trained(space):
    assert {who: (one["state"], one["step"]) for who, one in space["last"].items()} == dict.fromkeys(
        space["wanted"], ("done", 12)
    )
    for who, wanted in space["wanted"].items():
        here = InlineEngine().start(wanted)
        while here.state == "training":
            here.wait(here.sent, 60)
        assert space["samples"][who] == here.ask(SAMPLE)["samples"], "bit for bit"


def test_a_gpu_is_asked_for_once_for_each_in_their_own_name(space):
    assert space["asked"][0][0] == "/startup-report", "a decorated function was found"
    schedules = [given for path, given in space["asked"] if path == "/schedule"]
    assert sorted(given["token"] for given in schedules) == sorted(map(token, space["wanted"]))
    assert {given["durationSeconds"] for given in schedules} == {str(round(float(space["longest"])))}
    released = [given["fail"] for path, given in space["asked"] if path == "/release"]
    assert released == ["false", "false"], "those of two visitors: the third had no quota"


def test_only_the_app_knows_spaces_and_nobody_touches_cuda(space):
    [app] = [one for one in space["seen"] if one["process"] == "app"]
    assert (app["engine"], app["emulated"], app["spaces"], app["initialized"]) == ("ZeroEngine", True, True, False)
    workers = [one for one in space["seen"] if one["process"] == "worker"]
    assert workers
    for worker in workers:
        known = {"process": "worker", "spaces": False, "gradio": False, "initialized": False, "visible": ""}
        assert worker == known
