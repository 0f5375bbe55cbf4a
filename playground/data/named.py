"""A named data set with its validated settings: the data of an experiment that has no drawing."""

import inspect
import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, get_type_hints

import numpy as np
from pydantic import Field, ValidationError, ValidationInfo, create_model, field_validator

from playground.config import Config
from playground.data import point_sets
from playground.data.canvas import Normalizer
from playground.data.distributions import Array, Distribution, Finite, Labels
from playground.data.errors import invalid, quoted
from playground.data.images import handwritten, shapes

DataSet = Callable[..., Distribution]
"""A function whose keyword parameters are settings: ``Annotated[type, knob(…)] = default``."""

POINT_SETS: dict[str, DataSet] = {
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
}

IMAGE_SETS: dict[str, DataSet] = {
    "digits": handwritten.digits,
    "mnist": handwritten.mnist,
    "shapes": shapes.shapes,
    "coloured_shapes": shapes.coloured_shapes,
}

DATASETS = POINT_SETS | IMAGE_SETS
"""The registry of named sets. To add one, write its function and add its line."""


def settings_model(name: str) -> type[Config]:
    """The pydantic model of a data set's settings, built from its function's signature. KeyError if unknown."""
    return _settings_of(DATASETS[name])


def title_of(name: str) -> str:
    """A data set's title: the first line of its function's docstring, or else its name. KeyError if unknown."""
    lines = (inspect.getdoc(DATASETS[name]) or name.replace("_", " ").capitalize()).splitlines()
    return lines[0].rstrip(".")


@cache
def _settings_of(function: DataSet) -> type[Config]:
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {
        parameter.name: (hints[parameter.name], parameter.default)
        for parameter in inspect.signature(function).parameters.values()
    }
    name = getattr(function, "__name__", "data_set").title().replace("_", "")
    return create_model(f"{name}Settings", __base__=Config, **fields)


@lru_cache(maxsize=64)
def _made(function: DataSet, settings: str) -> tuple[Distribution, Normalizer]:
    """The distribution for settings as JSON, and its normalizer: in the plane, that of 8,192 points of seed 0."""
    distribution = function(**json.loads(settings))
    if len(distribution.shape) > 1:
        return distribution, Normalizer.pixels
    points, _ = distribution.sample(8192, np.random.default_rng(0))
    return distribution, Normalizer.around(points)


class NamedSet(Config):
    """A data set of the registry: its name and all its settings, including defaults."""

    name: str = "eight_gaussians"
    # Validated even if omitted, so that the defaults are filled in.
    settings: dict[str, Any] = Field(default_factory=dict, validate_default=True)

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in DATASETS:
            raise invalid(f"There is no data set called {quoted(name)}; there are {', '.join(DATASETS)}.")
        return name

    @field_validator("settings")
    @classmethod
    def _within_range(cls, settings: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if "name" not in info.data:  # reported by the validator of the name
            return settings
        model = settings_model(info.data["name"])
        try:
            return model(**settings).model_dump()
        except ValidationError as error:
            raise invalid(_sentence(model, error)) from None

    def __hash__(self) -> int:
        return hash((self.name, self._key))

    @property
    def title(self) -> str:
        """The title that a visitor sees."""
        return title_of(self.name)

    @property
    def distribution(self) -> Distribution:
        """The distribution in data coordinates; cached by name and settings."""
        return _made(DATASETS[self.name], self._key)[0]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one datum, see :class:`Distribution`."""
        return self.distribution.shape

    @property
    def normalizer(self) -> Normalizer:
        """The transform from data coordinates to canvas coordinates; the same at every call, on every machine."""
        return _made(DATASETS[self.name], self._key)[1]

    @property
    def size(self) -> int | None:
        """The number of training data; None if it is unlimited."""
        source = self.distribution.training
        return len(source) if isinstance(source, Finite) else None

    def training_points(self, n: int, seed: int) -> tuple[Array, Labels]:
        """Training points in data coordinates, and their classes: n fresh points (n, dim), or all points of a finite
        set."""
        source = self.distribution.training
        if isinstance(source, Finite):
            return source.values(np.arange(len(source))), source.labels
        return source.sample(n, np.random.default_rng(seed))

    def changed(self) -> dict[str, Any]:
        """The settings that differ from their defaults, for use in a link."""
        defaults = settings_model(self.name)().model_dump()
        return {name: value for name, value in self.settings.items() if value != defaults[name]}

    @property
    def _key(self) -> str:
        return json.dumps(self.settings, sort_keys=True)


def _sentence(model: type[Config], error: ValidationError) -> str:
    """The first of pydantic's errors about settings, as a sentence for the visitor."""
    first = error.errors()[0]
    if not first["loc"]:  # a name of characters that can't be written
        return "The names of settings must be text."
    field = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"There is no setting called {quoted(field)} here, only {', '.join(model.model_fields)}."
    message = first["msg"]
    return f"{model.model_fields[field].title}: {message[0].lower()}{message[1:]}."
