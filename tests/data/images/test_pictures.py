"""Images that somebody brings along are checked, kept as bytes, and divided once and for all."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.data import Normalizer, Pictures
from playground.families import FAMILIES


@pytest.fixture
def images(rng) -> np.ndarray:
    return rng.integers(0, 256, (40, 8, 6), dtype=np.uint8)


def labelled(counts: list[int], rng: np.random.Generator) -> Pictures:
    labels = np.repeat(np.arange(len(counts)), counts)
    return Pictures(images=rng.integers(0, 256, (len(labels), 8, 8), dtype=np.uint8), labels=rng.permutation(labels))


@pytest.mark.parametrize("colour", [False, True])
def test_every_image_is_learned_or_held_out(colour, rng):
    shape = (8, 6, 3) if colour else (8, 6)
    own = Pictures(images=rng.integers(0, 256, (43, *shape), dtype=np.uint8))
    shown, learned = own.distribution, own.distribution.training
    assert (len(shown), len(learned), own.size) == (8, 35, 35)
    assert sorted([*shown.which, *learned.which]) == list(range(43))
    points, labels = own.training_points(0, seed=3)
    assert np.array_equal(points, own.images[learned.which].reshape(35, -1) / 127.5 - 1)
    assert not labels.any()
    drawn, _ = shown.sample(500, rng)
    assert {row.tobytes() for row in drawn} == {row.tobytes() for row in shown.values(np.arange(8))}
    assert (own.shape, own.distribution.dim) == (shape, np.prod(shape))
    assert own.normalizer == Normalizer.pixels


@pytest.mark.parametrize("counts", [[100, 100], [50, 5, 5], [19, 1], [2] * 10, [1] * 9 + [31]], ids=str)
def test_of_each_class_a_fifth_is_held_out_and_some_are_learned(counts, rng):
    own = labelled(counts, rng)
    shown, learned = own.distribution, own.distribution.training
    held = np.bincount(shown.labels, minlength=len(counts))
    assert len(shown.labels), "a model is compared with something"
    assert np.abs(held - np.array(counts) / 5).max() < 1
    assert (np.bincount(learned.labels, minlength=len(counts)) > 0).all()
    assert np.array_equal(own.labels[shown.which], shown.labels)
    assert shown.classes == learned.classes == len(counts)


def test_sorted_images_are_shuffled(rng):
    images = rng.integers(0, 256, (200, 8, 8), dtype=np.uint8)
    learned = Pictures(images=images, labels=np.repeat([0, 1], 100)).distribution.training
    assert 20 < learned.labels[:80].sum() < 60, "the first of them are not all of one class"


def test_floats_are_rounded_to_bytes(images):
    of_floats = Pictures(images=(images / 127.5 - 1).astype(np.float32))
    assert of_floats == Pictures(images=images)
    assert hash(of_floats) == hash(Pictures(images=images))


def test_what_differs_is_different(images):
    known = Pictures(images=images)
    other = images.copy()
    other[3, 2, 1] += 1
    labels = np.arange(40) % 2
    same_bytes = images.reshape(40, 6, 8)
    others = [Pictures(images=other), Pictures(images=images, labels=labels), Pictures(images=same_bytes)]
    others.append(Pictures(images=images, labels=labels, names=("a", "b")))
    assert len({known.digest, *(one.digest for one in others)}) == 5
    assert all(known != one for one in others)
    images[0] = 0
    assert known != Pictures(images=images), "a change of the array changes nothing"


def test_through_json(images):
    own = Experiment(family="vae", dataset=images, labels=np.arange(40) % 3)
    assert Experiment.model_validate_json(own.model_dump_json()) == own
    assert Experiment.model_validate(json.loads(json.dumps(own.model_dump(mode="json")))) == own
    assert own.to_query() == "family=vae", "no link holds them"


def as_json(shape, content: bytes = bytes(range(256)) * 5) -> dict:
    from base64 import b64encode

    return {"shape": shape, "bytes": b64encode(content).decode()}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.zeros((40, 8)), "shape (n, height, width)"),
        (np.zeros((40, 8, 8, 4)), "shape (n, height, width)"),
        (np.zeros((40, 8, 8, 3, 1)), "shape (n, height, width)"),
        ([[[0] * 8] * 8] * 40, "must be an array"),
        (np.zeros((40, 3, 8), np.uint8), "4 to 32 pixels"),
        (np.zeros((40, 8, 33), np.uint8), "4 to 32 pixels"),
        (np.zeros((19, 8, 8), np.uint8), "There are 19 images; at least 20"),
        (np.zeros((0, 8, 8), np.uint8), "There are 0 images"),
        (np.zeros((10_001, 32, 32), np.uint8), "10,241,024 pixels in all"),
        (np.zeros((40, 8, 8), np.uint8), "all the same"),
        (np.zeros((40, 8, 8), np.int64), "bytes from 0 to 255"),
        (np.zeros((40, 8, 8), complex), "bytes from 0 to 255"),
        (np.zeros((40, 8, 8), bool), "bytes from 0 to 255"),
        (np.zeros((40, 8, 8), object), "bytes from 0 to 255"),
        (np.full((40, 8, 8), 1.01), "within −1 and 1"),
        (np.full((40, 8, 8), np.nan), "within −1 and 1"),
        (np.full((40, 8, 8), np.inf), "within −1 and 1"),
        (as_json([20, 8, 8], bytes(1279)), "as JSON"),
        (as_json([20, 8, -8]), "as JSON"),
        (as_json([20, 8, 8.0]), "as JSON"),
        (as_json([20, 8, True]), "as JSON"),
        (as_json("20"), "as JSON"),
        (as_json([10**9] * 9), "as JSON"),
        (as_json([]), "as JSON"),
        (as_json([20, 8, 8]) | {"more": 1}, "as JSON"),
        ({"shape": [20, 8, 8], "bytes": "*" * 1708}, "as JSON"),
        ({"shape": [20, 8, 8], "bytes": None}, "as JSON"),
        (None, "must be an array"),
        (7, "must be an array"),
    ],
    ids=lambda value: "" if isinstance(value, str) else None,
)
def test_what_is_wrong_gets_one_sentence(given, words):
    with pytest.raises(ValidationError) as caught:
        Pictures(images=given)
    [error] = caught.value.errors()
    assert words in error["msg"]
    assert "\n" not in error["msg"]


def test_labels_must_fit(images):
    for labels, names in ([[0] * 39, None], [[10] * 40, None], [[0.5] * 40, None], [[0] * 39 + [2], ("a", "b")]):
        with pytest.raises(ValidationError):
            Pictures(images=images, labels=labels, names=names)
    with pytest.raises(ValidationError, match="array of points or images"):
        Experiment(dataset="shapes", labels=[0])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", [(8, 8), (5, 4, 3)], ids=str)
def test_every_family_takes_them(family, shape, rng):
    experiment = Experiment(
        family=family, dataset=rng.integers(0, 256, (30, *shape), dtype=np.uint8), config={"batch_size": 32}, steps=2
    )
    assert experiment.dataset.title == "Your images"
    assert experiment.data(7, seed=0).shape == (7, np.prod(shape))


@pytest.mark.parametrize("family", ["flow", "diffusion", "gan", "vae"])
def test_the_largest_that_can_be_uploaded_fit_the_usual_settings(family, rng):
    usual = FAMILIES[family].Config.defaults("images")
    config = {name: value for name, value in usual.items() if name in FAMILIES[family].Config.model_fields}
    images = rng.integers(0, 256, (20, 28, 28, 3), dtype=np.uint8)
    budget = {name: usual[name] for name in usual.keys() & {"steps"}}
    assert Experiment(family=family, dataset=images, config=config, **budget).dim == 2352
