"""Pictures of a latent space, and of the likelihood that it gives."""
