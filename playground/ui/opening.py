"""The picture that a tab opens on: the shipped model of its family, measured once for all visitors."""

import json
from functools import cache

from playground.data.kinds import kind_of
from playground.engine import InlineEngine
from playground.families import FAMILIES
from playground.training import checkpoints
from playground.views import default_view


@cache
def opening_frame(family: str) -> str | None:
    """The frame of the family's checkpoint, with the constants and floors that the page would else ask for; None while
    none is shipped."""
    name = checkpoints.shipped(family)
    if name is None:
        return None
    experiment = checkpoints.SHIPPED[family]
    engine = InlineEngine()
    handle = engine.start(
        experiment, look=default_view(FAMILIES[family], kind_of(experiment.dataset.shape)), checkpoint=name
    )
    handle.wait(0, timeout=60)
    frame = json.loads(handle.frame)
    if "kind" in frame:  # or else it can't be read; the page opens without a picture, the log says why
        frame |= {"constants": handle.ask({"ask": "constants"}), "floors": handle.ask({"ask": "floors"})["floors"]}
    engine.close()
    return json.dumps(frame, separators=(",", ":")) if "kind" in frame else None
