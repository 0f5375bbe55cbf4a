"""Guidance of images: what it makes of the same noise, whether the class asked for comes out, and what is confused."""

import copy
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.families.capabilities import Conditional, Denoiser, can
from playground.families.conditioning import CLASSES
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Figure, Layer, Measured, SlowLayer
from playground.views.charts import in_words, styled
from playground.views.common.images import GAP, image_grid, of
from playground.views.images.classes import names, seen_as
from playground.views.images.quality import features

ROWS = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Values of the guidance that are compared."""

EACH = 24
"""Samples of each class in a figure."""

Sampled = Generator[None, None, Tensor]


def guided_as(model: Any, label: int, guidance: float | None = None) -> Any:
    """The same model with shared weights, asked for a class, and with another guidance if one is given."""
    other = copy.copy(model)
    more = {} if guidance is None else {"guidance": guidance}
    other.config = model.config.model_copy(update={"label": str(label), **more})
    return other


@torch.no_grad()
def sampled(scene: Scene, model: Any, z: Tensor) -> Sampled:
    """What a model makes of noise z (n, …): (n, dim). Yields after each step of its sampler."""
    x = z
    if can(model, Denoiser):
        generator = scene.rng()
        for places, _ in model.steps(z, lambda: model.noise(len(z), generator)):
            x = places
            yield
        return x
    for interval in pairwise(model.times()):
        x = model.trajectory(x, torch.stack(interval))[-1]
        yield
    return model.decode(x)


def known(scene: Scene) -> int:
    """How many classes the model has learned."""
    return min(scene.run.experiment.dataset.distribution.classes, CLASSES)


class KnowsClasses:
    """Of a model that has learned classes."""

    needs: type | None = Conditional
    kinds = IMAGES

    def applies(self, scene: Scene) -> bool:
        return known(scene) > 1 and guided_as(scene.model, 0).label is not None

    def ahead(self, scene: Scene) -> Iterator[None]:
        return features.ahead(scene.run.experiment.dataset)


class BesideClass(Layer):
    title = "Samples and class"
    help = "The samples on the left; on the right held-out images of the class that they should be of, or of all."
    needs = Conditional
    kinds = IMAGES
    layouts = ("guided",)
    colour = "samples"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"made": of(scene, scene.final_samples), "wanted": of(scene, scene.reference)}

    def draw(self, measured: Measured):
        return [image_grid(measured["made"], self.colour), image_grid(measured["wanted"], "data") | {"panel": 1}]


class GuidanceGrid(KnowsClasses, SlowLayer):
    title = "Guidance"
    help = "A column for each class, always from the same noise; a row for each guidance, from none to too much."
    layouts = ("guidance",)
    colour = "samples"
    default_on = True

    def work(self, scene: Scene, whole: bool) -> Generator[Measured | None, None, None]:
        found = []
        z = scene.noise[:1]
        for guidance in ROWS:
            for label in range(known(scene)):
                found.append((yield from sampled(scene, guided_as(scene.model, label, guidance), z)))
        yield {"images": of(scene, torch.cat(found).cpu().numpy(), len(found))}

    def draw(self, measured: Measured):
        images = measured["images"]
        columns = len(images) // len(ROWS)
        pitch = 2 * HALF / max(columns, len(ROWS))
        x = (np.arange(columns) - (columns - 1) / 2) * pitch
        y = ((len(ROWS) - 1) / 2 - np.arange(len(ROWS))) * pitch
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        *others, last = (f"{value:g}" for value in ROWS)
        tiles = encode.tiles(images, places, (1 - GAP) * pitch, self.colour)
        return tiles | {"title": f"guidance {', '.join(others)} and {last}, row by row"}


class ConditionalAccuracy(KnowsClasses, Figure):
    title = "Conditional accuracy against guidance"
    help = (
        "How often the classifier sees the class asked for, and how much samples of a class vary, relative to the "
        "data. Guidance trades one for the other."
    )
    judges = True

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        yield from features.ahead(scene.run.experiment.dataset)
        seen, classes = features(scene.run.experiment.dataset), known(scene)
        held_out = scene.run.experiment.dataset.distribution
        points, labels = held_out.sample(1000, np.random.default_rng(0))
        yield
        usual = spread(seen.see(points).features, np.minimum(labels, classes - 1))
        right, varied = [], []
        for guidance in ROWS:
            wanted, made = yield from of_every_class(scene, EACH // 2, guidance)
            found = seen.see(made)
            right.append(float((seen_as(found.probabilities, classes) == wanted).mean()))
            varied.append(spread(found.features, wanted) / usual)
            yield
        figure = styled(go.Figure())
        for name, values, colour in (("right class", right, "samples"), ("spread", varied, "ink")):
            hover = f"guidance %{{x}}: {name} %{{y:.0%}}<extra></extra>"
            line = {"width": 2, "dash": "solid" if colour == "samples" else "dot"}
            figure.add_scatter(
                x=ROWS, y=values, mode="lines+markers", meta=colour, name=name, line=line, hovertemplate=hover
            )
        figure.update_yaxes(rangemode="tozero", tickformat=".0%")
        figure.update_xaxes(tickvals=ROWS, title={"text": "guidance", "standoff": 2})
        legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 10}}
        return figure.update_layout(showlegend=True, legend=legend, margin={"t": 24, "b": 34})


class Confusion(KnowsClasses, Figure):
    title = "What is confused"
    help = "For each class asked for (row), the classes that the classifier sees in the samples (columns), or none."
    judges = True

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        yield from features.ahead(scene.run.experiment.dataset)
        wanted, made = yield from of_every_class(scene, EACH, None)
        classes = known(scene)
        found = seen_as(features(scene.run.experiment.dataset).see(made).probabilities, classes)
        shares = np.zeros((classes, classes + 1))
        np.add.at(shares, (wanted, found), 1 / EACH)
        called = [*names(scene.run.experiment.dataset)[:classes], "none"]
        hover = "asked for %{y}: seen as %{x} in %{z:.0%}<extra></extra>"
        figure = styled(
            go.Figure(go.Heatmap(z=shares.round(4).tolist(), x=called, y=called[:-1], zmin=0, zmax=1, meta="samples"))
        )
        figure.update_traces(hovertemplate=hover, showscale=False)
        wrong = shares[:, :-1] - np.diag(np.diag(shares))
        row, column = np.unravel_index(wrong.argmax(), wrong.shape)
        said = f"{np.diag(shares).mean():.0%} of the class asked for"
        said += f"; most confused: {called[row]} → {called[column]}, {wrong.max():.0%}" if wrong.max() > 0 else ""
        figure.update_yaxes(autorange="reversed", type="category", title={"text": "asked for", "standoff": 2})
        figure.update_xaxes(type="category", title={"text": "seen as", "standoff": 2})
        return figure.update_layout(title=in_words(said, 260), height=260, margin={"t": 26, "b": 34})


def of_every_class(
    scene: Scene, each: int, guidance: float | None
) -> Generator[None, None, tuple[np.ndarray, np.ndarray]]:
    """As many samples of each class, and their classes: (n,), (n, dim) in data coordinates. All classes start from the
    same noise."""
    made = []
    generator = scene.rng()
    z = scene.model.noise(each, generator)
    for label in range(known(scene)):
        made.append((yield from sampled(scene, guided_as(scene.model, label, guidance), z)).cpu().numpy())
    return np.repeat(np.arange(known(scene)), each), scene.run.normalizer.from_canvas(np.concatenate(made))


def spread(x: np.ndarray, labels: np.ndarray) -> float:
    """The root mean square distance of features x (n, k) from the mean of their class."""
    apart = [np.square(x[labels == label] - x[labels == label].mean(0)).sum() for label in np.unique(labels)]
    return float(np.sqrt(np.sum(apart) / len(x)))
