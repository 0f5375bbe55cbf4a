"""Drawings in links: what they restore, and that damaged ones get one sentence."""

import numpy as np
import pytest
from pydantic import ValidationError

from playground.data import DataError, Drawing
from playground.data.link_text import MAX_LINK_CHARACTERS

RNG = np.random.default_rng(0)


def sentence(**given) -> str:
    """The one complaint about a drawing."""
    with pytest.raises(ValidationError) as caught:
        Drawing(**given)
    (error,) = caught.value.errors()
    return error["msg"]


def test_the_link_of_a_known_drawing():
    """Fixed forever: links that are out in the world must keep their meaning, and JavaScript writes them too."""
    drawing = Drawing(points=[(-4, 4), (0, 0), (1.5, -0.25)], labels=[0, 3, 3])
    assert drawing.encode() == "AA__gAgAsAeA.AAwB"
    again = Drawing.decode("AA__gAgAsAeA.AAwB")
    np.testing.assert_array_equal(again.points, [[-4, 4095 / 512 - 4], [0, 0], [1.5, -0.25]])
    np.testing.assert_array_equal(again.labels, [0, 3, 3])


def test_the_links_of_more_classes_an_origin_and_names():
    """Fixed forever, too."""
    many = Drawing(points=[(-4, 4), (0, 0), (1.5, -0.25)], labels=[0, 9, 9])
    assert many.encode() == "AA__gAgAsAeA..AAkB"
    assert Drawing.decode("AA__gAgAsAeA..AAkB").labels.tolist() == [0, 9, 9]
    points = [(0.5, -2), (100, 3)]
    assert Drawing(points=points, on_canvas=False).encode() == EXACT
    assert Drawing(points=points, on_canvas=False, origin=(1, -2)).encode() == EXACT + "...AAAAAAAA8D8AAAAAAAAAwA"
    named = Drawing(points=points, labels=[0, 1], names=["a", "ä"], on_canvas=False, origin=(1, -2))
    assert named.encode() == EXACT + ".AAQA..AAAAAAAA8D8AAAAAAAAAwA.YQrDpA"
    assert Drawing.decode(named.encode(), on_canvas=False) == named
    assert Drawing(points=points, labels=[0, 1], names=["a", "ä"], on_canvas=False).encode() == EXACT + ".AAQA...YQrDpA"


@pytest.mark.parametrize(
    "labels",
    [
        None,
        np.zeros(1500, int),
        np.repeat([3, 0, 3], [1100, 399, 1]),
        np.arange(1500) // 100 % 4,
        np.arange(1500) // 100 % 10,
        np.repeat([9, 0, 4], [256, 257, 987]),
    ],
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


@pytest.mark.parametrize("labels", [None, np.arange(300) % 4, np.arange(300) % 10])
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
        "A" * 10**7, "AADAfwAAwH8AAMB_AADAfw", "//" * 11, EXACT + ".AAAAAA", EXACT + "..", EXACT + "...AAAA",
        EXACT + ".AAQA.AAEA", EXACT + "...AAAAAAAA8H8AAAAAAAAAwA", EXACT + "...AAAAAAAA8D8AAAAAAAAAwA.",
        EXACT + "....YQ", EXACT + ".AAQA...YQ", EXACT + ".AAQA...gICA", EXACT + ".AAQA...YQrDpA.YQ",
        EXACT + "...AAAAAAAA8D8AAAAAAAAAwAAAAAAAAPA_AAAAAAAAAMA", EXACT + ".AAQA...YQpi" + "Yg" * 30, "." * 9,
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
        GOOD + ".P_", GOOD + "..", GOOD + "..KAAA", GOOD + "..AAAAAA", GOOD + "...AAAAAAAA8D8AAAAAAAAAwA",
        GOOD + "." + "__" * 3900, "AAAA" * 30, GOOD * 1001, "A" * 10**7,
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
