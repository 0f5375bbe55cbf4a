"""Parameters side by side: one tensor and many are the same numbers, whichever side is written to."""

import copy
import math

import pytest
import torch
from torch import nn

from playground.networks import mlp
from playground.training.flat_parameters import flatten, flatten_gradients, shorten


def test_nothing_changes_when_parameters_are_laid_flat():
    network, x = mlp(2, 3, 8, 2), torch.randn(5, 2)
    before, values = network(x), [p.detach().clone() for p in network.parameters()]
    flat = flatten(network.parameters())
    assert flat.shape == (sum(p.numel() for p in network.parameters()),)
    assert torch.equal(flat, torch.cat([value.flatten() for value in values]))
    assert torch.equal(network(x), before)
    assert all(isinstance(p, nn.Parameter) and p.requires_grad for p in network.parameters())


def test_what_is_written_to_one_side_is_on_the_other():
    network, other = mlp(2, 3, 8, 2), mlp(2, 3, 8, 2)
    flat = flatten(network.parameters())
    flat.mul_(2).add_(1)
    assert torch.equal(flat, torch.cat([p.detach().flatten() for p in network.parameters()]))
    network.load_state_dict(other.state_dict())
    assert torch.equal(flat, torch.cat([p.detach().flatten() for p in other.parameters()]))


def test_backward_passes_add_to_the_gradient():
    network, x = mlp(2, 3, 8, 2), torch.randn(5, 2)
    apart = copy.deepcopy(network)
    flatten(network.parameters())
    gradient = flatten_gradients(network.parameters())
    assert not gradient.any()
    apart(x).square().sum().backward()
    expected = torch.cat([p.grad.flatten() for p in apart.parameters()])
    for times in (1, 2):
        network(x).square().sum().backward(inputs=list(network.parameters()))
        assert torch.allclose(gradient, times * expected)


def test_a_copy_is_another_network():
    network = mlp(2, 3, 8, 2)
    flat = flatten(network.parameters())
    other = copy.deepcopy(network)
    flat.zero_()
    assert all(p.any() for p in other.parameters())


@pytest.mark.parametrize("length", [0.0, 0.3, 1.0, 7.0, 1e20, math.inf])
def test_long_gradients_are_shortened_as_pytorch_does_it(length, generator):
    weights = nn.Parameter(torch.zeros(500))
    weights.grad = torch.randn(500, generator=generator)
    weights.grad *= length / weights.grad.norm()
    ours = weights.grad.clone()
    shorten(ours, 1.5)
    torch.nn.utils.clip_grad_norm_(weights, 1.5)
    assert torch.equal(ours.nan_to_num(-1), weights.grad.nan_to_num(-1))
