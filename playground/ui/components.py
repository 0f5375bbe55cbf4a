"""The browser components: gr.HTML subclasses. Their markup and behaviour are in static/, at the path of their part.

A component's script is a module that is loaded once per page. It receives Gradio's `element`, `props`, `trigger` and
`watch`, and the component's options. It triggers events of the class, by the same names.
"""

import json
from typing import Any

import gradio as gr

from playground.ui.serving.files import STATIC, files


def script(part: str, options: dict[str, Any]) -> str:
    """JavaScript that passes a component to its part's module, with the page's data and the address of its files (see
    `playground.ui.serving.files`). Empty for a part that is only markup."""
    if not (STATIC / f"{part}.js").exists():
        return ""
    return f"""const home = new URL("{files().address}/", document.baseURI).href;
const options = {json.dumps(options)};
import(home + "page.js").then(({{ modules, data }}) =>
  modules["{part}.js"].mount({{ element, props, trigger, watch, options, data, home }}));"""


class Component(gr.HTML):
    """A component whose value is JSON text. Any other value from a browser is ignored.

    slot: the slot that this part belongs to, by default that of the family's tab. Parts of a slot communicate in the
    browser, and its name is the prefix of their ids. options: plain data for the script. text: the values of the
    markup's placeholders, never a visitor's text, since Gradio evaluates them. more: arguments that Gradio adds when it
    recreates a component for one visitor.
    """

    EVENTS: list[Any] = []
    part = ""

    def __init__(
        self,
        value: str | None = None,
        *,
        family: str = "",
        slot: str = "",
        options: dict[str, Any] | None = None,
        text: dict[str, Any] | None = None,
        **more: Any,
    ):
        slot = slot or family
        given = {"slot": slot, "family": family, **(options or {})}
        super().__init__(
            value,
            html_template=(STATIC / f"{self.part}.html").read_text(),
            js_on_load=script(self.part, given),
            apply_default_css=False,
            family=family,
            slot=slot,
            **(text or {}),
            **more,
        )

    def preprocess(self, payload: Any) -> str | None:
        return payload if isinstance(payload, str) else None

    def postprocess(self, value: str | None) -> str | None:
        return value

    def get_block_name(self) -> str:
        return "html"

    def __getattr__(self, name: str) -> Any:
        # gr.HTML treats every quoted word of its JavaScript as an event. Here only those in EVENTS are.
        raise AttributeError(name)


class Stage(Component):
    """The live picture with its transport bar. value: the newest frame (see `playground.engine.hosting.camera`)."""

    EVENTS = ["train", "pause", "step", "reset", "look", "opened"]
    part = "stage/stage"


class Cards(Component):
    """A card for each quantity: its number, its floor and its line. Fed by the Stage of its family, in the browser."""

    part = "panels/cards/cards"


class Analyses(Component):
    """Figures that are measured on demand."""

    part = "panels/analyses/analyses"


class Knobs(Component):
    """Controls made from config fields. value: {name: value}."""

    EVENTS = ["turned"]
    part = "panels/knobs/knobs"


class Lesson(Component):
    """The strip of a lesson, in the browser alone; hidden until one begins."""

    part = "lessons/strip"


class Recipes(Component):
    """Recommended experiments, each started by one click."""

    EVENTS = ["picked"]
    part = "panels/recipes"


class Alert(Component):
    """An alert about a training, and its remedies. Fed by the Stage of its family, in the browser."""

    EVENTS = ["forked"]
    part = "panels/alert"


class Data(Component):
    """The data rail: thumbnails, the settings of the chosen set, and the button that opens the drawing pad.

    value: a data set, {"name", "settings"} or {"points", "labels", "on_canvas", "origin", "names"}. A drawing that the
    server knows comes with its "hash", and the page then sends only {"hash"}.
    """

    part = "panels/data/data"


class Header(Component):
    """Title, share, theme."""

    part = "panels/header/header"


class About(Component):
    """The explanation of a family in some sentences, and its equation, which unfolds the meanings of its symbols."""

    part = "panels/about"


class Arrival(Component):
    """Says who the visitor is, and is told by what name the visitor's runs are known. value: {"visitor": name}."""

    EVENTS = ["greets"]
    part = "links/arrival"


class Overview(Component):
    """The families side by side, each as boxes and arrows, with what is good and bad about it."""

    part = "compare/overview/overview"


class Track(Component):
    """The lanes of a race, side by side, with one transport bar, and its table. value: a message of
    `playground.ui.compare.handlers.RaceHandlers`."""

    EVENTS = ["opened", "train", "pause", "look"]
    part = "compare/track"
