"""Beside a sample stands the training image nearest to it; strips go from the image to its noise."""

import numpy as np
import pytest
from tiles import values

from playground.views import VIEWS
from playground.views.common.images import LEAST_TIMES, ROOM, SIDE, few


def test_the_nearest_training_image_stands_beside_a_sample(perfect):
    known = perfect.run.pool.numpy()
    rng, n = np.random.default_rng(0), SIDE**2
    perfect.final_samples = (known[:n] + 0.05 * rng.normal(size=(n, 64))).astype(np.float32)
    samples, nearest = VIEWS["nearest_images"].draw(VIEWS["nearest_images"].measure(perfect, False))
    assert np.allclose(values(nearest)[0].reshape(-1, 64), known[: nearest["n"]], atol=1 / 120)
    shown = perfect.final_samples[: samples["n"]].clip(-1, 1)
    assert np.allclose(values(samples)[0].reshape(-1, 64), shown, atol=1 / 120)


def test_noised_images_go_from_the_image_to_the_noise_it_is_paired_with(flow):
    strip, moving = VIEWS["noised_images"].draw(VIEWS["noised_images"].measure(flow, True))
    first = values(strip).reshape(SIDE, -1, 64)
    assert np.allclose(first[:, 0], flow.data[:SIDE], atol=1 / 120)
    assert np.allclose(first[:, -1], flow.noise[:SIDE].numpy().clip(-1, 1), atol=1 / 120)
    assert np.allclose(values(moving)[-1].reshape(-1, 64), flow.data[:SIDE], atol=1 / 120)
    assert (moving["times"][0], moving["times"][-1]) == (0, 1)


@pytest.mark.parametrize("dim", [64, 784, 3072])
def test_many_pixels_have_fewer_times(dim):
    images, times = few(np.zeros((17, 64, dim)), np.linspace(0, 1, 17))
    assert len(images) == len(times)
    assert times[0] == 0
    assert times[-1] == 1
    assert images.size <= ROOM or len(times) == LEAST_TIMES
    assert len(times) == 17 or images.size > ROOM / 2
