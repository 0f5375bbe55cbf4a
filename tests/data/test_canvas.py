"""The square: what fills it, and that its map goes both ways for arrays and tensors."""

import numpy as np
import pytest

from playground.data import Normalizer


def test_around_fills_the_square():
    normalizer = Normalizer.around([[10, 100], [14, 101], [11, 100.5]])
    assert normalizer.centre == (12, 100.5)
    np.testing.assert_allclose(normalizer.to_canvas(np.array([[10, 100], [14, 101]])), [[-3.2, -0.8], [3.2, 0.8]])


@pytest.mark.parametrize("points", [[[5, 6]], [[5, 6], [5, 6]], [[1e-300, 0], [0, 0]]])
def test_points_in_one_place_keep_their_scale(points):
    assert Normalizer.around(points).scale == 1
    np.testing.assert_allclose(
        Normalizer.around(points).to_canvas(np.array(points)), np.zeros((len(points), 2)), atol=1e-9
    )


def test_there_and_back():
    normalizer, x = Normalizer.around([[-3, 7], [1e3, 8]]), np.random.default_rng(0).normal(size=(4, 5, 2))
    np.testing.assert_allclose(normalizer.from_canvas(normalizer.to_canvas(x)), x, atol=1e-12)
    np.testing.assert_array_equal(Normalizer.identity.to_canvas(x), x)


def test_tensors_stay_tensors():
    torch = pytest.importorskip("torch")
    normalizer = Normalizer(centre=(1, 2), scale=0.5)
    x = torch.tensor([[3.0, 4.0]], requires_grad=True)
    y = normalizer.to_canvas(x)
    assert y.dtype == torch.float32
    assert y.requires_grad
    assert y.tolist() == [[1, 1]]
    assert normalizer.from_canvas(y).tolist() == [[3, 4]]
