"""The classes of samples of images, as a classifier sees them: which are missing, and how certain it is."""

from collections.abc import Generator, Iterator

import numpy as np
import plotly.graph_objects as go

from playground.data import AnyData, NamedSet
from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.families.conditioning import CLASSES
from playground.metrics.bands import Band, band
from playground.metrics.gan_collapse import CERTAIN, HELD
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Chart, Figure, Layer, Measured, Note, View
from playground.views.charts import in_words, line_over_training, styled
from playground.views.common.images import GAP, of
from playground.views.gradual import gradual
from playground.views.images.quality import TRIALS, asked, features, images, seen, sure

COLUMNS = 12
"""Most samples of a class in its row."""


def due(dataset: AnyData, label: int | None) -> np.ndarray:
    """The share of each class that a model should make (classes,): that of the data, or all of the class asked for."""
    classes = dataset.distribution.classes
    if label is not None:
        return np.eye(classes)[min(label, classes - 1)]
    labels = dataset.training_points(2000, 0)[1]
    return np.bincount(labels, minlength=classes) / len(labels)


def names(dataset: AnyData) -> list[str]:
    """The names of a data set's classes; their numbers, if a visitor named them or nobody did."""
    distribution = dataset.distribution
    known = distribution.class_names if isinstance(dataset, NamedSet) else None
    return list(known or map(str, range(distribution.classes)))


def seen_as(probabilities: np.ndarray, classes: int) -> np.ndarray:
    """The class that each image is seen as, from its probabilities (n, k): (n,), with `classes` for what is seen as
    none of them, or as none for certain."""
    found = np.where(probabilities.max(1) > CERTAIN, probabilities.argmax(1), classes)
    return np.minimum(found, classes)


def shares(scene: Scene) -> np.ndarray:
    """The share of the samples that is seen as each class of the data, and as none, (classes + 1,)."""
    classes = scene.run.experiment.dataset.distribution.classes
    found = seen_as(seen(scene).probabilities, classes)
    return np.bincount(found, minlength=classes + 1) / len(found)


def present(scene: Scene) -> np.ndarray:
    """Whether each class that should be made has at least a fifth of its share: booleans, (classes due,)."""
    wanted = due(scene.run.experiment.dataset, scene.label)
    return (shares(scene)[:-1] >= HELD * wanted)[wanted > 0]


class AboutClasses(View):
    kinds = IMAGES

    def applies(self, scene: Scene) -> bool:
        return scene.run.experiment.dataset.distribution.classes > 1

    def ahead(self, scene: Scene) -> Iterator[None]:
        return features.ahead(scene.run.experiment.dataset)


class ClassesPresent(AboutClasses, Chart):
    title = "Classes present"
    help = (
        "Classes that have at least a fifth of their share of the samples, as the classifier sees them. Fewer than all "
        "late in a training: mode collapse."
    )
    judges = True
    unit = "count"

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"classes": float(present(scene).sum())}

    def floors(self, scene: Scene) -> dict[str, float]:
        return {"classes": float((due(scene.run.experiment.dataset, scene.label) > 0).sum())}

    def draw(self):
        return line_over_training("classes", self.title).update_yaxes(rangemode="tozero")


@gradual
def confidence_band(dataset: AnyData, label: int | None, n: int) -> Generator[None, None, Band]:
    """The band of the mean confidence in n held-out images."""
    known = yield from features.ahead_of(dataset)
    sure = known.see(images(dataset.distribution, label)).probabilities.max(1)
    yield
    rng = np.random.default_rng(0)
    return band([float(rng.choice(sure, n).mean()) for _ in range(10 * TRIALS)])


class Confidence(AboutClasses, Chart):
    title = "Mean confidence"
    help = (
        "How certain the classifier is of a sample's class, on average. It has learned to be uncertain of noise and of "
        "two images at once."
    )
    unit = "share"

    def applies(self, scene: Scene) -> bool:
        return super().applies(scene) and sure(scene)

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"confidence": float(seen(scene).probabilities.max(1).mean())}

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return confidence_band.ahead(scene.run.experiment.dataset, scene.label, asked(scene))

    def floors(self, scene: Scene) -> dict[str, float]:
        return confidence_band(scene.run.experiment.dataset, scene.label, asked(scene)).named("confidence")

    def draw(self):
        return line_over_training("confidence", self.title).update_yaxes(range=[0, 1.03], tickformat=".0%")


class Classes(AboutClasses, Note):
    title = "Classes seen"
    help = "Each sample counts as the class that the classifier gives more than half of its belief, if there is one."

    def measure(self, scene: Scene) -> dict[str, str]:
        dataset, label = scene.run.experiment.dataset, scene.label
        told = f"As seen by {features(dataset).title}."
        if label is not None:
            says = f"of the samples are seen as {names(dataset)[label]}. {told}"
            return {"value": f"{shares(scene)[label]:.0%}", "says": says}
        held = present(scene)
        missing = [names(dataset)[i] for i in np.flatnonzero(due(dataset, None) > 0)[~held]]
        lacks = f"Missing, or almost: {', '.join(missing[:12])}. " if missing else "None is missing. "
        return {"value": f"{held.sum()} of {len(held)}", "says": lacks + told}


class ByClass(AboutClasses, Layer):
    title = "By class"
    help = "A row for each class: a held-out image, and the samples seen as it. The last row: those seen as none."
    layouts = ("by_class",)
    colour = "samples"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        classes = min(scene.run.experiment.dataset.distribution.classes, CLASSES)
        shown = of(scene, scene.final_samples)
        known = images_of_classes(scene.run.experiment.dataset, classes)
        found = seen_as(seen(scene, len(shown)).probabilities, classes)
        return {"images": shown, "classes": found, "known": of(scene, scene.run.normalizer.to_canvas(known))}

    def draw(self, measured: Measured):
        known, rows = measured["known"], len(measured["known"])
        pitch = 2 * HALF / max(rows + 1, COLUMNS + 1)
        x = (np.arange(COLUMNS + 1) - COLUMNS / 2) * pitch
        y = (rows / 2 - np.arange(rows + 1)) * pitch
        kept = [np.flatnonzero(measured["classes"] == row)[:COLUMNS] for row in range(rows + 1)]
        places = np.array([(x[1 + column], y[row]) for row in range(rows + 1) for column in range(len(kept[row]))])
        side = (1 - GAP) * pitch
        first = encode.tiles(known, np.column_stack([np.full(rows, x[0]), y[:-1]]), side, "data")
        made = encode.tiles(measured["images"][np.concatenate(kept)], places.reshape(-1, 2), side, self.colour)
        return [first | {"title": "a held-out image of each class, then samples"}, made]


def images_of_classes(dataset: AnyData, classes: int) -> np.ndarray:
    """A held-out image of each class, (classes, dim)."""
    return np.concatenate([images(dataset.distribution, label, 1)[:1] for label in range(classes)])


class ClassHistogram(AboutClasses, Figure):
    title = "Class histogram"
    help = "Which class each sample is seen as, beside the data's shares (lines). A missing class is mode collapse."
    judges = True
    auto = True

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        dataset = scene.run.experiment.dataset
        yield from features.ahead(dataset)
        made, wanted = shares(scene), due(dataset, scene.label)
        called = [*names(dataset), "none"]
        figure = styled(go.Figure())
        hover = "%{x}: %{y:.1%} of the samples<extra></extra>"
        figure.add_bar(x=called, y=made, meta="samples", hovertemplate=hover)
        marker = {"symbol": "line-ew", "size": 16, "line": {"width": 2}}
        hover = "%{x}: %{y:.1%} of the data<extra></extra>"
        figure.add_scatter(x=called[:-1], y=wanted, mode="markers", marker=marker, meta="ink", hovertemplate=hover)
        said = f"{present(scene).sum()} of {(wanted > 0).sum()} classes present"
        said += f"; {made[-1]:.0%} of the samples are like none" if made[-1] else ""
        figure.update_yaxes(tickformat=".0%", rangemode="tozero")
        return figure.update_xaxes(type="category").update_layout(title=in_words(said), margin={"t": 26})
