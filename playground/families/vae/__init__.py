"""Variational autoencoders: `vae` follows the paper, the other modules are its parts."""
