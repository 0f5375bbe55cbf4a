"""The families. To add one: write its file and add its line."""

from playground.families.base import Family, Player
from playground.families.flow import Flow

FAMILIES: dict[str, type[Family]] = {
    "flow": Flow,
}

__all__ = ["FAMILIES", "Family", "Player"]
