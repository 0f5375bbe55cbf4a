"""Coverage and density, where the data have no modes that could be counted: on curves and drawings."""

from collections.abc import Generator, Iterator

from playground.data import AnyData
from playground.families.capabilities import Adversarial
from playground.metrics.bands import Band, band
from playground.metrics.density_coverage import Balls
from playground.scene.perfect import references, trials
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import line_over_training
from playground.views.gradual import gradual

POINTS = 750
"""Data points and samples that are compared; all would cost four times as much in each frame."""


@gradual
def balls(dataset: AnyData) -> Generator[None, None, Balls]:
    """The balls around a data sample, on the canvas."""
    yield
    return Balls(dataset.normalizer.to_canvas(next(references(dataset, None, POINTS))))


@gradual
def bands(dataset: AnyData) -> Generator[None, None, dict[str, Band]]:
    """The bands of coverage and density."""
    coverages, densities, place = [], [], dataset.normalizer.to_canvas
    for trial in trials(dataset, None, parts=2, n=POINTS):
        around, sample = Balls(place(next(trial.references))), place(trial.sample)
        yield
        coverages.append(around.coverage(sample))
        densities.append(around.density(sample))
        yield
    return {"coverage": band(coverages), "density": band(densities)}


class WithoutModes(Chart):
    """Where `AboutModes` has nothing to say."""

    needs = Adversarial
    judges = True

    def applies(self, scene: Scene) -> bool:
        return scene.run.experiment.dataset.distribution.modes is None

    def ahead(self, scene: Scene) -> Iterator[None]:
        return balls.ahead(scene.run.experiment.dataset)

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return bands.ahead(scene.run.experiment.dataset)


class Coverage(WithoutModes):
    title = "Coverage"
    help = (
        f"The share of {POINTS} data points with a sample nearer than their fifth neighbour (Naeem et al., 2020). What "
        "is not covered is lost."
    )
    unit = "share"

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"coverage": balls(scene.run.experiment.dataset).coverage(scene.final_samples[:POINTS])}

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
        return {"crowding": balls(scene.run.experiment.dataset).density(scene.final_samples[:POINTS])}

    def floors(self, scene: Scene) -> dict[str, float]:
        return bands(scene.run.experiment.dataset)["density"].named("crowding")

    def draw(self):
        return line_over_training("crowding", self.title).update_yaxes(rangemode="tozero")
