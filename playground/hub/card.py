"""The model card: what a model on the hub says of itself, from its experiment and its measured figures.

https://huggingface.co/docs/hub/model-cards
"""

import json
import re
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

from playground.config import Config
from playground.data import Drawing, Pictures, settings_model
from playground.experiment import BUDGET
from playground.families import FAMILIES
from playground.hub.names import FILE, PICTURE
from playground.scene.scene import Scene
from playground.views import Chart, charts

LIBRARY = "generative-playground"


class Figure(NamedTuple):
    """A measured quantity, and what a perfect model scores: on average and in 90 of 100 cases, if that is known."""

    name: str
    value: float
    floor: float | None
    low: float | None
    high: float | None


def card(scene: Scene) -> Generator[None, None, str]:
    """The card of a scene's model, in Markdown. Yields every few milliseconds."""
    floors: dict[str, float] = {}
    known = [chart for chart in charts(scene.model, scene.kind).values() if not chart.silent(scene)]
    for chart in known:
        yield from chart.floors_ahead(scene)
        floors |= chart.floors(scene)
        yield
    scalars = scene.curves[-1] if scene.curves else {}
    return written(scene, [figure for chart in known for figure in _figures(chart, scalars, floors)])


def _figures(chart: Chart, scalars: dict[str, float], floors: dict[str, float]) -> Iterator[Figure]:
    traces = {str(trace.meta).split("@")[0]: str(trace.name) for trace in chart.draw().data}
    lines = {scalar: name for scalar, name in traces.items() if not scalar.startswith("floor:") and scalar in scalars}
    for scalar, name in lines.items():
        title = chart.title if len(lines) == 1 else f"{chart.title}: {name}"
        ends = (floors.get(f"{scalar}_low"), floors.get(f"{scalar}_high"))
        yield Figure(title, scalars[scalar], floors.get(scalar), *ends)


def written(scene: Scene, figures: list[Figure]) -> str:
    """The card with these figures."""
    run, experiment = scene.run, scene.run.experiment
    family = FAMILIES[experiment.family]
    owned = {Drawing: "a drawing", Pictures: "somebody's pictures"}
    data = owned.get(type(experiment.dataset)) or experiment.dataset.title.lower()
    tags = [LIBRARY, experiment.family.replace("_", "-"), "generative-models", "education"]
    # JSON is YAML, and holds any text.
    head = json.dumps({"license": "mit", "library_name": LIBRARY, "tags": tags}, indent=1)
    parts = [
        f"---\n{head}\n---",
        f"# {family.title} on {plain(data)}",
        f"![Samples of this model, beside the data]({PICTURE})",
        f"A small generative model, trained for {run.step:,} steps in the Generative Playground: a page on which "
        "anyone draws a distribution, trains a model on it, and watches it learn.",
        "## Figures",
        table(["", "this model", "a perfect model"], [_row(figure) for figure in figures]) if figures else "None yet.",
        "## Experiment",
        table(["setting", "value"], list(_settings(experiment))),
        "## Use",
        f"In the playground: ⋯, *Open from the hub*, and this model's name. In Python, with its code and `{FILE}`:",
        "```python\nfrom pathlib import Path\n\nfrom playground.training.checkpoints import load\n\n"
        f'run = load(Path("{FILE}"))\nrun.sample(1000, seed=0)\n```',
    ]
    return "\n\n".join(parts) + "\n"


def _row(figure: Figure) -> list[str]:
    band = f" ({figure.low:.3g} to {figure.high:.3g})" if figure.low is not None and figure.high is not None else ""
    return [figure.name, f"{figure.value:.3g}", "" if figure.floor is None else f"{figure.floor:.3g}{band}"]


def _settings(experiment: Any) -> Iterator[list[str]]:
    yield ["Family", FAMILIES[experiment.family].title]
    dataset = experiment.dataset
    if isinstance(dataset, Drawing):
        yield ["Data", f"{len(dataset.points):,} points that somebody drew or uploaded"]
    elif isinstance(dataset, Pictures):
        size = " × ".join(map(str, dataset.shape[:2]))
        yield ["Data", f"{len(dataset.images):,} pictures of {size} pixels that somebody uploaded; the file holds them"]
    else:
        yield ["Data", dataset.title]
        yield from _values(settings_model(dataset.name)(**dataset.settings))
    yield from _values(experiment, BUDGET)
    yield from _values(experiment.config)


def _values(config: Config, names: Any = None) -> Iterator[list[str]]:
    for name, field in type(config).model_fields.items():
        if (names is None or name in names) and (value := str(getattr(config, name))):
            yield [field.title or name, value]


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plain(text: str) -> str:
    """Text without anything that Markdown or HTML would take for more."""
    return re.sub(r"([\\`*_{}\[\]<>|#~])", r"\\\1", " ".join(text.split()))
