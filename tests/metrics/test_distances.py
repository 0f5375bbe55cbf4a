"""The distance has its closed forms, and agrees with somebody else's code."""

import math

import numpy as np
import ot
import pytest
import torch

from playground.data import NamedSet
from playground.metrics.distances import DIRECTIONS, between, projected, sliced_wasserstein


def cloud(n: int, dim: int = 2, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, dim, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("shift", [(1.0, 0.0), (-0.3, 2.0), (3.0, -4.0)])
def test_a_shift(shift):
    """Moved by a, each projection moves by θ·a, and the mean of (θ·a)² over the circle is |a|²/2: exactly, for evenly
    spaced directions."""
    x = cloud(300)
    moved = sliced_wasserstein(x, x + torch.tensor(shift))
    assert moved == pytest.approx(math.hypot(*shift) / math.sqrt(2), rel=1e-6)


def test_a_scaling():
    """x against c·x: every sorted projection is scaled, so its square is (c − 1)² times half the mean ‖x‖²."""
    x = cloud(300)
    wanted = 1.5 * math.sqrt(float(x.square().sum(1).mean()) / 2)
    assert sliced_wasserstein(x, 2.5 * x) == pytest.approx(wanted, rel=1e-6)
    assert sliced_wasserstein(7 * x, 7 * cloud(300, seed=1)) == pytest.approx(
        7 * sliced_wasserstein(x, cloud(300, seed=1)), rel=1e-6
    )


@pytest.mark.parametrize("dim", [2, 3, 10])
def test_it_is_a_distance(dim):
    x, y, z = (cloud(200, dim, seed) for seed in range(3))
    assert sliced_wasserstein(x, x) == 0
    assert sliced_wasserstein(x, x[torch.randperm(200, generator=torch.Generator().manual_seed(0))]) == 0
    assert sliced_wasserstein(x, y) == sliced_wasserstein(y, x) > 0
    assert sliced_wasserstein(x, z) <= sliced_wasserstein(x, y) + sliced_wasserstein(y, z)


def test_against_pot():
    """The same directions give the same number; POT's own random ones nearly so."""
    x, y = cloud(400), 0.5 * cloud(400, seed=1) + torch.tensor([1.0, -2.0])
    angle = np.arange(DIRECTIONS) * np.pi / DIRECTIONS
    even = np.stack([np.cos(angle), np.sin(angle)])
    ours = sliced_wasserstein(x, y)
    assert ours == pytest.approx(ot.sliced_wasserstein_distance(x.numpy(), y.numpy(), projections=even), rel=1e-6)
    theirs = ot.sliced_wasserstein_distance(x.numpy(), y.numpy(), n_projections=2000, seed=0)
    assert ours == pytest.approx(theirs, rel=0.03)


def test_few_directions_are_enough():
    x, y = cloud(500), cloud(500, seed=1).sign() * 2
    assert sliced_wasserstein(x, y) == pytest.approx(sliced_wasserstein(x, y, 1000), rel=0.01)


@pytest.mark.parametrize("shapes", [((3, 2), (4, 2)), ((3, 2), (3, 3)), ((3, 2), (0, 2))])
def test_sizes_must_agree(shapes):
    with pytest.raises(ValueError, match="same size"):
        sliced_wasserstein(*(torch.zeros(shape) for shape in shapes))


def test_what_is_projected_once_gives_the_same_distance():
    x, y = cloud(300), cloud(300, seed=1)
    assert between(projected(x), projected(y)) == sliced_wasserstein(x, y)


def test_the_distance_of_two_samples_falls_as_one_over_the_root_of_n():
    distribution = NamedSet(name="two_moons").distribution

    def mean_at(n: int) -> float:
        drawn = [distribution.sample(n, np.random.default_rng(i))[0] for i in range(60)]
        return np.mean([sliced_wasserstein(x, y) for x, y in zip(drawn[::2], drawn[1::2], strict=True)])

    assert mean_at(400) / mean_at(6400) == pytest.approx(4, rel=0.25)
