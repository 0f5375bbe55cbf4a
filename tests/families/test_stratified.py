"""Stratified random numbers: one in each part, uniform in it."""

import pytest
import torch

from playground.families.stratified import spread_evenly, stratified


def test_there_is_one_in_each_part():
    found = stratified(1000, torch.Generator().manual_seed(0))
    assert torch.equal((found * 1000).floor().clamp(max=999), torch.arange(1000).float())
    assert stratified(3, torch.Generator(), torch.float64).dtype == torch.float64


def test_it_is_uniform_within_its_part():
    within = (stratified(20_000, torch.Generator().manual_seed(1), torch.float64) * 20_000) % 1
    assert abs(float(within.mean()) - 1 / 2) < 0.01
    assert abs(float(within.var()) - 1 / 12) < 0.005


def test_a_mean_varies_less():
    def means(draw):
        return torch.stack([draw(torch.Generator().manual_seed(seed)).square().mean() for seed in range(50)])

    plain = means(lambda g: torch.rand(64, generator=g))
    assert float(means(lambda g: stratified(64, g)).std()) < float(plain.std()) / 5


def test_points_that_are_spread_evenly_integrate_better():
    """The mean of a product over the cube is 2⁻⁴: plain random numbers are off by some 3%."""
    found = spread_evenly(1024, 4)
    assert found.min() > 0
    assert found.max() < 1
    assert float(found.prod(1).mean()) == pytest.approx(2**-4, rel=0.003)
    assert not torch.equal(found, spread_evenly(1024, 4, seed=1))
