"""Diffusion models: `diffusion` follows the papers, the other modules are its parts."""
