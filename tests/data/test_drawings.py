"""Drawings: what is accepted, what JSON and links restore, and that hostile input gets one sentence."""

import json
import time

import numpy as np
import pytest
from pydantic import ValidationError

from playground.data import Drawing, Normalizer
from playground.data.drawings import MAX_POINTS

RNG = np.random.default_rng(0)


def sentence(**given) -> str:
    """The one complaint about a drawing."""
    with pytest.raises(ValidationError) as caught:
        Drawing(**given)
    (error,) = caught.value.errors()
    assert error["msg"].endswith(".")
    assert "\n" not in error["msg"]
    assert len(error["msg"]) < 120
    return error["msg"]


@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ([], "at least two points"),
        ([[1, 1]], "at least two points"),
        ([[1, 1]] * 50, "at least two points"),
        (np.zeros((0, 2)), "at least two points"),
        ([[0, 0], [1, float("nan")]], "finite"),
        (np.array([[0, 0], [np.inf, 1]]), "finite"),
        ([[0, 0], [1e10, 1]], "within ±1,000,000,000"),
        ([[0, 0], [10**400, 1]], "within ±1,000,000,000"),
        ([[0, 0], [4.01, 1]], "on the canvas"),
        ([[0, 0], [1, 2, 3]], "pairs of numbers"),
        ([[0, 0], [1]], "pairs of numbers"),
        ([[0, 0], ["1", "2"]], "pairs of numbers"),
        ([[0, 0], [True, 1]], "pairs of numbers"),
        ([[0, 0], [None, 1]], "pairs of numbers"),
        ([[0, 0], [[1], [2]]], "pairs of numbers"),
        ([[0, 0], "ab"], "pairs of numbers"),
        ([[0, 0], {1: 2, 3: 4}], "pairs of numbers"),
        ([1, 2, 3], "pairs of numbers"),
        ({"x": 1}, "pairs of numbers"),
        (7, "pairs of numbers"),
        (None, "pairs of numbers"),
        (np.zeros(4), "pairs of numbers"),
        (np.array(3.0), "pairs of numbers"),
        (np.zeros((3, 3)), "pairs of numbers"),
        (np.array([[True, False], [False, True]]), "pairs of numbers"),
        (np.array([["1", "2"], ["3", "4"]]), "pairs of numbers"),
        (np.array([[1j, 0], [0, 0]]), "pairs of numbers"),
        (np.array([[object(), 0], [0, 0]]), "pairs of numbers"),
        ([[0, 0]] * (MAX_POINTS + 1), "20,001 points"),
        ([object()] * (MAX_POINTS + 1), "20,001 points"),
        (np.zeros((MAX_POINTS + 1, 2)), "20,001 points"),
    ],
)
def test_points_that_are_refused(points, complaint):
    assert complaint in sentence(points=points)


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ([0], "exactly one class"),
        ([0] * 3, "exactly one class"),
        ([], "exactly one class"),
        ([0] * 50_000, "exactly one class"),
        ([0, 10], "from 0 to 9"),
        ([-1, 0], "from 0 to 9"),
        ([0, 10**400], "from 0 to 9"),
        ([0, True], "from 0 to 9"),
        ([0, 1.0], "from 0 to 9"),
        ([0, "1"], "from 0 to 9"),
        ([[0], [1]], "from 0 to 9"),
        ("01", "from 0 to 9"),
        (np.array([0.0, 1.0]), "from 0 to 9"),
        (np.array([[0, 1]]), "from 0 to 9"),
        (np.array([0, 10]), "from 0 to 9"),
    ],
)
def test_labels_that_are_refused(labels, complaint):
    assert complaint in sentence(points=[[0, 0], [1, 1]], labels=labels)


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ("ab", "list of at most 10"),
        ([], "list of at most 10"),
        (["a"] * 11, "list of at most 10"),
        ([1, 2], "list of at most 10"),
        ({"a": "b"}, "list of at most 10"),
        (["a", ""], "1 to 24 printable"),
        (["a", "  "], "1 to 24 printable"),
        (["a", "b" * 25], "1 to 24 printable"),
        (["a", "b\n"], "1 to 24 printable"),
        (["a", "\x1b[1m"], "1 to 24 printable"),
        (["a"], "needs a name"),
    ],
)
def test_names_that_are_refused(names, complaint):
    assert complaint in sentence(points=[[0, 0], [1, 1]], labels=[0, 1], names=names)


@pytest.mark.parametrize(
    "origin",
    [
        "ab",
        [],
        [1],
        [1, 2, 3],
        [1, "2"],
        [True, 1],
        [float("nan"), 0],
        [float("inf"), 0],
        [1e10, 0],
        [10**400, 0],
        5,
        {},
    ],
)
def test_origins_that_are_refused(origin):
    assert "two numbers within" in sentence(points=[[0, 0], [1, 1]], origin=origin, on_canvas=False)


def test_what_does_not_fit_together():
    assert "needs a name" in sentence(points=[[0, 0], [1, 1]], names=["a"])
    assert "on the canvas" in sentence(points=[[0, 0], [1, 1]], origin=[1, 0])
    assert "within ±1,000,000,000" in sentence(points=[[0, 0], [2e9, 1]], origin=None, on_canvas=False)
    assert "pairs" in sentence(points=[[0, 0], [1]], origin=None, on_canvas=False)
    assert "two points" in sentence(points=[], origin=None, on_canvas=False)


@pytest.mark.parametrize("value", ["perhaps", "true", 1, None])
def test_in_square_is_true_or_false(value):
    with pytest.raises(ValidationError, match="valid boolean"):
        Drawing(points=[[0, 0], [1, 1]], on_canvas=value)


def test_a_drawing_is_kept_as_it_is():
    points = RNG.uniform(-4, 4, (300, 2))
    drawing = Drawing(points=points, labels=np.arange(300) % 3)
    np.testing.assert_array_equal(drawing.points, points.astype(np.float32))
    assert (drawing.normalizer, drawing.title) == (Normalizer.identity, "Your drawing")
    assert drawing.distribution.classes == 3
    with pytest.raises(ValueError, match="read-only"):
        drawing.points[0, 0] = 1
    points[:] = 0
    assert drawing.points.any()


def test_own_coordinates_get_a_square_of_their_own():
    drawing = Drawing(points=[(0, 100), (200, 150)], on_canvas=False)
    assert drawing.normalizer.centre == (100, 125)
    assert np.abs(drawing.normalizer.to_canvas(drawing.points)).max() == pytest.approx(3.2)
    assert drawing.title == "Your points"


CIRCLE = np.stack([np.cos(np.arange(100)), np.sin(np.arange(100))], axis=1)


CENTRES = [(5e5, -5e5), (0.3, 1e6 - 1), (-12_345.678, 98_765.4321), (1e7, -1e7), (1e9 - 1, -4e8)]


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("radius", [0.05, 1e-3])
def test_points_far_from_the_origin_keep_their_shape(centre, radius):
    drawing = Drawing(points=CIRCLE * radius + centre, labels=np.arange(100) % 10, origin=None, on_canvas=False)
    rounded = np.spacing(np.abs(centre).max())  # in double precision, as numbers of a file are
    np.testing.assert_allclose(drawing.places, CIRCLE * radius + centre, rtol=0, atol=radius * 1e-6 + rounded)
    placed = drawing.normalizer.to_canvas(drawing.training_points(100, seed=0)[0])
    np.testing.assert_allclose(placed, CIRCLE * 3.2, atol=0.01)
    np.testing.assert_allclose(drawing.normalizer.from_canvas(placed), drawing.places, rtol=0, atol=1e-9 + rounded)
    np.testing.assert_allclose(drawing.distribution.points, drawing.places)
    assert Drawing.model_validate_json(drawing.model_dump_json()) == drawing
    assert Drawing.decode(drawing.encode(), on_canvas=False) == drawing
    assert drawing != Drawing(points=drawing.points, labels=drawing.labels, on_canvas=False)


@pytest.mark.parametrize("points", [CIRCLE, CIRCLE * 1e6 / 2, CIRCLE + 100, CIRCLE * 1e-9, [[7e5, 0], [7e5, 1e5]]])
def test_points_that_single_precision_holds_get_no_origin(points):
    drawing = Drawing(points=points, origin=None, on_canvas=False)
    assert drawing.origin == (0, 0)
    assert drawing.places is drawing.points
    np.testing.assert_array_equal(drawing.points, np.asarray(points, np.float32))


def test_names_are_those_of_the_distribution():
    named = Drawing(points=[[0, 0], [1, 1]], labels=[2, 0], names=["cat", "dog", "a newt"])
    assert named.distribution.class_names == ("cat", "dog", "a newt")
    assert named.distribution.classes == 3
    assert Drawing.model_validate_json(named.model_dump_json()) == named
    assert named != Drawing(points=named.points, labels=named.labels)


@pytest.mark.parametrize("labels", [None, RNG.integers(0, 10, 500)])
@pytest.mark.parametrize("spread", [1e-9, 1, 1e5])
def test_json_restores_a_drawing_exactly(spread, labels):
    drawing = Drawing(points=RNG.normal(size=(500, 2)) * spread, labels=labels, on_canvas=False)
    again = Drawing.model_validate_json(drawing.model_dump_json())
    assert again == drawing
    assert hash(again) == hash(drawing)
    assert again.model_dump_json() == drawing.model_dump_json()


def test_json_is_short_and_plain():
    drawing = Drawing(points=[(0.1, -2.5), (1 / 3, 4)], labels=[0, 2])
    expected = {"points": [[0.1, -2.5], [0.33333334, 4.0]], "labels": [0, 2], "on_canvas": True}
    assert json.loads(drawing.model_dump_json()) == expected


def test_drawings_differ_in_points_order_labels_and_place():
    points = [[0, 0], [1, 1], [2, 1]]
    one = Drawing(points=points)
    others = [
        Drawing(points=points[::-1]),
        Drawing(points=points[:2]),
        Drawing(points=points, labels=[0, 0, 1]),
        Drawing(points=points, on_canvas=False),
    ]
    assert one == Drawing(points=np.array(points))
    assert all(one != other for other in others)
    assert len({one, *others, Drawing(points=points)}) == 5


def test_twenty_thousand_points_are_validated_quickly():
    lists = RNG.uniform(-4, 4, (MAX_POINTS, 2)).tolist()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        Drawing(points=lists, labels=[1] * MAX_POINTS)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05
