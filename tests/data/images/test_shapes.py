"""The shapes are drawn from their factors: areas, places and turns are those that the factors say."""

import numpy as np
import pytest

from playground.data import NamedSet
from playground.data.images.shapes import PLACES, SHAPES, SIDE, ColouredShapes, Shapes, rgb

ALL = frozenset({"size", "angle", "x", "y", "hue"})
NUMBERS = range(len(SHAPES))


@pytest.fixture
def every() -> Shapes:
    return Shapes(len(SHAPES), ALL)


def factors_of(number: int, n: int = 200, **fixed: float) -> np.ndarray:
    found = Shapes(len(SHAPES), ALL).sample_factors(n, np.random.default_rng(number))
    found[:, 0] = number
    for column, name in enumerate(("size", "angle", "x", "y"), 1):
        found[:, column] = fixed.get(name, found[:, column])
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_area_and_centroid_are_those_of_the_factors(every, number):
    factors = factors_of(number)
    ink = every.coverage(factors)
    assert (ink.min() >= 0) & (ink.max() <= 1)
    area = np.pi * factors[:, 1] ** 2
    assert (ink.sum(1) / area).mean() == pytest.approx(1, abs=0.03)
    assert np.abs(ink.sum(1) / area - 1).max() < 0.12  # a side along the pixels is rounded
    middle = ink @ PLACES[:2].T / ink.sum(1, keepdims=True)
    assert np.abs(middle - factors[:, 3:5]).max() < 0.1


@pytest.mark.parametrize("number", NUMBERS)
def test_no_shape_is_cut_off(every, number):
    """What would lie outside is at most half a pixel's row."""
    image = every.coverage(factors_of(number, 2000)).reshape(-1, SIDE, SIDE)
    border = np.concatenate(
        [image[:, [0, -1]].reshape(len(image), -1), image[:, :, [0, -1]].reshape(len(image), -1)], 1
    )
    assert border.max() < 0.7


def test_sizes_in_any_direction():
    """Where a quarter of a turn shows: the disc is round, and the triangle points upwards."""
    x, y = PLACES[:2]
    still = {
        number: Shapes(5, ALL).coverage(factors_of(number, 1, size=3.2, angle=0, x=0, y=0))[0] for number in NUMBERS
    }
    for ink in (still[0], still[1], still[3]):
        assert np.array_equal(ink.reshape(SIDE, SIDE), ink.reshape(SIDE, SIDE).T)
    for number in (2, 4):
        ink = still[number].reshape(SIDE, SIDE)
        assert np.allclose(ink, ink[:, ::-1], atol=1e-6), "upright"
        assert (ink.sum(1) > 0)[: SIDE // 2].sum() > (ink.sum(1) > 0)[SIDE // 2 :].sum(), "its point, or arc, is above"
    assert np.hypot(x, y)[still[0] > 0.99].max() < 3.2 < np.hypot(x, y)[still[0] > 0].max()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_whole_turn_comes_back_and_a_part_doesn_t(every, number):
    a = factors_of(number, 50, angle=0.0)
    half, whole = a.copy(), a.copy()
    half[:, 2], whole[:, 2] = 0.5, 1.0
    first, turned, back = (every.images(f) for f in (a, half, whole))
    assert np.abs(first - back).max() < 1e-4
    assert (np.abs(first - turned).max(1) > 0.3).all() == (number > 0), "a disc is the same at every angle"


def test_images_are_those_of_the_factors_that_are_drawn_with_them(every):
    images, labels = every.sample(600, np.random.default_rng(4))
    factors = every.sample_factors(600, np.random.default_rng(4))
    assert np.array_equal(images, every.images(factors))
    assert np.array_equal(labels, factors[:, 0])
    assert images.shape == (600, every.dim)
    assert (images.min(), images.max()) == (-1, 1)
    assert set(labels.tolist()) == set(NUMBERS)
    for factor, column in zip(every.factors, factors.T, strict=True):
        assert (factor.low <= column).all() & (column <= factor.high).all()
        assert column.std() == pytest.approx((factor.high - factor.low) / 12**0.5, rel=0.25)


@pytest.mark.parametrize(
    "free", [set(), {"x"}, {"angle", "size"}, {"hue"}, set(ALL)], ids=lambda free: "-".join(sorted(free))
)
def test_what_is_fixed_is_fixed_and_the_rest_stays_as_it_was(free):
    chosen = ColouredShapes(3, frozenset(free))
    factors = chosen.sample_factors(200, np.random.default_rng(0))
    everything = ColouredShapes(3, ALL).sample_factors(200, np.random.default_rng(0))
    for factor, column, before in zip(chosen.factors, factors.T, everything.T, strict=True):
        varies = factor.name in free | {"shape"}
        assert np.array_equal(column, before if varies else np.full(200, factor.middle)), factor.name


def test_a_traversal_changes_one_factor(every):
    here = every.sample_factors(1, np.random.default_rng(2))[0]
    for column, factor in enumerate(every.factors):
        steps = len(SHAPES) if factor.whole else 7
        images = every.traversal(here, factor.name, steps)
        ends = every.images(
            np.stack([np.where(np.arange(5) == column, end, here) for end in (factor.low, factor.high)])
        )
        assert np.array_equal(images[0], ends[0])
        assert np.array_equal(images[-1], ends[1]) is (not factor.cyclic)
    with pytest.raises(ValueError, match="not in"):
        every.traversal(here, "colour", 3)


def test_images_change_continuously(every):
    """A hundredth of a pixel, or of a turn, changes no pixel by more than it moves the edge."""
    here = every.sample_factors(300, np.random.default_rng(3))
    for column, step, most in ((1, 0.01, 0.05), (2, 0.001, 0.1), (3, 0.01, 0.03), (4, 0.01, 0.03)):
        there = here.copy()
        there[:, column] += step
        assert np.abs(every.images(there) - every.images(here)).max() < most


def test_colours_are_pure_and_lie_on_black():
    assert rgb(np.array([0, 1 / 3, 2 / 3, 1])).round(9).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    chosen = ColouredShapes(3, ALL)
    factors = chosen.sample_factors(100, np.random.default_rng(0))
    images = chosen.images(factors).reshape(100, SIDE * SIDE, 3)
    ink = chosen.coverage(factors)
    assert np.allclose((images + 1) / 2, ink[:, :, None] * rgb(factors[:, -1])[:, None], atol=1e-6)
    assert (images[ink == 0] == -1).all()


@pytest.mark.parametrize("name", ["shapes", "coloured_shapes"])
def test_as_data_sets(name, rng):
    chosen = NamedSet(name=name, settings={"count": 2, "x": False})
    images, labels = chosen.distribution.sample(50, rng)
    assert chosen.distribution.class_names == ("disc", "square")
    assert set(labels.tolist()) == {0, 1}
    assert chosen.size is None, "they are drawn without end"
    learned, _ = chosen.training_points(300, seed=0)
    assert not {row.tobytes() for row in images} & {row.tobytes() for row in learned}, "no image is seen twice"
    assert "x" not in chosen.distribution.free
