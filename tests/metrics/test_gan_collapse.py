"""The detector on histories made up by hand, each with one thing wrong and noise on everything."""

from dataclasses import replace

import numpy as np
import pytest

from playground.data import NamedSet
from playground.data.distributions import Mixture
from playground.families.gan.gan import GANConfig
from playground.metrics.classifier import Seen
from playground.metrics.gan_collapse import (
    LATE,
    REMEDIES,
    WARM_UP,
    WINDOW,
    Measurement,
    detect,
    measure,
    measure_classes,
    turnover,
)

K = 8
STEPS = 1000
EVERY = 25


def healthy(step: int, rng: np.random.Generator) -> Measurement:
    """What a good training measures, with the noise of 2,000 samples. It begins with nothing, like all."""
    begun = min(1.0, step / 150)
    nearest = rng.multinomial(2000, np.full(K, 1 / K)) / 2000
    return Measurement(
        step=step,
        nearest=nearest if begun > 0.5 else np.eye(K)[0],
        captured=np.full(K, begun > 0.5),
        due=np.full(K, 1 / K),
        high_quality=0.95 * begun * rng.uniform(0.95, 1),
        spread=begun * rng.uniform(0.95, 1.05),
        accuracy=rng.uniform(0.5, 0.7),
        logit_gap=rng.uniform(0, 0.4),
        gradient=rng.uniform(0.5, 1.5),
    )


def history(rng: np.random.Generator, change=None, since: int = 500, until: int = STEPS + 1) -> list[Measurement]:
    """A good training in which, between two steps, a change is made to every measurement."""
    good = [healthy(step, rng) for step in range(0, STEPS + 1, EVERY)]
    return [change(m, rng) if change and since <= m.step < until else m for m in good]


def on(*modes: int) -> np.ndarray:
    return np.isin(np.arange(K), modes) / len(modes)


def drop(m: Measurement, rng) -> Measurement:
    nearest = rng.dirichlet(300 * on(0, 1, 2, 3, 5) + 1e-3)
    return replace(m, nearest=nearest, captured=nearest > 0.01)


def clump(m: Measurement, rng) -> Measurement:
    return replace(m, nearest=on(3), captured=on(3) > 0, spread=rng.uniform(0, 0.1), accuracy=rng.uniform(0.7, 1))


def cycle(m: Measurement, rng) -> Measurement:
    at = m.step // EVERY
    return replace(clump(m, rng), nearest=on(at * 3 % K, (at * 3 + 1) % K), spread=rng.uniform(0.1, 0.4))


def win(m: Measurement, rng) -> Measurement:
    return replace(m, high_quality=rng.uniform(0, 0.03), accuracy=rng.uniform(0.995, 1), logit_gap=20.0)


def stall(m: Measurement, rng) -> Measurement:
    return replace(win(m, rng), gradient=rng.uniform(0, 1e-4))


BROKEN = {
    "mode dropping": drop,
    "full collapse": clump,
    "cycling": cycle,
    "discriminator won": win,
    "generator stalled": stall,
}


@pytest.mark.parametrize("seed", range(20))
def test_a_good_training_is_left_alone(seed):
    assert detect(history(np.random.default_rng(seed)), STEPS) is None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("since", [300, 650])
def test_when_and_how(kind, since, seed):
    found = detect(history(np.random.default_rng(seed), BROKEN[kind], since), STEPS)
    assert found is not None
    assert found.kind == kind
    assert since - (WINDOW - 1) * EVERY <= found.step <= since + EVERY, "a window that is mostly broken may date it"
    assert found.before == found.step - EVERY
    assert found.sentence.endswith(".")


def test_modes_that_are_missing_after_cycling_are_part_of_it():
    rng = np.random.default_rng(0)
    both = [drop(m, rng) if m.step >= 900 else m for m in history(rng, cycle, 400)]
    found = [detect([m for m in both if m.step <= step], STEPS) for step in (875, 1000)]
    assert [one and one.kind for one in found] == ["cycling", "cycling"]
    dropped = [drop(m, rng) if m.step >= 600 else m for m in history(rng, cycle, 200)]
    found = [detect(dropped, STEPS)]
    assert found[0] is not None
    assert found[0].kind == "mode dropping", "after a long while"


def test_a_missing_mode_may_still_be_found():
    """It is told of late, and dated to when it began."""
    broken = history(np.random.default_rng(0), drop, 300)
    told = [detect(broken[: i + 1], STEPS) for i in range(len(broken))]
    assert [found is not None for found in told] == [m.step >= LATE * STEPS for m in broken]
    assert told[-1] is not None
    assert told[-1].step <= 300


@pytest.mark.parametrize("kind", BROKEN)
def test_what_healed_was_no_collapse(kind, rng):
    assert detect(history(rng, BROKEN[kind], 300, 600), STEPS) is None


@pytest.mark.parametrize("kind", BROKEN)
def test_a_moment_is_no_finding(kind, rng):
    """Even at the end of what was seen."""
    assert detect(history(rng, BROKEN[kind], STEPS - EVERY), STEPS) is None


def test_nothing_is_judged_in_the_warm_up(rng):
    broken = history(rng, clump, 0)
    early = [m for m in broken if m.step < WARM_UP * STEPS]
    assert detect(early, STEPS) is None
    assert detect([], STEPS) is None
    found = detect(broken, STEPS)
    assert found is not None
    assert found.step == next(m.step for m in broken if m.step >= WARM_UP * STEPS)


def test_the_last_word_counts():
    """Modes are dropped one after the other until a clump is left: since when is the first, how is the last."""
    rng = np.random.default_rng(0)
    both = [clump(m, rng) if m.step >= 800 else m for m in history(rng, drop, 400)]
    found = detect(both, STEPS)
    assert found is not None
    assert found.kind == "full collapse"
    assert abs(found.step - 400) <= EVERY


def test_rare_modes_are_judged_by_what_they_are_due(rng):
    """Half a percent of the samples on a mode that is due one percent is no loss."""
    due = np.array([0.99, 0.01])
    for share, wanted in ((0.005, None), (0.001, "mode dropping")):
        one = [
            replace(m, nearest=np.array([1 - share, share]), captured=np.array([True, True]), due=due)
            for m in history(rng)
        ]
        found = detect(one, STEPS)
        assert (found.kind if found else None) == wanted


def test_turnover():
    rng = np.random.default_rng(0)
    a, b = (replace(healthy(1000, rng), nearest=on(*modes)) for modes in ((0, 1), (1, 2)))
    assert turnover([a, a, b]) == pytest.approx([0, 0.5])
    assert a.effective == pytest.approx(2 / 8)


def test_measuring(rng):
    """Of samples from the data: everything at its best. Of a tight half: half the modes."""
    ring = NamedSet(name="ring").distribution
    signals = {"accuracy": 0.5, "logit_gap": 0.0, "gradient": 0.1, "more": 1.0}
    data = ring.sample(2000, rng)[0]
    good = measure(7, ring.sample(2000, rng)[0], data, ring.modes, signals, ceiling=0.9889)
    assert good.step == 7
    assert good.spread == pytest.approx(1, abs=0.05)
    assert good.high_quality == pytest.approx(1, abs=0.01)
    assert good.effective == pytest.approx(1, abs=0.01)
    assert (good.accuracy, good.gradient) == (0.5, 0.1)
    half = measure(7, Mixture(ring.modes.means[:4], 0.01).sample(2000, rng)[0], data, ring.modes, signals)
    assert half.effective == pytest.approx(0.5, abs=0.01)
    assert half.captured.sum() == 4


def test_every_kind_has_remedies_that_a_gan_understands():
    assert REMEDIES.keys() == BROKEN.keys()
    for remedies in REMEDIES.values():
        assert len({remedy.title for remedy in remedies}) == len(remedies) >= 2
        for remedy in remedies:
            assert GANConfig(**remedy.changes) is not None
            assert all(GANConfig.is_live(name) for name in remedy.changes)
            assert remedy.why.endswith(".")


# Images: their modes are classes, as a classifier sees them.


def seen(labels: np.ndarray, classes: int = 10) -> Seen:
    features = np.random.default_rng(0).normal(size=(len(labels), 4)) + labels[:, None]
    return Seen(features, np.eye(classes)[labels])


def test_images_are_measured_by_their_classes():
    data, due = seen(np.arange(200) % 10), np.full(10, 0.1)
    signals = {"accuracy": 0.5, "logit_gap": 0.0, "gradient": 1.0}
    found = measure_classes(7, seen(np.arange(100) % 5), data, due, 0.9, signals)
    assert found.nearest.tolist() == [0.2] * 5 + [0] * 5
    assert found.captured.tolist() == [True] * 5 + [False] * 5
    assert found.effective == pytest.approx(0.5)
    assert 0.4 < found.spread < 0.8
    few = measure_classes(7, seen(np.arange(100) % 4), data, np.full(2, 0.5), 0.9, signals)
    assert few.nearest == pytest.approx([0.5, 0.5]), "classes that the data lack don't count"
    unsure = Seen(data.features, np.full((200, 10), 0.1))
    assert measure_classes(7, unsure, data, due, 0.9, signals).nearest == pytest.approx(due)
