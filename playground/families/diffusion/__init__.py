"""Diffusion models: `diffusion` reads like the papers, the other modules are its parts."""
