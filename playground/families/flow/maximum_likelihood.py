"""Training a continuous normalizing flow by maximum likelihood: the slow way, which flow matching replaced.

Chen et al., *Neural Ordinary Differential Equations*, NeurIPS 2018, arXiv 1806.07366, §4; Grathwohl et al., *FFJORD*,
ICLR 2019, arXiv 1810.01367. Each step of the training solves the ODE from a batch of data back to noise, and its
gradient goes back through the whole solution ("discretise, then optimise": Onken & Ruthotto 2020, arXiv 2005.13420).
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from playground.families.continuous import log_density, signs
from playground.solvers import Field

STEPS = 8
"""RK4 steps from data to noise. Of 5 equal ones, a network learned to exploit the error: it seemed 1.5 nats better than
the entropy, and was 2.3 worse."""

EVALUATIONS = 4 * STEPS

MOST = 128
"""Most points of a batch that a step solves for."""


def passes(batch: int) -> float:
    """The cost of a training step, in steps of flow matching on the same batch: the divergence of each evaluation is a
    backward pass, and a gradient is taken of both."""
    return 3 * EVALUATIONS * min(1, MOST / batch)


def negative_log_likelihood(
    field: Field, x: Tensor, generator: Generator, log_noise: Callable[[Tensor], Tensor], steps: int = STEPS
) -> Tensor:
    """The mean −log p(x) of the first MOST of data x (n, dim) in nats, for noise with the log-density `log_noise`.

    The divergence is Hutchinson's estimate, whose gradient is unbiased. The times between the steps are random, one in
    each of as many equal parts, so that no field fits them better than the ODE."""
    x = x[:MOST]
    within = torch.arange(steps - 1) + 0.5 + torch.rand(steps - 1, generator=generator, device=x.device).cpu()
    times = torch.cat([torch.ones(1), 1 - within / steps, torch.zeros(1)])
    pieces = log_density(
        field,
        x,
        times,
        signs(x, generator),
        log_noise=log_noise,
        create_graph=torch.is_grad_enabled(),
    )
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return -end.value.mean()
