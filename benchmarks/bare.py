"""The training loop that anybody would write, which ours is compared with."""

from collections.abc import Iterator

import torch
from torch import Tensor

from playground import Experiment
from playground.experiment import POOL
from playground.families.conditioning import CLASSES, ClassNetwork


def bare_loop(experiment: Experiment, fused: bool | None = None, device: str = "cpu") -> Iterator[float | Tensor]:
    """Flow matching, by hand. Yields the loss after each step, so that turns can alternate: a number on the CPU; on a
    GPU, which it would wait for, a tensor."""
    config = experiment.config
    normalizer = experiment.dataset.normalizer
    data = torch.as_tensor(normalizer.to_canvas(experiment.data(POOL, seed=0)), dtype=torch.float32, device=device)
    network = ClassNetwork(config, experiment.dataset.shape, config.frequencies).to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=fused)
    while True:
        x1 = data[torch.randint(len(data), (config.batch_size,), device=device)]
        x0 = torch.randn_like(x1)
        t = torch.rand(len(x1), device=device)
        x_t = (1 - t[:, None]) * x0 + t[:, None] * x1
        loss = (network(x_t, t, x1.new_zeros(len(x1), CLASSES)) - (x1 - x0)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item() if device == "cpu" else loss.detach()
