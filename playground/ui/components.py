"""The browser components: gr.HTML subclasses whose markup is here and whose behaviour is in static/.

Each loads its module from /playground and hands it what Gradio gives: `element`, `props`, `trigger`, `watch`. What a
module triggers is an event of the class, by the same name. `**more` is what Gradio adds when it makes a component anew
for one visitor.
"""

import html
import json
from typing import Any, ClassVar

import gradio as gr

from playground.ui.describe import Charts, Controls, Layers

ASSETS = "playground"
"""Where the page finds static/, relative to itself."""


def script(module: str, **options: Any) -> str:
    """JavaScript that mounts static/{module}.js on a component."""
    return (
        f"const options = {json.dumps(options)};"
        f"const home = new URL('{ASSETS}/', document.baseURI).href;"
        f"import(home + '{module}.js').then(m => m.mount({{ element, props, trigger, watch, options, home }}));"
    )


PLAIN = {"apply_default_css": False}


class Component(gr.HTML):
    """A component whose value is a string of JSON: what comes from a browser is a string or nothing."""

    EVENTS: ClassVar = []

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
    """The live picture with its transport bar. value: the newest frame (see `playground.views.frame`)."""

    EVENTS: ClassVar = ["train", "pause", "step", "reset", "look", "ask"]

    def __init__(self, family: str, layers: Layers, timed: bool, value: str | None = None, **more: Any):
        f = html.escape(family)
        chips = "".join(
            f'<button class="chip" data-layer="{name}" aria-pressed="{str(layer["shown"]).lower()}" title="{html.escape(layer["help"])}">'
            f'<i style="--dot: var(--{layer["colour"]})"></i>{html.escape(layer["title"])}</button>'
            for name, layer in layers.items()
        )
        layouts = (
            '<span class="layouts" role="group" aria-label="Layout">'
            '<button class="chip" data-layout="place" aria-pressed="true">In place</button>'
            '<button class="chip" data-layout="journey" aria-pressed="false">Journey</button></span>'
        )
        clock = (
            f'<div class="clock"><button class="icon play" aria-label="Play from noise to data">▶</button><span>noise</span>'
            f'<input type="range" id="{f}-time" min="0" max="1" step="any" value="1" aria-label="Time from noise to data">'
            f"<span>data</span><output>t = 1.00</output></div>"
        )
        template = f"""
<section class="card stage" id="{f}-stage" data-step="0" data-frames="0" data-state="idle" aria-label="{f} stage">
  <div class="bar top"><span class="layers" role="group" aria-label="Layers">{chips}</span>{layouts if timed else ""}</div>
  <div class="plot" tabindex="0" role="img" aria-label="The live picture"><canvas></canvas><div class="says" role="status" hidden></div></div>
  {clock if timed else ""}
  <div class="bar transport">
    <span class="buttons">
      <button class="go" id="{f}-train" title="Train (space)">Train</button>
      <button class="go" id="{f}-pause" title="Pause (space)" hidden>Pause</button>
      <span class="joined"><button id="{f}-step" title="Train for some steps (→)">Step</button>
        <select id="{f}-step-size" aria-label="Steps at a time"><option>1</option><option selected>10</option><option>100</option></select></span>
      <button id="{f}-reset" title="Begin again (R)">Reset</button>
    </span>
    <span class="scrub"><canvas aria-hidden="true"></canvas>
      <input type="range" id="{f}-scrubber" min="0" max="0" step="1" value="0" aria-label="Rewind the training"></span>
    <output class="count">step 0</output>
  </div>
</section>"""
        super().__init__(
            value,
            html_template=template,
            js_on_load=script("stage", family=family),
            **PLAIN | more,
            elem_id=f"{family}-stage-block",
        )


class Readouts(Component):
    """Numbers beside their floors, and what is under the pointer. Fed by the Stage of the same family, in the browser."""

    def __init__(self, family: str, charts: Charts, **more: Any):
        meters = "".join(
            f'<div class="card readout" data-scalar="{name}"><h2>{html.escape(chart["title"])}</h2><div class="big">–</div><div class="floor">&nbsp;</div>'
            f'<div class="meter"><i></i><u></u></div><p class="sub"></p></div>'
            for name, chart in charts.items()
            if chart["readout"]
        )
        super().__init__(
            html_template=f"""
<div class="readouts" id="{family}-readouts">{meters}
  <div class="card"><h2>Under the pointer</h2><p class="sub pointer">Point into the picture: where a place comes from, and where it goes.</p></div>
</div>""",
            js_on_load=script(
                "readouts",
                family=family,
                charts={name: {k: chart[k] for k in ("title", "help")} for name, chart in charts.items()},
            ),
            **PLAIN | more,
        )


class Chart(Component):
    """Plotly figures, built in Python without their data. The browser fills them from the frames of the Stage."""

    def __init__(self, family: str, charts: Charts, **more: Any):
        boxes = "".join(
            f'<div class="card chart" data-chart="{name}" title="{html.escape(chart["help"])}"><h2>{html.escape(chart["title"])}</h2><div class="figure"></div></div>'
            for name, chart in charts.items()
        )
        super().__init__(
            html_template=f'<div id="{family}-charts">{boxes}</div>',
            js_on_load=script(
                "chart", family=family, figures={name: chart["figure"] for name, chart in charts.items()}
            ),
            **PLAIN | more,
        )


class Knobs(Component):
    """Controls made from config fields. value: JSON of {name: value}."""

    EVENTS: ClassVar = ["turned"]

    def __init__(self, family: str, controls: Controls, title: str, value: str | None = None, **more: Any):
        super().__init__(
            value,
            html_template=f'<section class="card knobs" id="{family}-knobs"><h2>{html.escape(title)}</h2></section>',
            js_on_load=script("knobs", family=family, controls=controls),
            **PLAIN | more,
            elem_classes=["of-family", f"of-{family}"],
        )


class Data(Component):
    """The data rail: thumbnails, the settings of the chosen set, and the way to the drawing pad.

    value: JSON of a data set, {"name", "settings"} or {"points", "labels", "in_square"}.
    """

    EVENTS: ClassVar = ["chosen"]

    def __init__(self, sets: dict[str, Any], value: str | None = None, **more: Any):
        super().__init__(
            value,
            html_template='<section class="card data" id="dataset"><h2>Data</h2><div class="thumbs" role="radiogroup" aria-label="Data set"></div><div class="settings"></div></section>',
            js_on_load=script("data", sets=sets),
            **PLAIN | more,
        )


class Header(Component):
    """Title, share, theme. value: the link's query string, which the browser shows in its address bar."""

    def __init__(self, **more: Any):
        super().__init__(
            html_template="""
<header><div class="logo"><i></i>Generative Playground</div>
  <span class="actions"><button id="share">Share</button><button id="theme" class="icon" aria-label="Light or dark">◐</button></span></header>""",
            js_on_load=script("header"),
            **PLAIN | more,
            elem_id="header",
        )


class About(Component):
    """What is being seen, in three sentences, and the equation to keep in mind."""

    def __init__(self, text: str, equation: str, **more: Any):
        super().__init__(
            html_template=f'<section class="card about"><div><h2>What you see</h2><p>{text}</p></div><div class="equation">{equation}</div></section>',
            js_on_load="",
            **PLAIN | more,
        )


class Answer(Component):
    """Carries answers to the parts of a family in the browser, so that they never push a frame aside. value: JSON."""

    def __init__(self, family: str, name: str, **more: Any):
        super().__init__(
            html_template="",
            js_on_load=script("answer", family=family, name=name),
            **PLAIN | more,
            elem_classes=["unseen"],
        )
