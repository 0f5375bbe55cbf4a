"""Mode coverage: how many modes the samples capture, how well, and which are lost."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np

from playground.budget import STAGE_SAMPLES
from playground.data import AnyData
from playground.data.distributions import Modes
from playground.families.capabilities import Adversarial
from playground.metrics.bands import Band, band
from playground.metrics.gan_collapse import HELD
from playground.metrics.mode_coverage import CEILING, RADIUS, ModeScores, estimate_in_pieces, score
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import INDISTINGUISHABLE, Chart, Layer, Measured, View
from playground.views.charts import line_over_training
from playground.views.gradual import gradual

POINTS, MOST = 400, 8
"""Points from which modes are estimated, and the most modes. This takes a quarter of a second, once per data set."""

COUNTED, PARTS = 20_000, 10
"""Points by which the modes' shares are found where no formula gives them, and in how many parts."""

TRIALS = 240
"""Scores of a perfect model that make a band: they cost a millisecond each, and of 80 the ends are off by a third."""


class Known(NamedTuple):
    """The modes of a data set in its own coordinates, and the share of high-quality points among the data."""

    modes: Modes
    ceiling: float


@gradual
def known(dataset: AnyData) -> Generator[None, None, Known]:
    """The modes that define a set or, for the detector on any other set, clusters found in its points.

    Their weights are the shares of high-quality points that they get by the rule of `score`. Of modes farther apart
    than twice its radius, these are the weights of the mixture; of others they are counted in fresh points, of which
    none is left without a chance.
    """
    distribution = dataset.distribution
    modes = distribution.modes
    if modes is not None and _apart(modes):
        return Known(modes, CEILING)
    rng = np.random.default_rng(0)
    if modes is None:
        modes = yield from estimate_in_pieces(distribution.sample(POINTS, rng)[0], MOST)
    shares = np.full(len(modes.weights), 1 / COUNTED)
    for _ in range(PARTS):
        shares += score(distribution.sample(COUNTED // PARTS, rng)[0], modes).shares / PARTS
        yield
    return Known(modes._replace(weights=shares / shares.sum()), min(float(shares.sum()), 1 - 1 / COUNTED))


def _apart(modes: Modes) -> bool:
    """Whether no point is of high quality for two modes."""
    between = np.hypot(*(modes.means[:, None] - modes.means).transpose(2, 0, 1))
    reach = RADIUS * (modes.sigmas[:, None] + modes.sigmas)
    return bool((between >= reach)[~np.eye(len(modes.sigmas), dtype=bool)].all())


def scores(scene: Scene) -> ModeScores:
    """The mode coverage of the current samples."""
    found = known(scene.run.experiment.dataset)
    return score(scene.run.normalizer.from_canvas(scene.final_samples), found.modes, found.ceiling)


@gradual
def bands(dataset: AnyData) -> Generator[None, None, dict[str, Band]]:
    """The bands of the share of high-quality samples, "quality", and of the divergence, for data with modes."""
    found = known(dataset)
    scored = []
    for i in range(TRIALS):
        sample, _ = dataset.distribution.sample(STAGE_SAMPLES, np.random.default_rng(10_000 + i))
        scored.append(score(sample, found.modes, found.ceiling))
        yield
    return {
        "quality": band([scores.high_quality for scores in scored]),
        "divergence": band([scores.reverse_kl_with_off for scores in scored]),
    }


class AboutModes(View):
    """A view of the modes that define a set. Curves and drawings have none: see `Coverage`."""

    needs = Adversarial

    def applies(self, scene: Scene) -> bool:
        return scene.run.experiment.dataset.distribution.modes is not None

    def ahead(self, scene: Scene) -> Iterator[None]:
        return known.ahead(scene.run.experiment.dataset)

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return bands.ahead(scene.run.experiment.dataset)


class ModesHeld(AboutModes, Chart):
    title = "Modes captured"
    help = "How many of the data's modes have a sample within three standard deviations. One is enough to count."
    judges = True
    unit = "count"

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"modes": float(scores(scene).captured.sum())}

    def floors(self, scene: Scene) -> dict[str, float]:
        return {"modes": float(len(known(scene.run.experiment.dataset).modes.weights))}

    def draw(self):
        return line_over_training("modes", self.title).update_yaxes(rangemode="tozero")


class Quality(AboutModes, Chart):
    title = "High-quality samples"
    help = (
        "The share of samples within three standard deviations of a mode. More than a perfect model's means that they "
        "crowd in its middle."
    )
    judges = True
    unit = "share"

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"quality": scores(scene).high_quality}

    def floors(self, scene: Scene) -> dict[str, float]:
        return bands(scene.run.experiment.dataset)["quality"].named("quality")

    def draw(self):
        return line_over_training("quality", self.title).update_yaxes(range=[0, 1.03], tickformat=".0%")


class Divergence(AboutModes, Chart):
    title = "Reverse KL over modes"
    help = (
        "How far the samples' shares of the modes are from the data's, in nats, with one more bin for "
        "samples on no mode."
    )
    judges = True
    inside = INDISTINGUISHABLE

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"divergence": scores(scene).reverse_kl_with_off}

    def floors(self, scene: Scene) -> dict[str, float]:
        return bands(scene.run.experiment.dataset)["divergence"].named("divergence")

    def draw(self):
        return line_over_training("divergence", self.title, log=True).update_yaxes(tickvals=[0.001, 0.01, 0.1, 1, 10])


class LostModes(AboutModes, Layer):
    title = "Lost modes"
    help = "Modes without samples, or with less than a fifth of their share; some have samples beside them only."
    judges = True
    colour = "bad"
    default_on = True
    layouts = ("overlay", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        modes, held = known(scene.run.experiment.dataset).modes, scores(scene)
        lost = held.nearest < HELD * modes.weights
        which = np.flatnonzero(lost | ~held.captured)
        return {"xy": scene.run.normalizer.to_canvas(modes.means[which]), "number": which + 1, "lost": lost[which]}

    def draw(self, measured: Measured):
        words = {True: "no samples", False: "only samples beside it"}
        texts = [f"mode {i}: {words[bool(lost)]}" for i, lost in zip(measured["number"], measured["lost"], strict=True)]
        return encode.marks(measured["xy"], texts, self.colour)
