"""The log-likelihood of points under a model, for every family that has one."""

import math
from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from playground.families import Family
from playground.families.capabilities import ContinuousDensity, Density, LatentVariable, can

IMPORTANCE_SAMPLES = 512
AT_ONCE = 256
"""Points whose importance samples are held at once."""


class LogProb(NamedTuple):
    """values: log p of each point (n,), in nats. errors: their standard errors (n,), 0 where they are exact."""

    values: np.ndarray
    errors: np.ndarray


@torch.no_grad()
def log_prob(model: Family, x: Tensor, seed: int = 0) -> LogProb:
    """log p of points x (n, dim) in canvas coordinates. TypeError for a family without a likelihood.

    Exact where the family has a density, which may cost the solution of an ODE; by importance sampling from the
    posterior where it has latents (Burda et al., arXiv 1509.00519, eq. 8)."""
    asked: Any = model
    if can(model, Density):
        values, errors = asked.log_prob(x), x.new_zeros(len(x))
    elif can(model, ContinuousDensity):
        values, errors = at_once(asked.log_density(x)), x.new_zeros(len(x))
    elif can(model, LatentVariable):
        generator = torch.Generator(x.device).manual_seed(seed)
        parts = [importance(asked.log_weights(part, IMPORTANCE_SAMPLES, generator)) for part in x.split(AT_ONCE)]
        values, errors = (torch.cat(found) for found in zip(*parts, strict=True))
    else:
        raise TypeError(f"{type(model).title}: this family has no likelihood.")
    return LogProb(values.double().cpu().numpy(), errors.double().cpu().numpy())


def at_once(pieces: Generator[None, None, Tensor]) -> Tensor:
    """What is computed in pieces, without a break."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def importance(log_weights: Tensor) -> tuple[Tensor, Tensor]:
    """The log of the mean weight of each point, from log weights (k, n), and its standard error, both (n,). The error
    of a logarithm is, to first order, that of the mean in units of the mean."""
    log_mean = log_weights.logsumexp(0) - math.log(len(log_weights))
    return log_mean, (log_weights - log_mean).exp().std(0) / math.sqrt(len(log_weights))
