"""The picture that a tab opens on: the shipped model of its family, measured once for all visitors."""

import json
from functools import cache

from playground.engine import InlineEngine
from playground.training import checkpoints


@cache
def opening_frame(family: str) -> str | None:
    """The frame of the family's checkpoint, with the history of its training; None while none is shipped."""
    name = checkpoints.shipped(family)
    if name is None:
        return None
    engine = InlineEngine()
    handle = engine.start(checkpoints.SHIPPED[family], checkpoint=name)
    handle.wait(0, timeout=60)
    frame = handle.frame
    engine.close()  # which leaves a notice in its place
    if "layers" not in json.loads(frame):  # it can't be read; the page opens without a picture, the log says why
        return None
    return frame
