"""Experiment: one run, described as plain data.

It is the only object passed from the page to the trainer, and it round-trips through JSON and through a link. It
depends on the families and the data because it checks what each of them allows; the page, the HTTP API and the library
share this validation.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field, SerializeAsAny, field_validator, model_validator

from playground import budget
from playground.config import Config, knob
from playground.data import AnyData, Drawing, NamedSet, Pictures
from playground.data.kinds import kind_of
from playground.families import FAMILIES
from playground.families.base import FamilyConfig

POOL = 65_536
"""Maximum number of points that a run draws from a named set; its batches are drawn from these."""

IMAGE_POOL = 4_096
"""The same of images, which have hundreds of coordinates each."""

LONGEST = 100_000
"""Maximum number of training steps of a run."""

BUDGET = ("steps", "data_points", "seed")
"""The fields of an experiment that are knobs, besides those of its config."""

DATASET = "dataset"
POINTS = "points"
COORDINATES = "coordinates"
SETTING = "data."
"""Prefix of data settings in a link: `dataset=two_moons&data.noise=0.1`. A drawing is `points=…`, points in
their own coordinates are `coordinates=…`; config fields have no prefix."""


class Experiment(Config):
    """A family, its config, a data set, a budget and a seed. Frozen; raises pydantic.ValidationError.

    >>> Experiment(family="flow", dataset="two_moons", config={"width": 64}, seed=1).config.width
    64

    dataset: the name of a set, or {"name": …, "settings": {…}}, or an array of points (n, 2), or one of images,
        (n, height, width) or (n, height, width, 3), in bytes from 0 to 255 or in floats from −1 to 1; or a Drawing, or
        Pictures.
    labels: an optional class 0 … 9 for each point or image of an array.
    data_points: the number of training points; at most the size of a finite set.
    config: the family's Config, or a mapping from which it is built. What is missing, of it and of the budget, is as
    suits the kind of data (`FamilyConfig.defaults`).
    """

    family: Annotated[str, Field(title="Family")] = "flow"
    dataset: Annotated[AnyData, Field(title="Data")]
    config: Annotated[SerializeAsAny[FamilyConfig], Field(title="Settings")]
    steps: Annotated[int, knob("Training steps", "How long to train.", ge=1, le=LONGEST, log=True)] = 4000
    data_points: Annotated[
        int,
        knob(
            "Training points",
            "How many points there are to learn from. With few, a model remembers them instead of what they show.",
            ge=5,
            le=POOL,
            more=True,
            log=True,
        ),
    ] = POOL
    seed: Annotated[int, knob("Seed", "The same seed gives the same run.", ge=0, le=2**31 - 1, more=True)] = 0

    if TYPE_CHECKING:  # types of the shorthand; pydantic generates the real __init__

        def __init__(
            self,
            *,
            family: str = "flow",
            dataset: str | Mapping[str, Any] | ArrayLike | AnyData = ...,
            labels: ArrayLike | None = None,
            config: Mapping[str, Any] | FamilyConfig = ...,
            steps: int = ...,
            data_points: int = ...,
            seed: int = ...,
        ) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _from_shorthand(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        given = dict(given)
        dataset = given.pop("dataset", None)
        labels = given.pop("labels", None)
        if labels is not None and not isinstance(dataset, np.ndarray | list | tuple):
            raise ValueError("Classes can only be given with an array of points or images.")
        if dataset is None:
            dataset = NamedSet()
        elif isinstance(dataset, str):
            dataset = NamedSet(name=dataset)
        elif isinstance(dataset, np.ndarray) and dataset.ndim > 2:
            dataset = Pictures.model_validate({"images": dataset, "labels": labels})
        elif isinstance(dataset, np.ndarray | list | tuple):
            dataset = Drawing.model_validate({"points": dataset, "labels": labels, "on_canvas": False, "origin": None})
        elif isinstance(dataset, Mapping):
            kind = Drawing if "points" in dataset else Pictures if "images" in dataset else NamedSet
            dataset = kind.model_validate(dataset)
        elif not isinstance(dataset, AnyData):
            raise ValueError("The data must be the name of a set, or points, or images.")
        given["dataset"] = dataset

        family = given.get("family", "flow")
        if not isinstance(family, str) or family not in FAMILIES:
            raise ValueError(f"There is no family of that name, only {', '.join(FAMILIES)}.")
        config = given.get("config", {})
        wanted = FAMILIES[family].Config
        if not isinstance(config, wanted):
            if not isinstance(config, Mapping):
                raise ValueError(f"The settings must be those of the family {family}, each with its name.")
            usual = wanted.defaults(kind_of(dataset.shape))
            given = {name: usual.pop(name) for name in BUDGET if name in usual} | given
            given["config"] = wanted.model_validate(usual | dict(config))
        return given

    @field_validator("config", mode="before")
    @classmethod
    def _already_validated(cls, config: Any) -> Any:
        return config

    @model_validator(mode="after")
    def _fits(self) -> "Experiment":
        wrong = self.config.suits(self.dataset.distribution.classes) or self.config.suits_shape(self.dataset.shape)
        if wrong:
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _affordable(self) -> "Experiment":
        wrong = budget.too_much(FAMILIES[self.family], self.config, self.dataset.shape, self.steps)
        if wrong:
            raise ValueError(wrong)
        return self

    @property
    def total_steps(self) -> int:
        """The training steps of all rounds (see `Family.rounds`)."""
        return self.steps * FAMILIES[self.family].rounds(self.config)

    @property
    def affordable_samples(self) -> int:
        """The maximum number of samples in one request."""
        return budget.affordable_samples(FAMILIES[self.family], self.config, self.dataset.shape)

    def changed(self, changes: Mapping[str, Any]) -> "Experiment":
        """This experiment with changes to its config. Raises pydantic.ValidationError."""
        config = type(self.config).model_validate(self.config.model_dump() | dict(changes))
        return Experiment.model_validate(dict(self) | {"config": config})

    def live_changes(self, other: "Experiment") -> dict[str, Any] | None:
        """The settings in which another experiment differs, if a run of this one can continue with them; None if the
        other needs a new run."""
        if self.family != other.family:
            return None
        changes = {name: value for name, value in other.config if getattr(self.config, name) != value}
        same = self.model_copy(update={"config": other.config}) == other
        return changes if same and all(map(self.config.is_live, changes)) else None

    def sampling_changes(self, other: "Experiment") -> dict[str, Any] | None:
        """The settings in which another experiment differs, if a model of this one is a model of that one, sampled
        differently; None otherwise."""
        changes = self.live_changes(other)
        return changes if changes is not None and changes.keys() <= self.config.SAMPLING else None

    @property
    def dim(self) -> int:
        """The number of coordinates of a datum: 2 for points of the plane, one per pixel for an image."""
        return math.prod(self.dataset.shape)

    def data(self, n: int, seed: int) -> np.ndarray:
        """n fresh points (n, dim) of the data set, in data coordinates. A drawing is sampled with replacement, and so
        are images of a finite set, from the held-out part that no model is trained on."""
        return self.dataset.distribution.sample(n, np.random.default_rng(seed))[0]

    # Links.

    def to_query(self) -> str:
        """The query string that restores this experiment; it contains only what differs from the defaults.

        Points too many for a link are omitted (`playground.data.link_text.MAX_LINK_CHARACTERS`), and so are somebody's
        own images.
        """
        query: dict[str, Any] = {"family": self.family}
        if isinstance(self.dataset, Drawing):
            encoded = self.dataset.encode()
            if encoded is not None:
                query[POINTS if self.dataset.on_canvas else COORDINATES] = encoded
        elif isinstance(self.dataset, NamedSet):
            query[DATASET] = self.dataset.name
            query |= {SETTING + name: _in_link(value) for name, value in self.dataset.changed().items()}
        usual = self._defaults()
        values = self.config.model_dump() | self.model_dump(include=set(BUDGET))
        return urlencode(query | {name: value for name, value in values.items() if value != usual[name]})

    def _defaults(self) -> dict[str, Any]:
        """The settings, with those of the budget, of an experiment on these data that nobody has changed."""
        own = {name: type(self).model_fields[name].default for name in BUDGET}
        return own | self.config.usual(kind_of(self.dataset.shape))

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Experiment | None":
        """The experiment that a link describes, or None if it names neither a family, nor data, nor a setting.

        Unknown names are ignored, because hosts add parameters.

        Raises pydantic.ValidationError for a damaged link.
        """
        family = query.get("family", "flow")
        fields = FAMILIES[family].Config.model_fields if isinstance(family, str) and family in FAMILIES else {}
        given: dict[str, Any] = {"family": family, "config": {k: v for k, v in query.items() if k in fields}}
        given |= {k: query[k] for k in BUDGET if k in query}
        if POINTS in query:
            given["dataset"] = {"points": query[POINTS]}
        elif COORDINATES in query:
            given["dataset"] = {"points": query[COORDINATES], "on_canvas": False}
        elif DATASET in query:
            settings = {k.removeprefix(SETTING): v for k, v in query.items() if k.startswith(SETTING)}
            given["dataset"] = {"name": query[DATASET], "settings": settings}
        if "family" not in query and not given["config"] and len(given) == 2:
            return None
        return cls.model_validate(given)


def _in_link(value: Any) -> Any:
    """A setting as the page writes it in a link."""
    return str(value).lower() if isinstance(value, bool) else value
