"""Data: named point sets and images, drawings and uploads. The registry of the named ones is DATASETS."""

from playground.data.canvas import Normalizer
from playground.data.distributions import Distribution, Modes
from playground.data.drawings import Drawing
from playground.data.errors import DataError
from playground.data.files import Album, Upload, read_album, read_points
from playground.data.images.pictures import Pictures
from playground.data.named import DATASETS, IMAGE_SETS, POINT_SETS, DataSet, NamedSet, settings_model, title_of

AnyData = NamedSet | Drawing | Pictures
"""The data of an experiment."""

__all__ = [
    "DATASETS",
    "IMAGE_SETS",
    "POINT_SETS",
    "Album",
    "AnyData",
    "DataError",
    "DataSet",
    "Distribution",
    "Drawing",
    "Modes",
    "NamedSet",
    "Normalizer",
    "Pictures",
    "Upload",
    "read_album",
    "read_points",
    "settings_model",
    "title_of",
]
