"""What the tests of the VAE share: the model of linear-Gaussian data that is known to be the best."""

import pytest
import torch

from playground.families.vae.vae import SMALLEST_STD, VAE
from tests.families.vae.models import LATENTS, VARIANCES, gaussian_data, linear


@pytest.fixture(scope="module")
def pca() -> tuple[VAE, torch.Tensor]:
    """The maximum of the likelihood, put in: W = U (Λ − s²)^½, and the posterior N(M⁻¹Wᵀx, s² M⁻¹) with M = Λ."""
    data = gaussian_data()
    vae = linear(5, latents=LATENTS)
    values, vectors = torch.linalg.eigh(data.T @ data / len(data))
    values, vectors = values.flip(0)[:LATENTS], vectors.flip(1)[:, :LATENTS]
    noise = VARIANCES[LATENTS:].mean()
    w = vectors * (values - noise).sqrt()
    std = (noise / values).sqrt() - SMALLEST_STD
    with torch.no_grad():
        vae.decoder.weight.copy_(w)
        vae.decoder.bias.zero_()
        vae.encoder.weight.copy_(torch.cat([(w / values).T, torch.zeros(LATENTS, 5)]))
        vae.encoder.bias.copy_(torch.cat([torch.zeros(LATENTS), std.expm1().log()]))
        vae.log_std.copy_((noise.sqrt() - SMALLEST_STD).log())
    return vae, data
