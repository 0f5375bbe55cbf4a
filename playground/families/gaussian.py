"""Log-densities of Gaussians, in nats."""

import math

from torch import Tensor

LOG_2PI = math.log(2 * math.pi)


def log_normal(z: Tensor, mean: Tensor | float, std: Tensor | float) -> Tensor:
    """log N(z; mean, std²), elementwise; shapes broadcast."""
    std = std if isinstance(std, Tensor) else z.new_full((), std)
    return -((z - mean) / std).square() / 2 - std.log() - LOG_2PI / 2


def log_standard_normal(x: Tensor) -> Tensor:
    """log N(x; 0, I) of points x (n, dim): (n,)."""
    return -(x.square().sum(1) + x.shape[1] * LOG_2PI) / 2
