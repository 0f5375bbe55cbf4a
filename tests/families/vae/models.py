"""Small VAEs, and linear-Gaussian data, of which probabilistic PCA (Tipping & Bishop 1999) knows everything."""

import math

import torch
from torch import nn

from playground.families.vae.vae import VAE, VAEConfig
from tests.families.draws import normal, seeded


def tiny(dim: int = 2, **config) -> VAE:
    torch.manual_seed(0)
    return VAE(VAEConfig(**{"width": 16, "depth": 2, "free_bits": 0, "prior": "standard"} | config), (dim,))


def linear(dim: int, **config) -> VAE:
    """A VAE whose networks are single linear layers."""
    vae = tiny(dim, **config)
    vae.encoder = nn.Linear(dim, 2 * vae.config.latents)
    vae.decoder = nn.Linear(vae.config.latents, dim)
    return vae


def train(vae: VAE, data: torch.Tensor, steps: int, rate: float = 1e-2) -> VAE:
    """Adam on the family's own loss, the rate gliding to zero, β warming up."""
    (player,) = vae.players()
    optimizer = torch.optim.Adam(list(player.parameters), lr=rate)
    generator = seeded(1)
    for step in range(steps):
        vae.progress = step / steps
        optimizer.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
        batch = data[torch.randint(len(data), (256,), generator=generator)]
        optimizer.zero_grad()
        player.loss(batch, generator, torch.zeros(256)).backward()
        optimizer.step()
    vae.progress = 1.0
    return vae


VARIANCES = torch.tensor([4.0, 1.5, 0.3, 0.3, 0.3])
LATENTS = 2


def gaussian_data(n: int = 20_000) -> torch.Tensor:
    """(n, 5) whose sample mean is 0 and whose sample covariance has exactly the eigenvalues VARIANCES."""
    x = normal(n, 5, seed=2).double()
    u = torch.linalg.svd(x - x.mean(0), full_matrices=False).U * math.sqrt(n)
    rotation = torch.linalg.qr(normal(5, 5, seed=3).double()).Q
    return (u * VARIANCES.double().sqrt() @ rotation.T).float()


def greatest_likelihood(latents: int) -> float:
    """Mean log-likelihood at the maximum, by hand: Tipping & Bishop, eq. 4 with 7 and 8, in nats per point."""
    noise = VARIANCES[latents:].mean()
    logs = VARIANCES[:latents].log().sum() + (5 - latents) * noise.log()
    return -float(5 * math.log(2 * math.pi) + logs + 5) / 2


def parts(vae: VAE, x: torch.Tensor):
    with torch.no_grad():
        return vae.elbo(x, seeded())
