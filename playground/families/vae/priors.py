"""Priors of the latent variable: p(z), fixed or learned.

The fixed prior is N(0, I) (Kingma & Welling, arXiv 1312.6114). The learned prior is a mixture of K Gaussians with
diagonal covariances, trained with the other parameters through the ELBO (Tomczak & Welling, *VAE with a VampPrior*,
arXiv 1705.07120, section 2, explains why the optimal prior is the aggregate posterior).

A posterior q(z|x) = N(μ, diag σ²) factorises over dimensions, so that its divergence from any prior splits exactly, by
the chain rule, into one term per dimension:

    KL(q ‖ p) = Σ_j E_q[log q(z_j|x) − log p(z_j | z_1 … z_{j−1})]
"""

import math

import torch
from torch import Generator, Tensor, nn

from playground.families.gaussian import log_normal


class StandardPrior(nn.Module):
    """p(z) = N(0, I)."""

    def __init__(self, latents: int):
        super().__init__()
        self.latents = latents

    def conditionals(self, z: Tensor) -> Tensor:
        """log p(z_j | z_1 … z_{j−1}) at z (…, latents), of the same shape; its sum over j is log p(z)."""
        return log_normal(z, 0.0, 1.0)

    def kl(self, mean: Tensor, std: Tensor, z: Tensor) -> Tensor:
        """KL(q(z_j|x) ‖ p(z_j)) for each x and j, (n, latents), from q's mean and std: Kingma & Welling, appendix B.

        z ~ q (n, latents) is used by priors without a closed form.
        """
        return (mean.square() + std.square() - 1) / 2 - std.log()

    def gaussians(self) -> tuple[Tensor, Tensor, Tensor]:
        """The Gaussians of p: means (k, latents), standard deviations (k, latents) and weights (k,)."""
        return torch.zeros(1, self.latents), torch.ones(1, self.latents), torch.ones(1)

    def sample(self, n: int, generator: Generator) -> Tensor:
        """z ~ p, (n, latents)."""
        return torch.randn(n, self.latents, generator=generator, device=generator.device)


class MixturePrior(StandardPrior):
    """p(z) = Σ_k π_k N(z; m_k, diag s_k²), all learned. Initially, `components` Gaussians spread like N(0, I)."""

    def __init__(self, latents: int, components: int):
        super().__init__(latents)
        self.means = nn.Parameter(torch.empty(components, latents).normal_())
        self.log_stds = nn.Parameter(torch.full((components, latents), math.log(0.5)))
        self.logits = nn.Parameter(torch.zeros(components))

    def conditionals(self, z: Tensor) -> Tensor:
        each = log_normal(z[..., None, :], self.means, self.log_stds.exp())  # (…, components, latents)
        # The marginal of the first j dimensions of a mixture with diagonal covariances is also such a mixture.
        marginals = (each.cumsum(-1) + self.logits.log_softmax(0)[:, None]).logsumexp(-2)
        return marginals.diff(dim=-1, prepend=torch.zeros_like(marginals[..., :1]))

    def kl(self, mean: Tensor, std: Tensor, z: Tensor) -> Tensor:
        """An unbiased estimate from one z (n, latents) ~ q per x."""
        return log_normal(z, mean, std) - self.conditionals(z)

    def gaussians(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.means, self.log_stds.exp(), self.logits.softmax(0)

    def sample(self, n: int, generator: Generator) -> Tensor:
        weights = self.logits.softmax(0).nan_to_num(1.0)  # what blew up has no numbers, which is no error
        which = torch.multinomial(weights, n, replacement=True, generator=generator)
        return self.means[which] + self.log_stds[which].exp() * super().sample(n, generator)
