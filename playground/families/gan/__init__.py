"""Generative adversarial networks: `gan` follows the paper, the other modules are its parts."""
