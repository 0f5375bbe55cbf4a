"""Variational autoencoders: `vae` reads like the paper, the other modules are its parts."""
