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

START = 90
"""Most seconds until the app answers."""


@contextmanager
def app() -> Iterator[str]:
    """Start the app on a free port. Yields its address once it answers and its workers have loaded their libraries."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"from playground.ui import launch; launch(server_port={port}, quiet=True)"
    # The workers are spawned and import this program's main module, so it needs the guard.
    guarded = f"if __name__ == '__main__':\n    {program}"
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen([sys.executable, "-c", guarded], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        _wait_for_trainers(address)
        for _ in range(4):  # enough for every worker to serve one
            client = Client(address, verbose=False)
            list(client.submit({"dataset": "two_moons", "steps": 50}, api_name="/train"))
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The app ended with exit code {process.returncode} before it answered.")
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The app did not answer within {START} s.")


def _wait_for_trainers(address: str) -> None:
    """The trainers start one after the other, behind the page."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        hosts = json.load(urllib.request.urlopen(f"{address}/playground/trainers", timeout=5))
        if hosts["ready"] == hosts["wanted"]:
            return
        time.sleep(0.1)
    raise RuntimeError(f"The trainers were not ready within {START} s.")
