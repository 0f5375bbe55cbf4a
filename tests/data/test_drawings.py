"""Drawings: what is accepted, what JSON and links restore, and that hostile input gets one sentence."""

import json
import time

import numpy as np
import pytest
from pydantic import ValidationError

from playground.data import DataError, Drawing, Normalizer
from playground.data.drawings import MAX_LINK_CHARACTERS, MAX_POINTS

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
        ([[0, 0], [1e7, 1]], "within ±1,000,000"),
        ([[0, 0], [10**400, 1]], "within ±1,000,000"),
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
        ([0, 4], "from 0 to 3"),
        ([-1, 0], "from 0 to 3"),
        ([0, 10**400], "from 0 to 3"),
        ([0, True], "from 0 to 3"),
        ([0, 1.0], "from 0 to 3"),
        ([0, "1"], "from 0 to 3"),
        ([[0], [1]], "from 0 to 3"),
        ("01", "from 0 to 3"),
        (np.array([0.0, 1.0]), "from 0 to 3"),
        (np.array([[0, 1]]), "from 0 to 3"),
        (np.array([0, 5]), "from 0 to 3"),
    ],
)
def test_labels_that_are_refused(labels, complaint):
    assert complaint in sentence(points=[[0, 0], [1, 1]], labels=labels)


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


@pytest.mark.parametrize("labels", [None, RNG.integers(0, 4, 500)])
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


# Links.


def test_the_link_of_a_known_drawing():
    """Fixed forever: links that are out in the world must keep their meaning, and JavaScript writes them too."""
    drawing = Drawing(points=[(-4, 4), (0, 0), (1.5, -0.25)], labels=[0, 3, 3])
    assert drawing.encode() == "AA__gAgAsAeA.AAwB"
    again = Drawing.decode("AA__gAgAsAeA.AAwB")
    np.testing.assert_array_equal(again.points, [[-4, 4095 / 512 - 4], [0, 0], [1.5, -0.25]])
    np.testing.assert_array_equal(again.labels, [0, 3, 3])


@pytest.mark.parametrize(
    "labels", [None, np.zeros(1500, int), np.repeat([3, 0, 3], [1100, 399, 1]), np.arange(1500) // 100 % 4]
)
def test_links_restore_a_drawing_to_a_thousandth(labels):
    drawing = Drawing(points=RNG.uniform(-4, 3.998, (1500, 2)), labels=labels)
    text = drawing.encode()
    again = Drawing.decode(text)
    assert np.abs(again.points - drawing.points).max() <= 0.5 / 512 + 1e-6
    assert (again.labels is None) == (labels is None)
    assert labels is None or np.array_equal(again.labels, labels)
    assert Drawing(points=text) == again
    assert again.encode() == text
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_what_no_link_can_carry():
    points = RNG.uniform(-4, 4, (2001, 2))
    assert len(Drawing(points=points[:2000]).encode()) == MAX_LINK_CHARACTERS
    assert Drawing(points=points).encode() is None
    assert Drawing(points=points[:2000], labels=[0] * 2000).encode() is None
    assert len(Drawing(points=points[:750], on_canvas=False).encode()) == MAX_LINK_CHARACTERS
    assert Drawing(points=points[:751], on_canvas=False).encode() is None
    assert Drawing(points=[[0, 0], [1e-5, 0]]).encode() is None  # the same place, to a link


@pytest.mark.parametrize("labels", [None, np.arange(300) % 4])
@pytest.mark.parametrize("spread", [1e-9, 1, 1e5])
def test_links_restore_points_in_their_own_coordinates_exactly(spread, labels):
    drawing = Drawing(points=RNG.normal(size=(300, 2)) * spread, labels=labels, on_canvas=False)
    text = drawing.encode()
    assert Drawing.decode(text, on_canvas=False) == Drawing(points=text, on_canvas=False) == drawing
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


EXACT = Drawing(points=[(0.5, -2), (100, 3)], on_canvas=False).encode()


@pytest.mark.parametrize(
    "text",
    [
        "", "A", EXACT + "A", EXACT[:-1], EXACT[:-1] + "_", EXACT + "=", EXACT.replace("A", "+", 1), EXACT + ".",
        EXACT + ".AA", EXACT[:11], "AACAfw" + "AAAAgD8" * 3, " " + EXACT, "Ä" * 22, "💣" * 22,
        "A" * 10**7, "AADAfwAAwH8AAMB_AADAfw", "//" * 11, EXACT + ".AAAAAA",
    ],
)  # fmt: skip
def test_exact_links_that_are_refused(text):
    with pytest.raises(DataError, match=r"^[^\n]{10,80}\.$"):
        Drawing.decode(text, on_canvas=False)
    assert sentence(points=text, on_canvas=False)


GOOD = "AA__gAgA"


@pytest.mark.parametrize(
    "text",
    [
        "", "A", "AAAA", GOOD + "A", GOOD + "AA", "AAA=gAgA", "AA/+gAgA", " " + GOOD[1:], "ÄA__gAgA", "\x00A__gAgA",
        "AA\n_gAgA", ".", GOOD + ".", GOOD + ".A", GOOD + ".AA", GOOD + ".AC", GOOD + ".AAAAAA", GOOD + ".AB.", ".AB",
        GOOD + ".P_", GOOD + "." + "__" * 3900, "AAAA" * 30, GOOD * 1001, "A" * 10**7,
        "\N{FULLWIDTH LATIN CAPITAL LETTER A}" * 8, "💣" * 4,
    ],
)  # fmt: skip
def test_links_that_are_refused(text):
    with pytest.raises(DataError, match=r"^[^\n]{10,80}\.$"):
        Drawing.decode(text)
    assert sentence(points=text)


def test_a_link_brings_its_own_labels():
    assert "bring their own" in sentence(points=GOOD, labels=[0, 1])
    assert "bring their own" in sentence(points=GOOD, on_canvas="yes")
    assert Drawing(points=GOOD + ".AAQA", on_canvas=True).labels.tolist() == [0, 1]
