"""The browser components: gr.HTML subclasses whose markup and behaviour are in static/, at the path of their part.

A component's script is a module that is loaded once for the page; it is handed what Gradio gives (`element`, `props`,
`trigger`, `watch`) and the component's options. What it triggers is an event of the class, by the same name.
"""

import json
from pathlib import Path
from typing import Any

import gradio as gr

STATIC = Path(__file__).parent / "static"
ASSETS = "playground"
"""Where the page finds static/, relative to itself."""


def script(part: str, options: dict[str, Any]) -> str:
    """JavaScript that hands a component to its part's module; none for a part that only shows its markup."""
    if not (STATIC / f"{part}.js").exists():
        return ""
    return f"""const home = new URL("{ASSETS}/", document.baseURI).href;
const options = {json.dumps(options)};
import(home + "{part}.js").then((module) => module.mount({{ element, props, trigger, watch, options, home }}));"""


class Component(gr.HTML):
    """A component whose value is a string of JSON: what comes from a browser is a string, or it is nothing.

    slot: whose part this is, by default the family's tab: parts of a slot speak to each other in the browser, and its
    name begins their ids. options: plain data for the script. text: what the markup's placeholders stand for; never a
    visitor's words, since Gradio evaluates them. more: what Gradio adds when it makes a component anew for one visitor.
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
        # gr.HTML takes every quoted word of its JavaScript for an event; here EVENTS says what is one.
        raise AttributeError(name)


class Stage(Component):
    """The live picture with its transport bar. value: the newest frame (see `playground.engine.camera`)."""

    EVENTS = ["train", "pause", "step", "reset", "look", "opened", "shared"]
    part = "stage/stage"


class Readouts(Component):
    """Numbers beside their floors, and what is under the pointer. Fed by the Stage of its family, in the browser."""

    part = "panels/readouts"


class Chart(Component):
    """Plotly figures, built in Python without their data, which the browser takes from the frames of the Stage."""

    part = "panels/charts/chart"


class Knobs(Component):
    """Controls made from config fields. value: {name: value}."""

    EVENTS = ["turned"]
    part = "panels/knobs/knobs"


class Recipes(Component):
    """Experiments worth seeing, each one click away."""

    EVENTS = ["picked"]
    part = "panels/recipes"


class Alert(Component):
    """What went wrong in a training, and what may help. Fed by the Stage of its family, in the browser."""

    EVENTS = ["forked"]
    part = "panels/alert"


class Data(Component):
    """The data rail: thumbnails, the settings of the chosen set, and the way to the drawing pad.

    value: a data set, {"name", "settings"} or {"points", "labels", "in_square"}; a drawing that the server knows comes
    with its "hash", and the page answers with nothing but {"hash"}.
    """

    EVENTS = ["chosen"]
    part = "panels/data/data"


class Header(Component):
    """Title, share, theme."""

    part = "panels/header"


class About(Component):
    """What is being seen, in three sentences, and the equation to keep in mind."""

    part = "panels/about"


class Answer(Component):
    """Carries what the server says to the other parts in the browser, where it is kept. value: JSON text."""

    part = "page/server-value"
