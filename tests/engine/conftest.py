"""What the tests of the engine share: waiting, without looking at a clock."""

import json

import pytest

from playground.engine import Handle, InlineEngine


@pytest.fixture
def inline():
    engine = InlineEngine()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def frame():
    """The newest frame of a run, as the browser reads it: strictly, so that NaN would fail."""

    def refuse(word: str):
        raise AssertionError(f"{word} is not JSON")

    def read(handle: Handle) -> dict:
        return json.loads(handle.frame, parse_constant=refuse)

    return read


@pytest.fixture(scope="session")
def until():
    """Waits until a run is in a state and has a frame, or until something is true of its newest frame."""

    def wait(handle: Handle, wanted) -> Handle:
        def come() -> bool:
            if isinstance(wanted, str):
                return handle.state == wanted and bool(handle.frame)
            return bool(handle.frame) and wanted(json.loads(handle.frame))

        while not come():
            assert handle.wait(handle.sent, timeout=120), f"nothing came; the run is {handle.state} {handle.message}"
        return handle

    return wait
