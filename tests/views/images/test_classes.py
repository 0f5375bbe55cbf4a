"""Which classes a classifier sees in samples, which are missing, and how certain it is."""

import numpy as np
import pytest
from tiles import values

from playground import Experiment, Run
from playground.questions import answer
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.common.images import SIDE
from playground.views.images import quality
from playground.views.images.classes import COLUMNS, seen_as
from tests.views.images.digits import DIGITS


def test_what_is_seen_as_a_class():
    beliefs = np.array([[0.9, 0.05, 0.05], [0.4, 0.35, 0.25], [0.1, 0.2, 0.7]])
    assert seen_as(beliefs, 3).tolist() == [0, 3, 2]
    assert seen_as(beliefs, 2).tolist() == [0, 2, 2], "the third is no class of the data"


def test_missing_classes_are_told(perfect):
    assert VIEWS["classes"].measure(perfect) == {"classes": 10}
    assert VIEWS["classes"].floors(perfect) == {"classes": 10}
    assert VIEWS["class_names"].measure(perfect)["says"].startswith("None is missing. As seen by a small classifier")
    learned = DIGITS.distribution.training
    kept = learned.points[(learned.labels != 4) & (learned.labels != 7)]
    perfect.final_samples = np.resize(kept, perfect.final_samples.shape).astype(np.float32)
    assert VIEWS["classes"].measure(perfect) == {"classes": 8}
    told = VIEWS["class_names"].measure(perfect)
    assert told["value"] == "8 of 10"
    assert told["says"].startswith("Missing, or almost: 4, 7.")


def test_confidence_is_that_of_held_out_images(flow, perfect):
    band = VIEWS["confidence"].floors(perfect)
    assert band["confidence_low"] < band["confidence"] < band["confidence_high"] <= 1
    assert VIEWS["confidence"].measure(perfect)["confidence"] > band["confidence_low"]
    assert VIEWS["confidence"].measure(flow)["confidence"] < 0.3, "noise"


def test_rows_of_classes_hold_the_samples_seen_as_them(perfect):
    layer = VIEWS["by_class"]
    first, made = layer.draw(layer.measure(perfect, False))
    known = DIGITS.distribution
    for label, image in enumerate(values(first)[0].reshape(-1, 64)):
        assert np.abs(known.points[known.labels == label] - image).max(1).min() < 0.01
    seen = quality.seen(perfect, SIDE**2).probabilities.argmax(1)
    wanted = sum(min(COLUMNS, n) for n in np.bincount(seen, minlength=10))
    assert made["n"] == pytest.approx(wanted, abs=3), "those that are like none are in a row of their own"


def test_histogram(perfect):
    (figure,) = (piece for piece in run_out(VIEWS["class_histogram"].measure(perfect)))
    made, wanted = figure.data
    assert sum(made.y) == pytest.approx(1)
    assert np.allclose(made.y[:10], wanted.y, atol=0.05)
    assert "10 of 10 classes" in figure.layout.title.text


def run_out(generator):
    """What a generator returns, as a list of one."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return [end.value]


def test_images_of_one_class_have_no_views_of_classes():
    zeros = {"name": "digits", "settings": {"classes": 1}}
    absent = {
        family: set(answer(Scene(Run(Experiment(family=family, dataset=zeros))), {"ask": "constants"})["absent"])
        for family in ("gan", "flow")
    }
    assert {"classes", "confidence", "class_names", "by_class"} <= absent["gan"]
    assert "frechet" not in absent["gan"]
    assert {"guidance_grid", "confusion"} <= absent["flow"]
