"""Coverage and density, where the data have no modes that could be counted: on curves and drawings."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np

from playground.data import AnyData, Drawing
from playground.data.distributions import Array
from playground.families.capabilities import Adversarial
from playground.metrics.bands import Band, band
from playground.metrics.density_coverage import Balls
from playground.scene.perfect import references, trials
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import line_over_training
from playground.views.gradual import gradual

POINTS = 750
"""Most data points and samples that are compared; all would cost four times as much in each frame."""


class Known(NamedTuple):
    """The balls around a data sample, on the canvas, and how many samples of a model are put beside them."""

    balls: Balls
    samples: int


def _around(dataset: AnyData, data: Array) -> Known:
    # Places, not points: where a drawing has one twice, its neighbours would be at distance 0.
    return Known(Balls(dataset.normalizer.to_canvas(np.unique(data, axis=0))), len(data))


@gradual
def known(dataset: AnyData) -> Generator[None, None, Known]:
    """What a model's samples are compared with."""
    yield
    return _around(dataset, next(references(dataset, None, POINTS, replace=False)))


@gradual
def bands(dataset: AnyData) -> Generator[None, None, dict[str, Band]]:
    """The bands of coverage and density.

    How a sample scores also depends on the data sample that it is compared with. That is the same throughout, and so
    it is here, wherever there are fresh samples of the law: density alone would otherwise leave the band in up to 58 of
    100 cases.
    """
    yield from known.ahead(dataset)
    same = None if isinstance(dataset, Drawing) else known(dataset)
    coverages, densities = [], []
    for trial in trials(dataset, None, n=POINTS, replace=False):
        around = same or _around(dataset, next(trial.references))
        sample = dataset.normalizer.to_canvas(trial.sample[: around.samples])
        yield
        coverages.append(around.balls.coverage(sample))
        densities.append(around.balls.density(sample))
        yield
    return {"coverage": band(coverages), "density": band(densities)}


def _compared(scene: Scene) -> tuple[Balls, np.ndarray]:
    """The balls around data, and the samples that are put beside them, on the canvas."""
    around, samples = known(scene.run.experiment.dataset)
    return around, scene.final_samples[:samples]


class WithoutModes(Chart):
    """Where `AboutModes` has nothing to say."""

    needs = Adversarial
    judges = True

    def applies(self, scene: Scene) -> bool:
        return scene.run.experiment.dataset.distribution.modes is None

    def ahead(self, scene: Scene) -> Iterator[None]:
        return known.ahead(scene.run.experiment.dataset)

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return bands.ahead(scene.run.experiment.dataset)


class Coverage(WithoutModes):
    title = "Coverage"
    help = (
        f"The share of up to {POINTS} data points with a sample nearer than their fifth neighbour (Naeem et al., "
        "2020). What is not covered is lost."
    )
    unit = "share"

    def measure(self, scene: Scene) -> dict[str, float]:
        around, samples = _compared(scene)
        return {"coverage": around.coverage(samples)}

    def floors(self, scene: Scene) -> dict[str, float]:
        return bands(scene.run.experiment.dataset)["coverage"].named("coverage")

    def draw(self):
        return line_over_training("coverage", self.title).update_yaxes(range=[0, 1.03], tickformat=".0%")


class Density(WithoutModes):
    title = "Density of samples"
    help = (
        "For how many data points a sample is nearer than their fifth neighbour, in fifths (Naeem et al., 2020). Near "
        "0, samples lie beside the data."
    )

    def measure(self, scene: Scene) -> dict[str, float]:
        around, samples = _compared(scene)
        return {"crowding": around.density(samples)}

    def floors(self, scene: Scene) -> dict[str, float]:
        return bands(scene.run.experiment.dataset)["density"].named("crowding")

    def draw(self):
        return line_over_training("crowding", self.title).update_yaxes(rangemode="tozero")
