"""What the tests of the HTTP API share: experiments that are quick or endless, and what an answer must be like."""

import re

from e2e import Visitor, until

TELLTALE = re.compile(
    r"Traceback|NoneType|\.py\b|\bFile \"|site-packages|/home|/work|/tmp|<class|Error\b|0x[0-9a-f]{6}"
)

SMALL = {"width": 32, "depth": 2, "batch_size": 64}
SHORT = {"dataset": "two_moons", "steps": 60, "config": SMALL, "seed": 3}
LONG = SHORT | {"steps": 100_000}
"""Trains for longer than any test: whoever uses it pauses it, or leaves."""


def started(client, experiment, least=1):
    """The job of a training that has come so far that it sent frames of at least so many steps."""
    job = client.submit(experiment, api_name="/train")
    until(lambda: job.outputs() and job.outputs()[-1]["step"] >= least, why="training has begun")
    return job


def answers(visitor: Visitor) -> None:
    assert visitor.call("share", "[{}]")[1] == ""


def is_a_sentence(text: str) -> bool:
    """Whether a visitor can be told this: one sentence or two, not long, nothing of the machine in it."""
    return bool(re.fullmatch(r"[A-Za-zn].{8,400}[.]", text)) and "\n" not in text and not TELLTALE.search(text)
