"""What a visitor looks at, as a value."""

from typing import Annotated

from pydantic import Field

from playground.config import Config


class ViewState(Config):
    """What a visitor is looking at: the layers that are switched on, how the Stage is divided, the time between noise
    (0) and data (1), and whether the weights are those of this very step, or their running mean. draw: which noise
    the samples are made of; another number makes other samples."""

    layers: Annotated[frozenset[str], Field(max_length=32)] = frozenset({"data", "samples", "paths"})
    layout: Annotated[str, Field(max_length=16)] = "place"
    time: Annotated[float, Field(ge=0, le=1)] = 1.0
    live: bool = False
    draw: Annotated[int, Field(ge=0, le=1_000_000)] = 0
