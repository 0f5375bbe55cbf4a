"""The first frame of a tab: the shipped model of its family, measured once for all visitors."""

import json
from functools import cache

from playground.data.kinds import kind_of
from playground.engine import InlineEngine
from playground.families import FAMILIES
from playground.training import checkpoints
from playground.views import default_view

PATIENCE = 300.0
"""Seconds for each part of it, which take one or two on an idle machine. On a busy one, the app starts later."""

INVITATION = "This model has learned nothing yet. Press Train, and watch it learn."


@cache
def opening_frame(family: str) -> str | None:
    """The first frame of a tab, with the constants and floors that the page would otherwise ask for. It is of the
    family's shipped model or, if none ships, of an untrained one, with an invitation to train it. None if the model
    can't be read."""
    name, experiment = checkpoints.shipped(family), checkpoints.opening(family)
    view = default_view(FAMILIES[family], kind_of(experiment.dataset.shape))
    engine = InlineEngine()
    handle = engine.start(experiment, look=view, steps=None if name else 0, checkpoint=name)
    handle.wait(0, PATIENCE)
    frame = json.loads(handle.frame)
    if "kind" in frame:  # otherwise the page opens without a picture, and the log says why
        frame["run"] = f"opening-{family}"  # the same at every start, so that browsers keep the file that it is in
        constants, floors = (handle.ask({"ask": what}, PATIENCE) for what in ("constants", "floors"))
        frame |= {"constants": constants, "floors": floors["floors"]}
        frame |= {} if name else {"message": INVITATION}
    engine.close()
    return json.dumps(frame, separators=(",", ":")) if "kind" in frame else None
