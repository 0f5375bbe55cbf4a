"""What Python writes for JavaScript, and what it means: `python -m tests.encoded` writes tests/js/encoded.json."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from playground.data.canvas import HALF
from playground.data.drawings import Drawing
from playground.scene import encode

FILE = Path(__file__).parent / "js" / "encoded.json"

CORNERS = np.array([[-4.0, -4.0], [4.0, 4.0], [0.5, -2.25]])
MOVING = np.stack([CORNERS, CORNERS / 2])
FIELD = np.array([[[1.0, 0.0], [0.0, -0.5]], [[-1.0, 0.25], [0.0, 0.0]]])
MAP = np.array([[0.0, 1.0], [2.0, 4.0]])
IMAGES = np.linspace(-1, 1, 12).reshape(2, 3, 2)
LABELS = np.array([0, 3, 1])


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
        "ellipses": encode.ellipses(np.array([[1.0, -1.0]]), axes, "data", labels=np.array([2])),
        "mesh": encode.mesh(MOVING[:, :2], np.array([[0.5]]), "ink"),
        "marks": encode.marks(CORNERS, ["a", "b", "c"], "bad"),
        "tiles": encode.tiles(IMAGES, CORNERS[:2], side=1.0),
    }


def drawings() -> list[dict[str, Any]]:
    """Drawings as text for a link, as points and as labels."""
    anywhere = np.random.default_rng(1).uniform(-HALF, HALF, (40, 2))
    many = np.random.default_rng(0).integers(0, 4096, (1100, 2)) / 512 - HALF
    drawn = [
        Drawing(points=CORNERS),
        Drawing(points=anywhere),
        Drawing(points=CORNERS, labels=LABELS),
        Drawing(points=many, labels=np.repeat([1, 2], [1050, 50])),  # more than one run can tell
    ]
    labels = [None if d.labels is None else d.labels.tolist() for d in drawn]
    return [
        {"text": d.encode(), "points": d.points.tolist(), "labels": of} for d, of in zip(drawn, labels, strict=True)
    ]


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
    return json.dumps({"pieces": known, "drawings": drawings()}, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
