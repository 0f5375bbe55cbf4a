"""Generative adversarial networks: `gan` reads like the paper, the other modules are its parts."""
