"""Networks take and give rows of numbers, whatever the shape of a datum."""

import math
from types import SimpleNamespace

import pytest
import torch

from playground.networks import conditioned, convolutional, decoder, encoder, features
from playground.networks.pixels import coarsest, from_pixels, to_pixels
from playground.networks.unet import UNet

SETTINGS = SimpleNamespace(network="convolutional", width=16, depth=2, channels=4)
DENSE = SimpleNamespace(network="fully_connected", width=16, depth=2, channels=4)
SHAPES = [(8, 8), (16, 16), (28, 28), (8, 8, 3), (28, 28, 3), (5, 7), (12, 6)]


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def test_pixels_are_where_they_were():
    x = torch.arange(2 * 4 * 6 * 3.0).reshape(2, 4 * 6 * 3)
    images = to_pixels(x, (4, 6, 3))
    assert images.shape == (2, 3, 4, 6)
    assert images[1, 2, 3, 5] == x.reshape(2, 4, 6, 3)[1, 3, 5, 2]
    assert torch.equal(from_pixels(images), x)
    assert images.is_contiguous(memory_format=torch.channels_last)


def test_images_that_are_seen_together_are_channels():
    x = torch.arange(2 * 2 * 3 * 3.0).reshape(2, 2 * 9)
    pairs = to_pixels(x, (3, 3), together=2)
    assert pairs.shape == (2, 2, 3, 3)
    assert torch.equal(pairs[1, 1].flatten(), x[1, 9:])


def test_sides_are_halved_until_they_are_small_or_odd():
    assert [coarsest(shape) for shape in ((4, 4), (8, 8), (16, 16), (28, 28), (12, 6), (9, 8))] == [
        (4, 4),
        (4, 4),
        (4, 4),
        (7, 7),
        (6, 3),
        (9, 8),
    ]


@pytest.mark.parametrize("settings", [SETTINGS, DENSE], ids=lambda settings: settings.network)
@pytest.mark.parametrize("shape", [(2,), *SHAPES])
def test_every_network_takes_and_gives_rows(settings, shape):
    dim = math.prod(shape)
    assert convolutional(settings, shape) == (settings is SETTINGS and len(shape) > 1)
    x, z = torch.randn(3, 2, dim), torch.randn(3, 2, 5)
    assert encoder(settings, shape, 7)(x).shape == (3, 2, 7)
    assert decoder(settings, 5, shape)(z).shape == (3, 2, dim)
    assert conditioned(settings, shape, 5)(x[0], z[0]).shape == (2, dim)
    hidden, size = features(settings, shape, together=2)
    assert hidden(x.reshape(3, 2 * dim)).shape == (3, size)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_row_is_answered_by_itself(shape):
    """No layer mixes the images of a batch: they can be drawn and judged a few at a time."""
    net, x, conditions = UNet(shape, 3, 4), torch.randn(4, math.prod(shape)), torch.randn(4, 3)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    whole = net(x, conditions)
    assert whole.std() > 0.01
    assert torch.allclose(net(x[1:2], conditions[1:2]), whole[1:2], atol=1e-5)
    other = net(x, conditions + 1)
    assert not torch.allclose(other, whole, atol=1e-3), "conditions count"


def test_a_new_unet_answers_zero_and_all_of_it_learns():
    net, x, conditions = UNet((8, 8), 3, 4), torch.randn(64, 64), torch.randn(64, 3)
    assert torch.equal(net(x, conditions), torch.zeros(64, 64))
    before = [parameter.clone() for parameter in net.parameters()]
    adam = torch.optim.Adam(net.parameters(), lr=1e-2)
    losses = []
    for _ in range(60):
        loss = (net(x, conditions) - x * conditions[:, :1]).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]
    assert all((a != b).any() for a, b in zip(before, net.parameters(), strict=True))
