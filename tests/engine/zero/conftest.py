"""What the tests of ZeroGPU share."""

import pytest

from playground.engine.zero import segment as parts


@pytest.fixture
def each_step(monkeypatch):
    """A state comes back after each step, and there is time for all of them."""
    monkeypatch.setattr(parts, "EVERY", 0)
    monkeypatch.setattr(parts, "seconds", lambda *_: 10**6)
