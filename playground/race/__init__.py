"""Races: several models on one data set, each with the same budget, measured alike."""

from playground.race.race import MOST_LANES, Contestant, Race

__all__ = ["MOST_LANES", "Contestant", "Race"]
