"""Values that are computed in pieces, once."""

import pytest

from playground.views import gradual as module
from playground.views.gradual import gradual


@pytest.fixture
def squares():
    """A gradual function, and the pieces that it has computed."""
    pieces: list[int] = []

    @gradual
    def square(n: int):
        """The square of n."""
        for i in range(n):
            if n > 10:
                raise ValueError("too large")
            pieces.append(i)
            yield
        return n**2

    return square, pieces


def test_at_once(squares):
    square, pieces = squares
    assert square(3) == square(3) == 9
    assert pieces == [0, 1, 2], "computed once"
    assert square.__doc__ == "The square of n."


def test_in_pieces(squares):
    square, pieces = squares
    seen = [len(pieces) for _ in square.ahead(3)]
    assert seen == [0, 1, 2, 3], "it yields before each"
    assert square(3) == 9
    assert pieces == [0, 1, 2]
    assert list(square.ahead(3)) == []


def test_several_share_the_work(squares):
    square, pieces = squares
    both = [square.ahead(4), square.ahead(4)]
    for _ in range(6):
        for ahead in both:
            next(ahead, None)
    assert pieces == [0, 1, 2, 3]
    assert square(4) == 16


def test_what_is_begun_is_finished_at_once_when_it_is_needed(squares):
    square, pieces = squares
    ahead = square.ahead(4)
    next(ahead), next(ahead)
    assert square(4) == 16
    assert pieces == [0, 1, 2, 3]
    assert list(ahead) == []


def test_an_error_is_raised_and_not_kept(squares):
    square, _ = squares
    for _ in range(2):
        with pytest.raises(ValueError, match="too large"):
            square(11)


def test_the_number_of_values_is_bounded(squares, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    square, pieces = squares
    assert [square(n) for n in (1, 2, 3)] == [1, 4, 9]
    pieces.clear()
    square(3), square(2)
    assert pieces == []
    square(1)
    assert pieces == [0]
