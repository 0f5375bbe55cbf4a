"""Calls of every kind that the app answers, with a few places of each changed (benchmarks.mutation)."""

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import numpy as np
from PIL import Image

from benchmarks.mutation import Mutation
from playground import Experiment
from playground.families import FAMILIES
from playground.lessons.lesson import LESSONS, lesson
from playground.lessons.recipes import recipes
from playground.questions import QUESTIONS
from playground.race import Race

SMALL = {"width": 16, "depth": 1, "batch_size": 16}
CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
POINTS = {"points": [[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6]], "labels": [0, 1, 0], "on_canvas": True}
DATA = [
    "two_moons",
    {"name": "two_moons", "settings": {"noise": 0.1}},
    {"name": "digits", "settings": {}},
    {"name": "shapes", "settings": {}},
    POINTS,
]
VIEW = {"layers": ["data", "samples"], "layout": "overlay", "time": 0.5, "noise_draw": 1, "weights": "averaged"}
PLACE = {"x": [0.3, -0.2], "t": 0.5, "path": [[0, 0], [0.1, 0.1], [0.3, 0.2]], "first": [0.1, 0.1]}
MORE = {"n": 5, "seed": 1, "step": 2, "view": VIEW}
RACE = {
    "dataset": "two_moons",
    "contestants": ["flow", {"family": "gan", "name": "Thin", "config": {"width": 16}}],
    "basis": "steps",
    "steps": 3,
    "seconds": 1.0,
    "seeds": 1,
    "seed": 0,
}
STAGE = {"steps": 2, "player": "", "at": None, "run": None, "back": False, "aside": False, "again": False, **VIEW}


@dataclass
class Call:
    """kind: what it is counted as. path: where, with the query; or event: the name of an endpoint, or the form of one
    of the page's events, whose values are the text `sent`."""

    kind: str
    path: str = ""
    sent: bytes | str = b""
    method: str = "POST"
    event: str = ""
    more: str = "null"
    headers: dict[str, str] = field(default_factory=dict)


class Calls:
    def __init__(self, seed: int):
        self.to = Mutation(seed)
        self.dice = self.to.dice
        self.links = [recipe.experiment.to_query() for family in FAMILIES for recipe in recipes(family).values()]
        self.links += [
            Race.model_validate(RACE).to_query(),
            "lesson=gan.3",
            Experiment(dataset=POINTS["points"]).to_query(),
        ]
        self.lessons = [lesson(name).model_dump(mode="json") for name in LESSONS]
        self.points = points()
        self.pictures = pictures()
        self.models = [path.read_bytes() for path in sorted(CHECKPOINTS.glob("*.safetensors"))]

    def __iter__(self) -> Iterator[Call]:
        """Without end: each kind in turn, the ones with more to them more often."""
        kinds = [self.endpoint] * 5 + [self.page_event] * 4 + [self.question] * 2 + [self.link] * 2 + [self.lesson]
        kinds += [self.file] * 2 + [self.upload] * 2 + [self.album, self.model, self.model, self.posted, self.hub]
        kinds += [self.wall, self.odd]
        while True:
            yield self.dice.choice(kinds)()

    def experiment(self) -> dict[str, Any]:
        family = self.dice.choice(list(FAMILIES))
        known = FAMILIES[family].Config.model_fields
        config = {name: value for name, value in SMALL.items() if name in known}
        for name in self.dice.sample(sorted(known), 2):
            config.setdefault(name, known[name].default)
        config = json.loads(json.dumps(config, default=str))
        return {"family": family, "dataset": self.dice.choice(DATA), "steps": 3, "seed": 1, "config": config}

    def asked(self) -> dict[str, Any]:
        name = self.dice.choice(list(QUESTIONS))
        known = {**PLACE, **MORE}
        fields = [field for field in QUESTIONS[name].model_fields if field in known]
        return {"ask": name} | {field: known[field] for field in fields if self.dice.random() < 0.7}

    def slot(self) -> str:
        return self.dice.choice([*FAMILIES, "lane-1", "flow/before"])

    def endpoint(self) -> Call:
        wanted, slot = self.experiment(), self.slot()
        values = {
            "train": [wanted, ""],
            "step": [wanted, 2, "", "lane-1"],
            "fork": [slot, 1, {"learning_rate": 0.01}],
            "reset": [wanted, ""],
            "pause": [slot],
            "edit": [wanted, ""],
            "look": [VIEW, slot],
            "ask": [self.asked(), slot],
            "share": [wanted],
            "dataset": [wanted, 5, 0],
            "race": [RACE | {"dataset": wanted["dataset"]}],
        }
        name = self.dice.choice(list(values))
        return Call("endpoints", event=name, sent=self.to.json(values[name]))

    def page_event(self) -> Call:
        wanted = self.experiment()
        data = wanted["dataset"] if isinstance(wanted["dataset"], dict) else {"name": "two_moons", "settings": {}}
        knobs = wanted["config"] | {"steps": 3, "seed": 1, "kind": "points"}
        rail = [self.to.json(data), self.to.json(knobs)]
        name = self.dice.choice(
            ["train", "step", "pause", "reset", "look", "opened", "turned", "picked", "forked", "greets"]
        )
        told = {
            "forked": {"step": 1, "changes": {"learning_rate": 0.01}, "run": "0-0"},
            "picked": {"recipe": "default"},
        }
        told |= {"greets": {"token": "01234567-89ab-cdef-0123-456789abcdef"}, "opened": STAGE | {"step": 2}}
        text = json.dumps(rail) if self.dice.random() < 0.8 else self.to.json(rail)
        raced = STAGE | {"contestants": json.dumps(RACE["contestants"]), "round": 0, "anew": True}
        return Call(
            "page's events",
            event=f".{name}",
            sent=text,
            more=self.to.json(told.get(name, self.dice.choice([STAGE, raced]))),
        )

    def question(self) -> Call:
        sent = {"visitor": "«visitor»", "slot": self.slot(), "question": self.asked()}
        return Call("questions", "playground/ask", self.to.json(sent))

    def query(self, sound: str) -> str:
        parts = [part.split("=", 1) for part in sound.split("&")]
        for _ in range(self.dice.choice([0, 1, 1, 2])):
            at = self.dice.randrange(len(parts))
            match self.dice.randrange(4):
                case 0:
                    parts[at][-1] = quote_plus(str(self.to.atom())[:20_000], errors="replace")
                case 1:
                    parts[at][-1] = self.to.text(parts[at][-1]).replace("\r\n", "").replace(" ", "+")
                case 2:
                    parts.append(self.dice.choice(self.dice.choice(self.links).split("&")).split("=", 1))
                case _:
                    parts[at] = [
                        self.dice.choice(["step", "view.time", "view.layers", "dataset", "lane.9", "%", "lesson"]),
                        parts[at][-1],
                    ]
        text = "&".join("=".join(part) for part in parts)
        return "".join(c for c in text if c.isascii() and c.isprintable() and c not in ' #"<>')[:30_000]

    def link(self) -> Call:
        path = self.dice.choice(
            ["playground/state", "playground/state", "playground/code.py", "playground/code.ipynb", "", "playground/qr"]
        )
        query = self.query(self.dice.choice(self.links))
        return Call("links", f"{path}?{'link=' if path.endswith('qr') else ''}{query}", method="GET")

    def lesson(self) -> Call:
        text = self.to.json(self.dice.choice(self.lessons), most=5)
        if self.dice.random() < 0.5:
            return Call("lessons", "playground/state", text)
        packing = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
        code = base64.urlsafe_b64encode(packing.compress(text.encode(errors="replace")) + packing.flush()).decode()
        return Call(
            "lessons",
            f"playground/state?lesson={code[:20_000].rstrip('=')}.{self.dice.choice(['1', '0', '99', '-1', ''])}",
            method="GET",
        )

    def file(self) -> Call:
        saved = {"experiment": self.experiment(), "view": VIEW, "step": 2}
        return Call("saved files", "playground/state", self.to.json(self.dice.choice([saved, {"race": RACE}, RACE])))

    def upload(self) -> Call:
        name, content = self.dice.choice(self.points)
        called = quote_plus(name if self.dice.random() < 0.8 else str(self.to.atom())[:300], errors="replace")
        return Call("uploads", f"playground/upload?name={called}", self.to.content(content))

    def album(self) -> Call:
        named, content = self.dice.choice(self.pictures)
        head = self.to.json(named).encode(errors="replace") if self.dice.random() < 0.5 else json.dumps(named).encode()
        side = self.dice.choice(["8", "16", "28", "0", "-1", "²", "9" * 30])
        return Call(
            "uploads", f"playground/pictures?side={quote_plus(side)}&colour=", head + b"\n" + self.to.content(content)
        )

    def model(self) -> Call:
        content = self.dice.choice(self.models)
        size = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + size])
        if self.dice.random() < 0.6:  # what it says of itself
            about = header["__metadata__"]
            about["experiment"] = self.to.json(json.loads(about["experiment"]))
            text = (self.to.json(header) if self.dice.random() < 0.5 else json.dumps(header)).encode(errors="replace")
            content = len(text).to_bytes(8, "little") + text + content[8 + size :]
        else:
            content = self.to.content(content)
        return Call("checkpoints", "playground/model?visitor=«visitor»", content)

    def posted(self) -> Call:
        wanted = self.experiment()
        knobs, data = json.dumps(wanted["config"]), json.dumps(wanted["dataset"])
        path, sent = self.dice.choice(
            [
                ("data", {"dataset": POINTS}),
                ("gallery", {"dataset": wanted["dataset"]}),
                ("code", {"family": wanted["family"], "dataset": data, "knobs": knobs}),
            ]
        )
        return Call("other routes", f"playground/{path}", self.to.json(sent))

    def hub(self) -> Call:
        path, sent = self.dice.choice(
            [
                ("open", {"visitor": "«visitor»", "name": "anna/flow"}),
                ("images", {"name": "anna/cats", "side": 8, "colour": None}),
                ("publish", {"visitor": "«visitor»", "slot": "flow", "name": "anna/flow", "picture": ""}),
            ]
        )
        return Call("hub", f"playground/hub/{path}", self.to.json(sent))

    def wall(self) -> Call:
        place = {"visitor": "«visitor»", "slot": "flow", "opening": True}
        path, sent = self.dice.choice(
            [
                ("open", {}),
                ("join", place | {"code": "ABCDEF", "name": "Anna"}),
                ("here", place | {"ticket": "x" * 32}),
                ("leave", {"ticket": "x" * 32}),
                ("look", {"key": "x" * 32, "known": {"a": "b"}}),
                ("end", {"key": "x" * 32}),
            ]
        )
        return Call("walls", f"playground/wall/{path}", self.to.json(sent))

    def odd(self) -> Call:
        """Requests that are none, to the app's own routes and to Gradio's."""
        word = quote_plus(str(self.to.atom())[:2000], errors="replace")
        gets = [f"playground/0123/{word}", f"playground/{word}", f"assets/{word}", f"gradio_api/file={word}", "health"]
        gets += [
            f"gradio_api/queue/data?session_hash={word}",
            "metrics",
            "wall",
            "playground/overview",
            f"theme.css?v={word}",
        ]
        posts = ["gradio_api/queue/join", "gradio_api/call/share", "gradio_api/call/train", "gradio_api/reset"]
        posts += ["gradio_api/upload", "gradio_api/component_server", "gradio_api/run/share", "gradio_api/cancel"]
        sent = {
            "data": [self.experiment()],
            "fn_index": 0,
            "session_hash": "«visitor»",
            "event_id": "x",
            "event_data": None,
        }
        if self.dice.random() < 0.4:
            return Call("odd requests", self.dice.choice(gets), method="GET")
        kind = self.dice.choice(["application/json", "application/json", "text/plain", "multipart/form-data", "x"])
        return Call("odd requests", self.dice.choice(posts), self.to.json(sent), headers={"content-type": kind})


def points() -> list[tuple[str, bytes]]:
    """Small files of points, and one picture."""
    table = np.random.default_rng(0).normal(size=(40, 2))
    array, picture = io.BytesIO(), io.BytesIO()
    np.save(array, table)
    Image.fromarray((np.indices((16, 16)).sum(0) % 5 * 60).astype(np.uint8)).save(picture, "PNG")
    text = "x,y,class\n" + "".join(f"{x:.4f},{y:.4f},{i % 3}\n" for i, (x, y) in enumerate(table))
    return [
        ("a.csv", text.encode()),
        ("a.tsv", text.replace(",", "\t").encode()),
        ("a.npy", array.getvalue()),
        ("a.png", picture.getvalue()),
    ]


def pictures() -> list[tuple[list[list[Any]], bytes]]:
    """Twenty small pictures as files, and as a zip with folders, as the page sends them."""
    found = []
    for i in range(20):
        content = io.BytesIO()
        Image.fromarray(np.random.default_rng(i).integers(0, 256, (12, 12, 3), dtype=np.uint8)).save(
            content, ["PNG", "GIF", "BMP", "WEBP"][i % 4]
        )
        found.append((f"{'cats' if i % 2 else 'dogs'}/{i}.png", content.getvalue()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in found:
            archive.writestr(name, content)
    several = [[name, len(content)] for name, content in found], b"".join(content for _, content in found)
    return [several, ([["all.zip", len(packed.getvalue())]], packed.getvalue())]
