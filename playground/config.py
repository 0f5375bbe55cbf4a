"""The base of everything a visitor can set.

A setting is a field of a pydantic model: its type, range, title and help are written once, here by way of
:func:`knob`, and the page builds its control from them. Anything from outside that reaches a tensor went through
one of these models first.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError


class Config(BaseModel):
    """A frozen, closed set of settings: unknown names, NaN and infinities are errors (pydantic.ValidationError)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Python, and with it pydantic, takes True for 1; a setting doesn't."""
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation in (int, float):
            raise PydanticCustomError("number_type", "Input should be a number")
        return value

    @classmethod
    def is_live(cls, name: str) -> bool:
        """Whether a setting may change while training runs; False for a name that no setting has."""
        field = cls.model_fields.get(name)
        return field is not None and bool(marks(field).get("live"))


def marks(field: FieldInfo) -> dict[str, Any]:
    """What `knob` noted of a field beside its range: live, more, log and, where they are given, classes and words."""
    noted = field.json_schema_extra
    return dict(noted) if isinstance(noted, dict) else {}


def knob(
    title: str,
    description: str,
    *,
    live: bool = False,
    more: bool = False,
    log: bool = False,
    classes: bool = False,
    words: Mapping[str, str] | None = None,
    **bounds: Any,
):
    """A pydantic field that the page shows as a control.

    title, description: its label and its help, in words for a visitor.
    live: may change while training runs.
    more: folded away under "More" on the page.
    log: the control moves on a logarithmic scale (needs ge > 0).
    classes: its options, after the first, are classes of the data, of which the page offers those that exist.
    words: how its options are called, where their own names are not for a visitor.
    bounds: default, and pydantic's ge, le, multiple_of.
    """
    extra: Any = {"live": live, "more": more, "log": log}
    extra |= ({"classes": True} if classes else {}) | ({"words": dict(words)} if words else {})
    return Field(title=title, description=description, json_schema_extra=extra, **bounds)
