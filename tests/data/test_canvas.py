"""The square: what fills it, and that its map goes both ways for arrays and tensors."""

import numpy as np
import pytest

from playground.data import Square


def test_around_fills_the_square():
    square = Square.around([[10, 100], [14, 101], [11, 100.5]])
    assert square.centre == (12, 100.5)
    np.testing.assert_allclose(square.to_square(np.array([[10, 100], [14, 101]])), [[-3.2, -0.8], [3.2, 0.8]])


@pytest.mark.parametrize("points", [[[5, 6]], [[5, 6], [5, 6]], [[1e-300, 0], [0, 0]]])
def test_points_in_one_place_keep_their_scale(points):
    assert Square.around(points).scale == 1
    np.testing.assert_allclose(Square.around(points).to_square(np.array(points)), np.zeros((len(points), 2)), atol=1e-9)


def test_there_and_back():
    square, x = Square.around([[-3, 7], [1e3, 8]]), np.random.default_rng(0).normal(size=(4, 5, 2))
    np.testing.assert_allclose(square.from_square(square.to_square(x)), x, atol=1e-12)
    np.testing.assert_array_equal(Square.identity.to_square(x), x)


def test_tensors_stay_tensors():
    torch = pytest.importorskip("torch")
    square = Square(centre=(1, 2), scale=0.5)
    x = torch.tensor([[3.0, 4.0]], requires_grad=True)
    y = square.to_square(x)
    assert y.dtype == torch.float32
    assert y.requires_grad
    assert y.tolist() == [[1, 1]]
    assert square.from_square(y).tolist() == [[3, 4]]
