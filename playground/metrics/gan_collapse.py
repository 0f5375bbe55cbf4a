"""When and how a GAN broke: a detector that reads nothing but measurements made while it trained.

The signals, all of samples as a visitor sees them:

nearest, captured: the share of samples to which each mode is the nearest, and whether any sample is on it
    (`playground.metrics.mode_coverage.score`). Their effective number, exp(entropy), falls when modes are given up.
high_quality: the share of samples on any mode.
spread: the standard deviation of the samples, relative to that of the data. 1 is right, 0 a single point.
turnover: how much of `nearest` changed since the measurement before: their total variation, 0 to 1.
accuracy: how often the discriminator ranks a real point above a fake. ½ is a draw, 1 a discriminator that has won.
logit_gap: by how much it does, in logits.
gradient: how strongly it moves the fakes, the mean length of the generator's gradient on them.

What is called how, tested in this order on every window of WINDOW measurements in a row, after a warm-up:

cycling: fewer than half of the modes are held at a time, and a third of the samples changes modes from one measurement
    to the next. Each alone is common: the start of a training, or a choice between neighbours.
generator stalled: hardly a sample is good, the discriminator sees through the fakes, and nothing moves them any more:
    their gradient is below a hundredth of its greatest, or a thousandth at all.
discriminator won: it tells reals from fakes without fail while hardly a sample is good, though the gradient is there.
full collapse: all samples are one clump, narrower than a sixth of the data, or nearest to one of several modes.
mode dropping: a mode stays without its share: fewer than a fifth of the samples that it is due are nearest to it.

A finding dates from the first window that shows it and holds only if the last window of all shows something, too:
what healed was not a collapse. How it is called at the end is what the last window says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from playground.data.distributions import Modes
from playground.metrics.mode_coverage import score

Failure = Literal["mode dropping", "full collapse", "cycling", "discriminator won", "generator stalled"]

WINDOW = 5
"""Measurements that must agree, so that no single one, which is noisy, is a finding."""

WARM_UP = 0.15
"""The share of the training before which nothing is judged: everybody begins with no modes at all."""

CLUMP = 1 / 6
"""Relative spread of samples that have become one clump."""

ONE, TWO = 1.2, 1.8
"""Effective numbers of modes that are still one, and that are more than one."""

HELD = 0.2
"""Share of what a mode is due that it must have of the samples."""

FEW = 0.5
"""Share of the modes, in effective number, below which samples chase single modes."""

RESTLESS = 1 / 3
"""Mean turnover between measurements of samples that wander from mode to mode."""

POOR = 0.1
"""Share of high-quality samples of a model that has not learned, as a share of what is possible."""

WON = 0.98
"""Accuracy of a discriminator that can't be fooled."""

STILL, SILENT = 1e-2, 1e-3
"""Gradient of a generator that is moved no more: of its greatest, and in units of the square."""


@dataclass(frozen=True)
class Measurement:
    """A GAN at one step, see the signals above. due (k,): the modes' shares of the data."""

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
        """The effective number of modes, as a share of the data's."""
        return _effective(self.nearest) / _effective(self.due)


def measure(
    step: int, samples: ArrayLike, data: ArrayLike, modes: Modes, signals: Mapping[str, float], ceiling: float = 1.0
) -> Measurement:
    """A measurement from samples and data (n, 2) each and the modes, all in the same coordinates, and the signals
    accuracy, logit_gap and gradient of the game (`GAN.signals`). ceiling: the data's own share of high quality."""
    samples, data = np.asarray(samples, float), np.asarray(data, float)
    found = score(samples, modes)
    spread = float(np.sqrt(samples.var(0).sum() / data.var(0).sum()))
    chosen = {name: float(signals[name]) for name in ("accuracy", "logit_gap", "gradient")}
    return Measurement(
        step, found.nearest, found.captured, modes.weights, found.high_quality / ceiling, spread, **chosen
    )


@dataclass(frozen=True)
class Finding:
    """What went wrong, and since which step; in words; and the step before it, where a run may be forked."""

    kind: Failure
    step: int
    before: int
    sentence: str


def turnover(history: Sequence[Measurement]) -> np.ndarray:
    """How much of the samples' shares changed before each measurement but the first, (len − 1,), 0 to 1."""
    shares = np.array([m.nearest for m in history])
    return np.abs(np.diff(shares, axis=0)).sum(1) / 2


def detect(history: Sequence[Measurement], steps: int) -> Finding | None:
    """What went wrong by the last of the measurements of a training that is planned for so many steps, or None."""
    judged = [i for i, m in enumerate(history) if m.step >= WARM_UP * steps]
    if len(judged) < WINDOW:
        return None
    ends = range(judged[0] + WINDOW, len(history) + 1)
    peaks = np.maximum.accumulate([m.gradient for m in history])
    kinds = [_judge(history[end - WINDOW : end], float(peaks[end - 1])) for end in ends]
    last = kinds[-1]
    if last is None:
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
    """exp(entropy) of a histogram (k,): how many equal bins would be as spread out."""
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


# What may help: changes of settings that may be made while training, so that a run can be forked with them.


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
    "cycling": (CALM, REST, BOTH),
    "discriminator won": (CALM, BOTH, OBJECTIVE),
    "generator stalled": (CALM, BOTH, FIELD),
}
"""What to try first, by what went wrong. The first was the best of those measured on the recipes: tests/claims.py says
what it does, and scripts/margins.py in how many runs."""
