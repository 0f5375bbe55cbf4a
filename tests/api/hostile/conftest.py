"""After all that is hostile, life goes on."""

import pytest
from e2e import Visitor


@pytest.fixture(autouse=True, scope="module")
def life_goes_on(app):
    """After all of it, somebody else trains as if nothing had been."""
    yield
    trains(other := Visitor(app))
    other.leave()


def trains(visitor: Visitor) -> None:
    given, sentence = visitor.call("train", '[{"dataset": "two_moons", "steps": 5}, ""]')
    assert sentence == ""
    assert (given[0]["step"], given[0]["state"]) == (5, "done")
