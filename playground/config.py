"""The base of everything a visitor can set.

A setting is a field of a pydantic model: its type, range, title and help are written once, here by way of
:func:`knob`, and the page builds its control from them. Anything from outside that reaches a tensor went through
one of these models first.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Config(BaseModel):
    """A frozen, closed set of settings: unknown names, NaN and infinities are errors (pydantic.ValidationError)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def knob(title: str, description: str, *, live: bool = False, more: bool = False, log: bool = False, **bounds: Any):
    """A pydantic field that the page shows as a control.

    title, description: its label and its help, in words for a visitor.
    live: may change while training runs.
    more: folded away under "More" on the page.
    log: the control moves on a logarithmic scale (needs ge > 0).
    bounds: default, and pydantic's ge, le, multiple_of.
    """
    return Field(
        title=title, description=description, json_schema_extra={"live": live, "more": more, "log": log}, **bounds
    )
