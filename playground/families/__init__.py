"""The families. To add one, write its module and add a line here."""

from functools import cache

from playground.families.base import Family, Player
from playground.families.diffusion.diffusion import Diffusion
from playground.families.flow.flow import Flow
from playground.families.gan.gan import GAN
from playground.families.normalizing_flow import NormalizingFlow
from playground.families.vae.vae import VAE

FAMILIES: dict[str, type[Family]] = {
    "flow": Flow,
    "gan": GAN,
    "vae": VAE,
    "diffusion": Diffusion,
    "normalizing_flow": NormalizingFlow,
}


@cache
def players(family: str) -> list[str]:
    """The names of a family's players, in the order of their turns. KeyError for an unknown family."""
    model = FAMILIES[family]
    return [player.name for player in model(model.Config()).players()]


__all__ = ["FAMILIES", "Family", "Player", "players"]
