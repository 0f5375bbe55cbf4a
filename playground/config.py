"""The base of everything a visitor can set.

A setting is a field of a pydantic model: its type, range, title and help are written once, by means of :func:`knob`,
and the page builds its control from them. Any external value is validated by one of these models before it reaches a
tensor.
"""

from collections.abc import Mapping, Sequence
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
        """Reject booleans for numeric settings; Python and pydantic would accept True as 1."""
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation in (int, float):
            raise PydanticCustomError("number_type", "Input should be a number")
        return value

    @classmethod
    def is_live(cls, name: str) -> bool:
        """Whether a setting may change while training runs; False for an unknown name."""
        field = cls.model_fields.get(name)
        return field is not None and bool(marks(field).get("live"))


def marks(field: FieldInfo) -> dict[str, Any]:
    """What `knob` stored for a field besides its range: live, more, log and, if given, classes, words, widget, when and
    kinds."""
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
    widget: str | None = None,
    when: Mapping[str, Any] | None = None,
    kinds: Sequence[str] | None = None,
    **bounds: Any,
):
    """A pydantic field that the page shows as a control.

    title, description: its label and its help text, written for a visitor.
    live: may change while training runs.
    more: hidden under "More" on the page.
    log: the control has a logarithmic scale (needs ge > 0).
    classes: the options after the first are classes of the data; the page offers those that exist.
    words: labels of the options, where their names are not meant for a visitor.
    widget: the kind of control, where the field's type doesn't tell it.
    when: settings that this one needs to have an effect, each with its value or values, as in {"path": "drawn"}. With
    others, the page hides the control. A setting that the data in hand don't have stands in no one's way.
    kinds: the kinds of data that have it (`playground.data.kinds`); all by default.
    bounds: default, and pydantic's ge, le, multiple_of.
    """
    extra: Any = {"live": live, "more": more, "log": log}
    extra |= ({"classes": True} if classes else {}) | ({"words": dict(words)} if words else {})
    extra |= {"widget": widget} if widget else {}
    if widget:  # of a text, whose numbers have the range
        extra |= {"low": bounds.pop("ge", None), "high": bounds.pop("le", None)}
    if kinds:
        extra["kinds"] = list(kinds)
    if when:
        extra["when"] = {name: [values] if isinstance(values, str) else list(values) for name, values in when.items()}
    return Field(title=title, description=description, json_schema_extra=extra, **bounds)
