"""Detects when and how a GAN failed, from measurements made during training.

The signals, computed from the samples that a visitor sees:

nearest, captured: the share of samples to which each mode is the nearest, and whether any sample is on it
    (`playground.metrics.mode_coverage.score`). Their effective number, exp(entropy), falls when modes are dropped.
high_quality: the share of samples on any mode.
spread: the standard deviation of the samples, relative to that of the data. 1 is correct, 0 is a single point.
turnover: the change of `nearest` since the previous measurement, in total variation, 0 to 1.
accuracy: how often the discriminator ranks a real point above a fake. ½ is a draw, 1 a discriminator that has won.
logit_gap: the difference of the mean logits of real points and fakes.
gradient: the mean length of the generator's gradient on the fakes.

The failures, tested in this order on every window of WINDOW consecutive measurements after a warm-up:

cycling: fewer than half of the modes are covered at a time, and a third of the samples changes modes between
    measurements. Each condition alone is common: at the start of training, or between neighbouring modes.
generator stalled: almost no samples are of high quality, the discriminator separates real from fake, and the gradient
    vanishes: it is below a hundredth of its maximum, or below a thousandth in canvas units.
discriminator won: it separates real from fake almost perfectly and almost no samples are of high quality, although the
    gradient has not vanished.
full collapse: all samples form one clump, narrower than a sixth of the data, or are nearest to one of several modes.
mode dropping: a mode lacks samples: fewer than a fifth of its share of the data are nearest to it. Reported only late
    in the training, since a mode that is missing may still be found.

Modes that are missing just after cycling count as cycling, which comes back to them. A finding is dated to the first
window that shows it, and is reported only if the last window also shows a failure: training that recovered did not
collapse. The last window determines the reported kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from playground.data.distributions import Modes
from playground.metrics.classifier import Seen
from playground.metrics.mode_coverage import score

Failure = Literal["mode dropping", "full collapse", "cycling", "discriminator won", "generator stalled"]

WINDOW = 5
"""Number of measurements that must agree, because a single one is noisy."""

WARM_UP = 0.15
"""Fraction of the training before which nothing is tested, since every GAN starts without covering any mode."""

LATE = 0.85
"""Fraction of the training before which a missing mode is not reported. With the default settings, one was missing for
a while in 14 of 36 trainings on all sets, until at most 75% of the steps (benchmarks/detector.py)."""

RECENT = 2 * WINDOW
"""Measurements within which modes that lack samples after cycling are part of it: it comes back to them."""

CLUMP = 1 / 6
"""Relative spread below which samples are one clump."""

ONE, TWO = 1.2, 1.8
"""Effective numbers of modes: up to ONE counts as one mode, from TWO as more than one."""

HELD = 0.2
"""Minimum share of samples of a mode, relative to its share of the data."""

FEW = 0.5
"""Effective fraction of the modes below which samples concentrate on single modes."""

RESTLESS = 1 / 3
"""Mean turnover between measurements above which samples move from mode to mode."""

POOR = 0.1
"""Share of high-quality samples, relative to the maximum, below which a model has not learned."""

CERTAIN = 0.5
"""Probability above which an image is of a class."""

WON = 0.98
"""Accuracy above which the discriminator has won."""

STILL, SILENT = 1e-2, 1e-3
"""Gradient below which a generator has stalled: relative to its maximum, and in canvas units."""


@dataclass(frozen=True)
class Measurement:
    """The signals of a GAN at one step, see above. due (k,): the modes' shares of the data."""

    step: int
    nearest: np.ndarray
    captured: np.ndarray
    due: np.ndarray
    high_quality: float
    spread: float
    accuracy: float
    logit_gap: float
    gradient: float

    @property
    def effective(self) -> float:
        """The effective number of modes, relative to that of the data."""
        return _effective(self.nearest) / _effective(self.due)


def measure(
    step: int, samples: ArrayLike, data: ArrayLike, modes: Modes, signals: Mapping[str, float], ceiling: float = 1.0
) -> Measurement:
    """A measurement from samples and data (n, 2) each and the modes, all in the same coordinates, and the signals
    accuracy, logit_gap and gradient of the game (`GAN.signals`). ceiling: the high-quality share of the data."""
    samples, data = np.asarray(samples, float), np.asarray(data, float)
    found = score(samples, modes)
    spread = float(np.sqrt(samples.var(0).sum() / data.var(0).sum()))
    chosen = {name: float(signals[name]) for name in ("accuracy", "logit_gap", "gradient")}
    return Measurement(
        step, found.nearest, found.captured, modes.weights, found.high_quality / ceiling, spread, **chosen
    )


def measure_classes(
    step: int, seen: Seen, data: Seen, due: ArrayLike, high_quality: float, signals: Mapping[str, float]
) -> Measurement:
    """A measurement of images, whose modes are their classes, as a classifier sees them in samples and in data. due
    (k,): the classes' shares of the data. high_quality: the precision of the samples, relative to that of a perfect
    model. signals: as for `measure`. Samples that the classifier is uncertain of say nothing of classes, and count as
    if they had the data's shares: a generator that has learned nothing yet has dropped none."""
    wanted = np.asarray(due, float)
    sure = seen.probabilities[:, : len(wanted)] > CERTAIN
    nearest = sure.mean(0) + (1 - sure.mean(0).sum()) * wanted
    spread = float(np.sqrt(seen.features.var(0).sum() / data.features.var(0).sum()))
    chosen = {name: float(signals[name]) for name in ("accuracy", "logit_gap", "gradient")}
    return Measurement(step, nearest, np.asarray(sure.any(0)), wanted, high_quality, spread, **chosen)


@dataclass(frozen=True)
class Finding:
    """The kind of failure, the step since which it lasts, a description, and the step before it, for a fork."""

    kind: Failure
    step: int
    before: int
    sentence: str


def turnover(history: Sequence[Measurement]) -> np.ndarray:
    """The total variation of `nearest` between successive measurements, (len − 1,), 0 to 1."""
    shares = np.array([m.nearest for m in history])
    return np.abs(np.diff(shares, axis=0)).sum(1) / 2


def detect(history: Sequence[Measurement], steps: int) -> Finding | None:
    """The failure at the last measurement of a training planned for `steps` steps, or None."""
    judged = [i for i, m in enumerate(history) if m.step >= WARM_UP * steps]
    if len(judged) < WINDOW:
        return None
    ends = range(judged[0] + WINDOW, len(history) + 1)
    peaks = np.maximum.accumulate([m.gradient for m in history])
    kinds = [_judge(history[end - WINDOW : end], float(peaks[end - 1])) for end in ends]
    last = kinds[-1]
    if last == "mode dropping" and "cycling" in kinds[-RECENT:]:
        last = "cycling"
    if last is None or (last == "mode dropping" and history[-1].step < LATE * steps):
        return None
    first = len(kinds) - next((i for i, kind in enumerate(reversed(kinds)) if kind is None), len(kinds))
    begin = ends[first] - WINDOW
    return Finding(last, history[begin].step, history[max(0, begin - 1)].step, _tell(last, history[-1]))


def _judge(window: Sequence[Measurement], peak: float) -> Failure | None:
    effective = np.array([m.effective for m in window])
    poor = max(m.high_quality for m in window) < POOR
    won = min(m.accuracy for m in window) > WON
    if effective.mean() < FEW and turnover(window).mean() > RESTLESS:
        return "cycling"
    if poor and won:
        silent = max(m.gradient for m in window) < max(STILL * peak, SILENT)
        return "generator stalled" if silent else "discriminator won"
    lone = max(_effective(m.nearest) for m in window) < ONE and _effective(window[-1].due) > TWO
    if lone or max(m.spread for m in window) < CLUMP:
        return "full collapse"
    missing = np.array([m.nearest < HELD * m.due for m in window])
    return "mode dropping" if missing.all(0).any() else None


def _effective(shares: np.ndarray) -> float:
    """exp(entropy) of a histogram (k,): the number of equal bins with the same entropy."""
    some = shares[shares > 0]
    return float(np.exp(-(some * np.log(some)).sum()))


def _tell(kind: Failure, now: Measurement) -> str:
    held = int((now.nearest >= HELD * now.due).sum())
    return {
        "cycling": "The samples wander from mode to mode: each time the discriminator has learned a place, they leave.",
        "full collapse": f"All samples are one clump, {now.spread:.0%} as wide as the data.",
        "generator stalled": "The discriminator's slope under the fakes is flat: nothing tells the generator where to.",
        "discriminator won": f"The discriminator is right in {now.accuracy:.0%} of all pairs; the fakes don't gain.",
        "mode dropping": f"The generator has given up modes: it holds {held} of {len(now.due)}.",
    }[kind]


# Remedies: changes of settings that are allowed during training, so that a run can be forked with them.


@dataclass(frozen=True)
class Remedy:
    """A change of settings, and one sentence on why it may help."""

    title: str
    changes: Mapping[str, Any]
    why: str


EQUAL: dict[str, Any] = {
    "discriminator_steps": 1,
    "discriminator_learning_rate": 4e-3,
    "generator_learning_rate": 4e-3,
    "momentum": 0.5,
}
GENTLE = EQUAL | {"discriminator_learning_rate": 2e-3, "generator_learning_rate": 2e-3, "schedule": "cosine"}

CALM = Remedy(
    "Balance, penalise and blur",
    {**EQUAL, "schedule": "cosine", "r1": 0.5, "instance_noise": 0.5},
    "Equal rates let neither side run away; R1, and a blur that fades, keep the slope gentle until the game rests.",
)
KEEP_UP = Remedy(
    "Let the discriminator keep up",
    {**CALM.changes, "discriminator_steps": 3},
    "A discriminator with three steps for each of the generator's sees where it goes; R1 and a blur calm the chase.",
)
REST = Remedy(
    "Slow down and penalise",
    {**GENTLE, "r1": 2.0},
    "Momentum and large steps carry both past where they should rest; with less of them, and R1, they find it.",
)
BOTH = Remedy(
    "Penalise on both sides",
    {**EQUAL, "r1": 1.0, "r2": 1.0},
    "R1 and R2 keep the slope gentle on reals and on fakes, so that the discriminator can't win outright.",
)
OBJECTIVE = Remedy(
    "Compare in pairs",
    {**EQUAL, "objective": "relativistic", "r1": 0.5, "r2": 0.5},
    "A relativistic discriminator asks for more than one believed place: every real point has its own rival.",
)
FIELD = Remedy(
    "Use the non-saturating loss",
    {**EQUAL, "objective": "non_saturating", "r1": 0.5},
    "Its gradient grows when the discriminator is sure that fakes are fake, so that the generator is never left alone.",
)

REMEDIES: dict[Failure, tuple[Remedy, ...]] = {
    "mode dropping": (CALM, BOTH, OBJECTIVE),
    "full collapse": (CALM, BOTH, OBJECTIVE),
    "cycling": (KEEP_UP, REST, BOTH),
    "discriminator won": (CALM, BOTH, OBJECTIVE),
    "generator stalled": (CALM, BOTH, FIELD),
}
"""Remedies by failure, best first. The first was the best of those measured on the recipes: tests/claims.py states its
effect, and scripts/margins.py measures in how many runs it occurs."""
