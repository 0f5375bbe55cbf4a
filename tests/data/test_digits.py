"""The digits are scikit-learn's, split once and for all."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from playground.data import NamedSet, Normalizer
from playground.data.digits import HELD_OUT, Digits
from playground.data.distributions import Distribution


@pytest.fixture(params=["train", "test"])
def digits(request) -> Digits:
    return Digits(request.param)


def test_it_is_a_distribution_of_images(digits, rng):
    assert isinstance(digits, Distribution)
    images, labels = digits.sample(500, rng)
    assert images.shape == (500, 64) == (500, np.prod(digits.shape))
    assert labels.shape == (500,)
    assert images.min() == -1
    assert images.max() == 1
    assert set(labels.tolist()) == set(range(digits.classes))
    with pytest.raises(TypeError):
        digits.log_density(images)


def test_the_same_seed_draws_the_same(digits):
    first, second = (digits.sample(20, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_both_parts_are_all_of_it():
    train, test = Digits("train"), Digits("test")
    pixels, labels = load_digits(return_X_y=True)

    def rows(images, labels) -> list[tuple]:
        return sorted(map(tuple, np.column_stack([images, labels])))

    both = rows(np.concatenate([train.points, test.points]), np.concatenate([train.labels, test.labels]))
    assert both == rows(pixels / 8 - 1, labels)
    assert len(test.points) == HELD_OUT
    assert np.bincount(test.labels).min() > 20, "every class is held out"


def test_an_image_keeps_its_label(rng):
    """Means of a class differ from each other, and are where a nearest neighbour finds the class."""
    train, (images, labels) = Digits("train"), Digits("test").sample(200, rng)
    distances = ((images[:, None] - train.points) ** 2).sum(2)
    assert (train.labels[distances.argmin(1)] == labels).mean() > 0.95


def test_models_learn_from_the_others(rng):
    chosen = NamedSet(name="digits")
    learned, labels = chosen.training_points(65_536, seed=0)
    shown, _ = chosen.distribution.sample(2000, rng)
    assert learned.shape == (1437, 64)
    assert labels.shape == (1437,)
    assert not {row.tobytes() for row in learned} & {row.tobytes() for row in shown}
    assert chosen.normalizer == Normalizer.pixels
    assert np.array_equal(chosen.normalizer.from_canvas(chosen.normalizer.to_canvas(shown)), shown)


@pytest.mark.parametrize("classes", [1, 2, 10])
def test_one_can_have_fewer(classes):
    chosen = NamedSet(name="digits", settings={"classes": classes})
    for source in (chosen.distribution, chosen.distribution.training):
        assert set(source.labels) == set(range(classes))
        assert source.classes == len(source.class_names) == classes
