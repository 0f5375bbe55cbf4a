"""Data: named point sets and images, drawings and uploads. The registry of the named ones is DATASETS."""

from playground.data import point_sets
from playground.data.canvas import Normalizer
from playground.data.digits import digits
from playground.data.distributions import Distribution, Modes
from playground.data.drawings import DataError, Drawing
from playground.data.named import DataSet, NamedSet, settings_model, title_of
from playground.data.uploads import read_points

DATASETS: dict[str, DataSet] = {
    "eight_gaussians": point_sets.eight_gaussians,
    "two_moons": point_sets.two_moons,
    "smiley": point_sets.smiley,
    "checkerboard": point_sets.checkerboard,
    "swiss_roll": point_sets.swiss_roll,
    "two_spirals": point_sets.two_spirals,
    "pinwheel": point_sets.pinwheel,
    "heart": point_sets.heart,
    "star": point_sets.star,
    "circles": point_sets.circles,
    "rings": point_sets.rings,
    "s_curve": point_sets.s_curve,
    "ring": point_sets.ring,
    "grid": point_sets.grid,
    "unequal_gaussians": point_sets.unequal_gaussians,
    "far_outlier": point_sets.far_outlier,
    "digits": digits,
}

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
