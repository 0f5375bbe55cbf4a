"""Data: named point sets and images, drawings and uploads. The registry of the named ones is DATASETS."""

from playground.data.canvas import Normalizer
from playground.data.distributions import Distribution, Modes
from playground.data.drawings import DataError, Drawing
from playground.data.named import DATASETS, DataSet, NamedSet, settings_model, title_of
from playground.data.uploads import read_points

__all__ = [
    "DATASETS",
    "DataError",
    "DataSet",
    "Distribution",
    "Drawing",
    "Modes",
    "NamedSet",
    "Normalizer",
    "read_points",
    "settings_model",
    "title_of",
]
