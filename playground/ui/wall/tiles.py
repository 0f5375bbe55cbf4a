"""What a wall shows of a run: the newest frame that is there anyway, thinned. Trainers are asked once for the data."""

import asyncio
import base64
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playground.data import Drawing, NamedSet
from playground.engine import Gone, Handle
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.race.race import MOST_LANES
from playground.training import checkpoints
from playground.ui.compare.races import slot_of
from playground.ui.opening import opening_frame
from playground.ui.runs import Runs
from playground.ui.serving.files import FIRST
from playground.ui.wall.walls import Member, Wall
from playground.views.common.judgement import SCALARS

TRIES = 3
"""How often a run is asked for its data: a busy trainer may not answer at once."""

MOST_FACTS = 4
"""Most runs of a member whose data are kept, since a visitor goes from tab to tab and back."""

CHANGING = ("xy", "values")
"""What a layer of points, or of images, has at each of its times."""


@dataclass
class Facts:
    """What doesn't change while a run trains. data: the layer, or None until it is known. band: the deciding distance
    of a perfect model, [mean, low, high]."""

    data: dict[str, Any] | None = None
    band: list[float] | None = None
    tries: int = 0
    asking: bool = False


@dataclass
class Shot:
    """The newest frame of a member's run, as it is sent. of: the run's name and the number of its frames."""

    of: tuple[str, int] = ("", 0)
    told: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, Any] | None = None
    facts: dict[str, Facts] = field(default_factory=dict)


class Tiles:
    """The tiles of all walls."""

    def __init__(self, runs: Runs):
        self._runs = runs
        self._shots: dict[str, Shot] = {}
        self._asking: set[asyncio.Task[None]] = set()

    def of(self, wall: Wall, known: dict[str, str]) -> list[dict[str, Any]]:
        """The tiles of all members: {"id", "name", "version", "title", "dataset", "step", "steps", "state", "distance",
        "band"}, with "samples" and "data" where they changed. known: the versions that the page has, by id."""
        return [self._tile(member, known.get(member.id, "")) for member in wall.members.values()]

    def forget(self, ids: set[str]) -> None:
        """Keep only what is known of these members."""
        self._shots = {id: shot for id, shot in self._shots.items() if id in ids}

    def _tile(self, member: Member, known: str) -> dict[str, Any]:
        shot = self._shots.setdefault(member.id, Shot())
        handle = self._run(member)
        if handle is not None and handle.sent:
            self._renew(shot, handle)
            facts = self._facts(shot, handle)
        elif handle is None and member.opening and member.slot == FIRST:
            facts = self._opens(shot)
        else:
            return {"id": member.id, "name": member.name, "version": ""}
        run, data, version = shot.of[0], int(facts.data is not None), f"{shot.of[0]}/{shot.of[1]}"
        tile = {"id": member.id, "name": member.name, "version": f"{version}/{data}", "run": run, **shot.told}
        tile["band"] = facts.band
        if not known.startswith(f"{version}/") and shot.samples is not None:
            tile["samples"] = shot.samples
        if facts.data is not None and not (known.startswith(f"{run}/") and known.endswith("/1")):
            tile["data"] = facts.data
        return tile

    def _run(self, member: Member) -> Handle | None:
        """The run in the tab that the member has open: of a race, that of the first lane."""
        slots = [member.slot] if member.slot in FAMILIES else map(slot_of, range(MOST_LANES))
        found = (self._runs.of(member.visitor, slot) for slot in slots)
        return next((handle for handle in found if handle is not None), None)

    def _renew(self, shot: Shot, handle: Handle) -> None:
        if shot.of == (handle.name, handle.sent):
            return
        frame, scalars = json.loads(handle.frame), handle.scalars
        if handle.name != shot.of[0]:
            shot.samples = None
        shot.of = (handle.name, handle.sent)
        if "layers" in frame:  # a notice has no picture; the one before stays
            shot.samples = last_time(frame["layers"].get("samples"))
        kind = frame.get("kind", shot.told.get("kind", "points"))
        shot.told = {
            "title": FAMILIES[handle.experiment.family].title,
            "dataset": dataset_title(handle.experiment),
            "kind": kind,
            "step": handle.step_count,
            "steps": frame.get("steps", handle.experiment.total_steps),
            "state": handle.state,
            "distance": scalars.get(SCALARS[kind]),
        }

    def _facts(self, shot: Shot, handle: Handle) -> Facts:
        facts = shot.facts.setdefault(handle.name, Facts())
        for run in list(shot.facts)[:-MOST_FACTS]:
            if run != handle.name:
                del shot.facts[run]
        if facts.data is None and not facts.asking and facts.tries < TRIES:
            facts.asking, facts.tries = True, facts.tries + 1
            task = asyncio.create_task(ask(handle, facts))
            self._asking.add(task)  # the loop holds tasks weakly
            task.add_done_callback(self._asking.discard)
        return facts

    def _opens(self, shot: Shot) -> Facts:
        """The picture that every visitor finds: no run has made it."""
        name = f"opening-{FIRST}"
        if shot.of[0] != name and (text := opening_frame(FIRST)) is not None:
            frame = json.loads(text)
            kind = frame["kind"]
            shot.of, shot.samples = (name, 1), last_time(frame["layers"].get("samples"))
            shot.facts[name] = Facts(frame["constants"]["layers"].get("data"), band(frame["floors"], kind))
            told = {name: frame[name] for name in ("kind", "step", "steps", "state")}
            distance = frame["scalars"].get(SCALARS[kind])
            dataset = dataset_title(checkpoints.opening(FIRST))
            shot.told = {"title": FAMILIES[FIRST].title, "dataset": dataset, "distance": distance, **told}
        return shot.facts.get(name, Facts())


async def ask(handle: Handle, facts: Facts) -> None:
    """Ask a run for its data, and what a perfect model scores: its own page has asked the same, so both are there."""
    with suppress(Gone, ValueError):
        floors = await handle.ask_soon({"ask": "floors"})
        kind = "images" if len(handle.experiment.dataset.shape) > 1 else "points"
        facts.band = band(floors["floors"], kind)
        facts.data = (await handle.ask_soon({"ask": "constants"}))["layers"].get("data")
    facts.asking = False


def band(floors: dict[str, float], kind: str) -> list[float] | None:
    """[mean, low, high] of the deciding distance of a perfect model, if it is known."""
    name = SCALARS["images" if kind == "images" else "points"]
    found = [floors.get(name + end) for end in ("", "_low", "_high")]
    return [value for value in found if value is not None] if None not in found else None


def last_time(layer: Any) -> dict[str, Any] | None:
    """A layer without its times but the last, of which a page at rest has many: some 8 kB instead of 100."""
    if not isinstance(layer, dict) or not layer.get("times"):
        return layer if isinstance(layer, dict) else None
    count = len(layer["times"])
    changing = CHANGING[:1] if layer["type"] == "points" else CHANGING[1:]
    thin = dict(layer, times=layer["times"][-1:])
    for name in changing:
        whole = base64.b64decode(layer[name])
        thin[name] = base64.b64encode(whole[len(whole) // count * (count - 1) :]).decode("ascii")
    return thin


def dataset_title(experiment: Experiment) -> str:
    dataset = experiment.dataset
    if isinstance(dataset, NamedSet):
        return dataset.name.replace("_", " ")
    return "a drawing" if isinstance(dataset, Drawing) else "own pictures"
