"""The real app in a process of its own, and steps a second as a client of its HTTP API sees them."""

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
"""Seconds that the app may take to answer."""


@contextmanager
def app() -> Iterator[str]:
    """Start the app on a free port; yields its address once it answers and its trainers have loaded their libraries."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"from playground.ui import launch; launch(server_port={port}, quiet=True)"
    # The trainers are spawned and import this program's main module: a file, so `-c` needs the guard.
    guarded = f"if __name__ == '__main__':\n    {program}"
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen([sys.executable, "-c", guarded], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        for _ in range(4):  # each trainer has had its turn then
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
