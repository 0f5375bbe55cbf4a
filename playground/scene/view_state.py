"""What a visitor looks at, as a value that a link can hold beside the experiment."""

from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import FailFast, Field, PlainSerializer

from playground.config import Config

PREFIX = "view."
"""Prefix of the parameters in a link: `view.layout=journey&view.time=0.6`."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]


IN_ORDER = PlainSerializer(sorted, list[str], when_used="json")
"""A set has another order in each process; the same view is always the same text."""


class ViewState(Config):
    """What a visitor is looking at. Unknown names are ignored.

    layers: the layers that are on. layout: how the Stage is divided. time: between noise (0) and data (1).
    weights: the averaged weights, or those of the current step. noise_draw: seeds the noise that samples are made
    from; another number gives other samples.
    """

    layers: Annotated[frozenset[Name], Field(title="Layers", max_length=32), FailFast(), IN_ORDER] = frozenset(
        {"data", "samples", "paths"}
    )
    layout: Annotated[Name, Field(title="Layout")] = "overlay"
    time: Annotated[float, Field(title="Time", ge=0, le=1)] = 1.0
    weights: Annotated[Literal["averaged", "current"], Field(title="Weights")] = "averaged"
    noise_draw: Annotated[int, Field(title="Draw", ge=0, le=1_000_000)] = 0

    def to_query(self, opening: "ViewState | None" = None) -> str:
        """The query string that restores this view: the fields that differ from the opening view, which by default is
        that of the field defaults."""
        mine, usual = (view.model_dump() for view in (self, opening or ViewState()))
        changed = {PREFIX + name: value for name, value in mine.items() if value != usual[name]}
        layers = PREFIX + "layers"
        if layers in changed:
            changed[layers] = ",".join(sorted(changed[layers]))
        return urlencode(changed, safe=",")

    @classmethod
    def from_query(cls, query: Mapping[str, str], opening: "ViewState | None" = None) -> "ViewState":
        """The view of a link. Missing fields are those of the opening view. Raises pydantic.ValidationError."""
        given: dict[str, object] = {
            name.removeprefix(PREFIX): value for name, value in query.items() if name.startswith(PREFIX)
        }
        if isinstance(layers := given.get("layers"), str):
            given["layers"] = layers.split(",") if layers else []
        return cls.model_validate((opening or ViewState()).model_dump() | given)
