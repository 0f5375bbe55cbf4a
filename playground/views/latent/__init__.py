"""Views of a latent space, and of the likelihood of a latent-variable model."""
