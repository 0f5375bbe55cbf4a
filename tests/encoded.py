"""What Python writes for JavaScript, and what it means: `python -m tests.encoded` writes tests/js/encoded.json."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from playground.data.canvas import HALF
from playground.data.drawings import Drawing
from playground.data.kinds import kind_of
from playground.experiment import Experiment
from playground.scene import encode
from playground.ui.drawings import Drawings
from playground.ui.links.page_state import PageState, opening_view
from playground.ui.schema import data_sets, family_page

FILE = Path(__file__).parent / "js" / "encoded.json"

CORNERS = np.array([[-4.0, -4.0], [4.0, 4.0], [0.5, -2.25]])
MOVING = np.stack([CORNERS, CORNERS / 2])
FIELD = np.array([[[1.0, 0.0], [0.0, -0.5]], [[-1.0, 0.25], [0.0, 0.0]]])
MAP = np.array([[0.0, 1.0], [2.0, 4.0]])
IMAGES = np.linspace(-1, 1, 12).reshape(2, 3, 2)
COLOURED = np.linspace(-1, 1, 36).reshape(2, 3, 2, 3)
LABELS = np.array([0, 3, 1])
PICTURES = np.arange(20 * 16, dtype=np.uint8).reshape(20, 4, 4)
NAMES = ("a", "Ä ö", "猫", "17")


def pieces() -> dict[str, dict[str, Any]]:
    """A piece of each kind."""
    axes = np.array([[[0.5, 0.0], [0.0, 0.25]]])
    return {
        "points": encode.points(CORNERS, "samples", labels=LABELS),
        "points at two times": encode.points(MOVING, "samples", times=(0, 1), size=2),
        "paths": encode.paths(MOVING, "ink", times=(0, 0.5), backwards=True),
        "arrows": encode.arrows(FIELD, "ink"),
        "heat": encode.heat(MAP, middle=1.0, bar=encode.bar("D(x)", 0.0, 4.0, ("fake", "real"))),
        "rays": encode.rays(CORNERS, CORNERS / 2, "ink"),
        "rays that fade": encode.rays(
            CORNERS[:2], CORNERS[1:], "data", heads=False, opacity=np.array([0.2, 1.0]), size=2, ends=1
        ),
        "ellipses": encode.ellipses(np.array([[1.0, -1.0]]), axes, "data", labels=np.array([2])),
        "mesh": encode.mesh(MOVING[:, :2], np.array([[0.5]]), "ink"),
        "marks": encode.marks(CORNERS, ["a", "b", "c"], "bad"),
        "tiles": encode.tiles(IMAGES, CORNERS[:2], side=1.0),
        "tiles in colour": encode.tiles(COLOURED, CORNERS[:2], side=1.0, colour="data"),
        "tiles in colour at two times": encode.tiles(COLOURED[:, None], CORNERS[:1], side=1.0, times=(0, 1)),
    }


def drawings() -> list[dict[str, Any]]:
    """Drawings as text for a link, as points and as labels."""
    anywhere = np.random.default_rng(1).uniform(-HALF, HALF, (40, 2))
    many = np.random.default_rng(0).integers(0, 4096, (1100, 2)) / 512 - HALF
    exact = np.random.default_rng(2).normal(10, 50, (40, 2))
    drawn = [
        Drawing(points=CORNERS),
        Drawing(points=anywhere),
        Drawing(points=CORNERS, labels=LABELS),
        Drawing(points=many, labels=np.repeat([1, 2], [1050, 50])),  # more than one run can tell
        Drawing(points=exact, on_canvas=False),
        Drawing(points=exact[:3], labels=LABELS, on_canvas=False),
        Drawing(points=many, labels=np.repeat([4, 0, 9, 2], [256, 257, 1, 586])),  # more classes than can be drawn
        Drawing(points=exact[:3], labels=LABELS, on_canvas=False, origin=(5e5 + 1 / 3, -2), names=NAMES),
        Drawing(points=exact, labels=np.arange(40) % 10, on_canvas=False, origin=(0, 1e-9)),
    ]
    labels = [None if d.labels is None else d.labels.tolist() for d in drawn]
    return [
        {"text": d.encode(), "points": d.points.tolist(), "labels": of, "onCanvas": d.on_canvas}
        | {"origin": list(d.origin), "names": d.names}
        for d, of in zip(drawn, labels, strict=True)
    ]


def links() -> list[dict[str, Any]]:
    """States of the page as Python gives them, the defaults that the page knows, and the link of each."""
    digits = Experiment(family="vae", dataset="digits", steps=77, seed=5, config={"beta": 0.5})
    drawn = Drawing(points=CORNERS, labels=LABELS)
    moons = Experiment(dataset={"name": "two_moons", "settings": {"noise": 0.2}}, config={"solver": "rk4"})
    states = [
        PageState(experiment=Experiment(dataset="ring")),
        PageState(experiment=moons, step=0),
        PageState(experiment=digits, view={"layout": "codes", "noise_draw": 3}, step=52),
        PageState(experiment=Experiment(family="gan", dataset=drawn), view={"layers": [], "weights": "current"}),
        PageState(experiment=Experiment(family="diffusion", dataset=CORNERS * 100), view={"time": 0.25}),
        PageState(experiment=Experiment(family="diffusion", dataset=CORNERS / 100 + 1e5, labels=[9, 0, 4])),
        PageState(experiment=Experiment(dataset={"name": "shapes", "settings": {"count": 2, "angle": False}})),
        PageState(experiment=Experiment(family="vae", dataset=PICTURES, config={"beta": 0.5}), step=7),
    ]
    return [
        {"state": state.on_page(Drawings()), "defaults": defaults(state), "query": query(state)} for state in states
    ]


def defaults(state: PageState) -> dict[str, Any]:
    """What the page's parts know of a state's defaults."""
    wanted = state.experiment
    page, kind = family_page(wanted.family), kind_of(wanted.dataset.shape)
    own = {control["name"]: control["default"] for control in page["controls"]}
    sets = data_sets().get(getattr(wanted.dataset, "name", ""), {"controls": []})
    return {
        "knobs": own | page["kinds"][kind] | {"kind": kind},
        "settings": {control["name"]: control["default"] for control in sets["controls"]},
        "view": opening_view(wanted).model_dump(mode="json"),
    }


def query(state: PageState) -> str:
    """A state's link, written by Python."""
    step = "" if state.step is None else f"step={state.step}"
    view = state.view.to_query(opening_view(state.experiment))
    return "&".join(filter(None, [state.experiment.to_query(), view, step]))


def meaning(piece: dict[str, Any]) -> dict[str, list[float]]:
    """The numbers of a piece's strings."""
    types = {"uv": np.int8, "values": np.uint8, "opacity": np.uint8, "labels": np.uint8}
    found = {}
    for name in ("xy", "to", "first", "second", *types):
        if name in piece:
            raw = np.frombuffer(base64.b64decode(piece[name]), types.get(name, np.dtype("<u2")))
            found[name] = (raw if name in types else raw / 65535 * 2 * HALF - HALF).tolist()
    return found


def text() -> str:
    known = {name: {"piece": piece, "meaning": meaning(piece)} for name, piece in pieces().items()}
    found = {"pieces": known, "drawings": drawings(), "links": links()}
    return json.dumps(found, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
