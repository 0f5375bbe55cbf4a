"""The families. To add one: write its file and add its line."""

from playground.families.base import Family, Player
from playground.families.diffusion import Diffusion
from playground.families.flow import Flow
from playground.families.vae import VAE

FAMILIES: dict[str, type[Family]] = {
    "flow": Flow,
    "diffusion": Diffusion,
    "vae": VAE,
}

__all__ = ["FAMILIES", "Family", "Player"]
