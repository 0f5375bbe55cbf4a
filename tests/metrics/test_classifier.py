"""The classifiers that ship are what their headers say, small, and uncertain of what is no image of their set."""

import json

import numpy as np
import pytest
from safetensors import safe_open

from playground.data import NamedSet
from playground.metrics.classifier import FOLDER, SIZE, Classifier, file_of, shipped
from scripts.classifiers import NAMES, train

LARGEST = 300_000
"""Most bytes of a classifier."""


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_classifier_is_as_right_as_its_header_says(name):
    found, held_out = shipped(name), NamedSet(name=name).distribution
    seen = found.classifier.see(held_out.points)
    right = (seen.probabilities.argmax(1) == held_out.labels).mean()
    assert right == pytest.approx(found.accuracy, abs=0.003)  # another processor rounds otherwise
    assert right > 0.97
    assert seen.features.shape == (len(held_out.points), SIZE)
    assert np.allclose(seen.probabilities.sum(1), 1)
    assert file_of(name).stat().st_size < LARGEST


@pytest.mark.parametrize("name", NAMES)
def test_it_is_certain_of_images_and_of_nothing_else(name):
    found, held_out = shipped(name).classifier, NamedSet(name=name).distribution
    one, other = held_out.points[:100], held_out.points[100:200]
    noise = np.random.default_rng(0).normal(size=one.shape)

    def certain(x: np.ndarray) -> float:
        return float(found.see(x).probabilities.max(1).mean())

    assert certain(one) > 0.93
    assert certain((one + other) / 2) < 0.75
    assert certain(noise) < 0.3
    assert certain(np.full_like(one, np.nan)) < 0.5


def test_all_that_ship_are_those_that_are_made():
    assert {path.stem for path in FOLDER.glob("*")} == set(NAMES)
    assert shipped("two_moons") is None
    for name in NAMES:
        with safe_open(file_of(name), framework="pt") as file:
            header = file.metadata()
        assert (header["data"], header["format"]) == (name, "1")
        assert tuple(json.loads(header["shape"])) == NamedSet(name=name).shape


def test_training_is_reproducible():
    (one, right), (again, same) = train("digits", steps=8), train("digits", steps=8)
    assert right == same
    assert all((a == b).all() for a, b in zip(one.parameters(), again.parameters(), strict=True))


@pytest.mark.parametrize("shape", [(8, 8), (28, 28), (32, 32, 3), (5, 9), (16, 20, 3)])
def test_images_of_any_shape(shape):
    x = np.random.default_rng(0).uniform(-1, 1, (3, np.prod(shape)))
    seen = Classifier(shape, 7).see(x)
    assert seen.features.shape == (3, SIZE)
    assert seen.probabilities.shape == (3, 7)
    assert Classifier(shape, 7).see(x[:0]).features.shape == (0, SIZE)
