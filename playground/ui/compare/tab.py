"""The tab that compares families. It names none of them."""

import json
from typing import Any

import gradio as gr

from playground.data.kinds import ANY
from playground.families import FAMILIES
from playground.lessons.overview import overview
from playground.race import MOST_LANES, Race
from playground.race.race import RULES
from playground.training.checkpoints import opening
from playground.ui import components
from playground.ui.compare.columns import COLUMNS
from playground.ui.compare.handlers import RaceHandlers
from playground.ui.compare.races import Races, described
from playground.ui.links.page_state import COMPARE as SLOT
from playground.ui.schema import controls
from playground.ui.serving.files import FIRST

TITLE = "Compare"
CONTESTANTS = tuple(FAMILIES)[:4]
"""Of the race that the tab opens with."""


def rules() -> components.Knobs:
    """The rules of the race, in the rail."""
    classes = ["of-family", f"of-{SLOT}"]
    known = controls(Race, RULES)
    values = json.dumps({control["name"]: control["default"] for control in known})
    words, options = {"title": "Rules"}, {"controls": known}
    return components.Knobs(values, family=SLOT, options=options, text=words, elem_classes=classes, render=False)


def options() -> dict[str, Any]:
    first = Race(dataset=opening(FIRST).dataset, contestants=CONTESTANTS)
    kinds = {name: {kind: family.Config.defaults(kind) for kind in ANY} for name, family in FAMILIES.items()}
    about = {n: {"title": f.title, "controls": controls(f.Config), "kinds": kinds[n]} for n, f in FAMILIES.items()}
    return {
        "families": about,
        "contestants": described(first)["contestants"],
        "most": MOST_LANES,
        "columns": COLUMNS,
    }


def compare_tab(races: Races, dataset: components.Data, knobs: components.Knobs, streams: Any, quick: Any) -> None:
    """The tab's parts and their events. streams, quick: settings of events that take long, or don't."""
    with gr.Row(elem_classes="table"):
        components.Overview(family=SLOT, options={"families": overview()}, elem_classes="race")
        track = components.Track(family=SLOT, options=options(), elem_classes="race")
    handle, chosen = RaceHandlers(races), [dataset, knobs]
    track.opened(handle.open, chosen, track, **streams)
    track.train(handle.train, chosen, track, **streams)
    track.pause(handle.pause, None, None, **quick)
    track.look(handle.look, chosen, track, **quick)
