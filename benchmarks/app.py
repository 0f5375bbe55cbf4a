"""The real app in its own process, and the training steps per second that a client of its HTTP API receives."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from gradio_client import Client

START = 300
"""Most seconds until the app answers."""


@contextmanager
def process(errors: int | None = None, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Start the app on a free port. Yields its address, where it will answer, and its process. errors: what its stderr
    is, as for `subprocess.Popen`. environment: what is added to that of this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"from playground.ui import launch; launch(server_port={port}, quiet=True)"
    # The workers are spawned and import this program's main module, so it needs the guard.
    guarded = f"if __name__ == '__main__':\n    {program}"
    settings = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"} | environment
    started = subprocess.Popen(
        [sys.executable, "-c", guarded], env=settings, stdout=subprocess.DEVNULL, stderr=errors, text=True
    )
    try:
        yield f"http://127.0.0.1:{port}", started
    finally:
        started.terminate()
        try:
            started.wait(timeout=10)
        except subprocess.TimeoutExpired:
            started.kill()


@contextmanager
def app() -> Iterator[str]:
    """Start the app. Yields its address once it answers and its workers have loaded their libraries."""
    with process() as (address, started):
        wait(address, started)
        wait_for_trainers(address)
        for _ in range(4):  # enough for every worker to serve one
            client = Client(address, verbose=False)
            list(client.submit({"dataset": "two_moons", "steps": 50}, api_name="/train"))
        yield address


def wait(address: str, started: subprocess.Popen) -> None:
    """Wait until the app answers."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if started.poll() is not None:
            raise RuntimeError(f"The app ended with exit code {started.returncode} before it answered.")
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(f"The app did not answer within {START} s.")


def wait_for_trainers(address: str) -> None:
    """Wait until all are ready. They start one after the other, behind the page."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        hosts = json.load(urllib.request.urlopen(f"{address}/playground/trainers", timeout=5))
        if hosts["ready"] == hosts["wanted"]:
            return
        time.sleep(0.1)
    raise RuntimeError(f"The trainers were not ready within {START} s.")
