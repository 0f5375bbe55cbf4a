"""The picture that a tab opens on: the shipped model of its family, measured once for all visitors."""

import json
from functools import cache

from playground import checkpoints
from playground.engine import InlineEngine

INVITATION = "This model has learned nothing yet. Press Train, and watch it learn."


@cache
def opening_frame(family: str) -> str | None:
    """The frame of the family's checkpoint, with the history of its training; while none ships, that of an untrained
    model, with an invitation to train it. None if the checkpoint can't be read."""
    name, wanted = checkpoints.shipped(family), checkpoints.opening(family)
    engine = InlineEngine()
    handle = engine.start(wanted, steps=0) if name is None else engine.start(wanted, checkpoint=name)
    handle.wait(0, timeout=60)
    frame = json.loads(handle.frame)
    engine.close()  # which leaves a notice in its place
    if "layers" not in frame:  # it can't be read; the page opens without a picture, the log says why
        return None
    return json.dumps(frame if name else frame | {"message": INVITATION}, separators=(",", ":"))
