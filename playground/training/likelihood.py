"""The log-likelihood of points under a model, for every family that has one."""

import math
from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from playground.families import Family
from playground.families.capabilities import ContinuousDensity, Density, LatentVariable, can
from playground.families.continuous import STEPS

Value = TypeVar("Value")

IMPORTANCE_SAMPLES = 512
SAMPLED, EXACT = 64, 512
"""Points whose density is estimated, or computed exactly, in one piece of some milliseconds."""


class LogProb(NamedTuple):
    """values: log p of each point (n,), in nats. errors: their standard errors (n,), 0 where they are exact."""

    values: np.ndarray
    errors: np.ndarray


def has_likelihood(family: object) -> bool:
    """Whether a family, given as class or instance, has a likelihood: exact, or estimated."""
    return any(can(family, capability) for capability in (Density, ContinuousDensity, LatentVariable))


def log_prob(model: Family, x: Tensor, seed: int = 0) -> LogProb:
    """log p of points x (n, dim) in canvas coordinates. TypeError for a family without a likelihood.

    Exact where the family has a density, which may cost the solution of an ODE; by importance sampling from posterior
    and prior where it has latents (Burda et al., arXiv 1509.00519, eq. 8). On the shipped VAE, 512 samples from the
    posterior alone find .96 of the probability."""
    values, errors = at_once(log_prob_in_pieces(model, x, seed))
    return LogProb(values.double().cpu().numpy(), errors.double().cpu().numpy())


@torch.no_grad()  # whenever it computes, not between its pieces
def log_prob_in_pieces(
    model: Family, x: Tensor, seed: int = 0, t: float = 1.0, steps: int = STEPS, samples: int = IMPORTANCE_SAMPLES
) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """log p of points x (n, dim) in canvas coordinates and its standard errors, both (n,). Yields after some
    milliseconds. TypeError for a family without a likelihood.

    t, steps: the time, for a density that moves from noise to data, and the steps of its ODE. samples: importance
    samples of each point."""
    asked: Any = model
    generator = torch.Generator(x.device).manual_seed(seed)
    found = []
    if not has_likelihood(model):
        raise TypeError(f"{type(model).title}: this family has no likelihood.")
    for part in x.split(SAMPLED if can(model, LatentVariable) else EXACT):
        if can(model, Density):
            found.append((asked.log_prob(part), part.new_zeros(len(part))))
        elif can(model, ContinuousDensity):
            found.append(((yield from asked.log_density(part, t, steps)), part.new_zeros(len(part))))
        else:
            found.append(importance(asked.log_weights(part, samples, generator, defensive=True), strata=2))
        yield
    values, errors = (torch.cat(column) for column in zip(*found, strict=True))
    return values, errors


def at_once(pieces: Generator[None, None, Value]) -> Value:
    """What is computed in pieces, without a break."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def importance(log_weights: Tensor, strata: int = 1) -> tuple[Tensor, Tensor]:
    """The log of the mean weight of each point, from log weights (k, n), and its standard error, both (n,). The error
    of a logarithm is, to first order, that of the mean in units of the mean. strata: how many equal parts of the
    weights come each from a distribution of its own; what lies between their means is no error."""
    log_mean = log_weights.logsumexp(0) - math.log(len(log_weights))
    weights = (log_weights - log_mean).exp().unflatten(0, (strata, -1))
    return log_mean, weights.var(1).mean(0).sqrt() / math.sqrt(len(log_weights))
