"""The page's contents as plain data: data sets, controls, layers and charts.

It keeps torch and Plotly out of the other modules of the page.
"""

import json
from functools import cache
from typing import Any, get_args, get_origin

import numpy as np
from pydantic.fields import FieldInfo

from playground.config import Config, marks
from playground.data import DATASETS, AnyData, NamedSet, settings_model
from playground.data.canvas import HALF
from playground.data.kinds import ANY, kind_of
from playground.experiment import BUDGET, Experiment
from playground.families import FAMILIES, Family, players
from playground.families.capabilities import Trajectory, can
from playground.lessons.diagram import diagram
from playground.lessons.equations import equation_html, symbols_html
from playground.lessons.recipes import recipes
from playground.questions import gestures
from playground.scene import encode
from playground.views import SlowLayer, View, charts, figures, layers, layouts, monitors, notes
from playground.views.common.images import tile_places

Controls = list[dict[str, Any]]
Layers = dict[str, dict[str, Any]]
Charts = dict[str, dict[str, Any]]

THUMBNAIL = 300
"""Points in a thumbnail."""

FOUR = 2
"""Images along each side of a thumbnail."""


def family_page(family: str) -> dict[str, Any]:
    """Title, explanation, controls, layers and charts of a family."""
    model = FAMILIES[family]
    return {
        "title": model.title,
        "about": {kind: model.about_images if kind == "images" and model.about_images else model.about for kind in ANY},
        "equation": equation_html(model.equation, model.symbols),
        "symbols": symbols_html(model.symbols),
        "timed": can(model, Trajectory),
        "diagram": diagram(model),
        "players": players(family),
        "prolonged": prolonged(model),
        "layouts": {
            n: {
                "title": v.title,
                "help": v.help,
                "panels": v.panels,
                "data": v.data,
                "moving": v.moving,
                "hint": v.hint,
                "backwards": v.backwards,
                "kinds": v.kinds,
            }
            for n, v in layouts(model).items()
        },
        "gestures": gestures(model),
        "recipes": {n: {"title": r.title, "help": r.help} for n, r in recipes(family).items()},
        "controls": controls(model.Config) + controls(Experiment, BUDGET),
        "kinds": {kind: model.Config.defaults(kind) for kind in ANY},
        "layers": {
            n: {
                **described(v, model),
                "colour": v.colour,
                "defaultOn": v.default_on,
                "slow": isinstance(v, SlowLayer),
                "layouts": v.layouts,
            }
            for n, v in layers(model).items()
        },
        "charts": {
            n: {
                **described(v, model),
                "unit": v.unit,
                "beside": v.beside,
                "inside": v.inside,
                "figure": json.loads(v.draw().to_json()),
            }
            for n, v in charts(model).items()
        },
        "notes": {n: described(v, model) for n, v in notes(model).items()},
        "watches": {n: described(v, model) for n, v in monitors(model).items()},
        "figures": {n: {**described(v, model), "auto": v.auto, "atTime": v.at_time} for n, v in figures(model).items()},
    }


def prolonged(model: type[Family]) -> dict[str, Any] | None:
    """The setting that adds a round to a training that is over, how large it may be, and its button's title and help;
    None if the family has no such setting."""
    if model.prolonged_by is None:
        return None
    name, title = model.prolonged_by
    knob = control(name, model.Config.model_fields[name])
    return {"setting": name, "most": knob["high"], "title": title, "help": knob["help"]}


def described(view: View, model: type[Family]) -> dict[str, Any]:
    """A view's title, its help for each kind of data, and the kinds."""
    return {"title": view.title, "help": {k: view.explain(model, k) for k in view.kinds}, "kinds": view.kinds}


def controls(model: type[Config], names: tuple[str, ...] = ()) -> Controls:
    """A control for each field of a Config: its name, title, help, widget, default, range and marks (see `control`)."""
    return [control(name, info) for name, info in model.model_fields.items() if not names or name in names]


def control(name: str, info: FieldInfo) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "title": info.title or name,
        "help": info.description or "",
        "default": info.default,
        **marks(info),
    }
    bounds = {
        kind: value
        for part in info.metadata
        for kind in ("ge", "le", "multiple_of")
        if (value := getattr(part, kind, None)) is not None
    }
    if "widget" in found:
        return found
    if get_origin(info.annotation) is not None and get_args(info.annotation):
        return found | {"widget": "choice", "options": list(get_args(info.annotation))}
    if info.annotation is bool:
        return found | {"widget": "switch"}
    whole = info.annotation is int
    return found | {
        "widget": "number",
        "low": bounds.get("ge"),
        "high": bounds.get("le"),
        "whole": whole,
        "step": bounds.get("multiple_of", 1 if whole else None),
    }


@cache
def data_sets() -> dict[str, Any]:
    """For each set: its title, its help, the kind of its data, its classes' number and names, the controls of its
    settings, and a thumbnail (see `thumbnail`)."""
    return {
        name: {
            "title": NamedSet(name=name).title,
            "help": "",
            "kind": kind_of(NamedSet(name=name).shape),
            "classes": NamedSet(name=name).distribution.classes,
            "names": NamedSet(name=name).distribution.class_names,
            "controls": controls(settings_model(name)),
            **thumbnail(NamedSet(name=name)),
        }
        for name in DATASETS
    }


def thumbnail(chosen: AnyData) -> dict[str, Any]:
    """Points as "thumbnail", (n, 2) in 0 … 255, flattened; or some images as "tiles" (see `encode.tiles`)."""
    rng = np.random.default_rng(0)
    if kind_of(chosen.shape) == "images":
        images, _ = chosen.distribution.sample(FOUR**2, rng)
        xy, side = tile_places(FOUR, FOUR)
        return {"tiles": encode.tiles(images.reshape(-1, *chosen.shape), xy, side, "data")}
    points, _ = chosen.distribution.sample(THUMBNAIL, rng)
    small = np.clip((chosen.normalizer.to_canvas(points) + HALF) / (2 * HALF), 0, 1) * 255
    return {"thumbnail": small.round().astype(int).ravel().tolist()}
