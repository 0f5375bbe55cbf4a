"""The names of models on the hub, and of their files."""

import re

FILE = "model.safetensors"
PICTURE = "picture.png"

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_NAME = re.compile(f"(?:{_PART}/)?{_PART}")


def is_name(text: object) -> bool:
    """Whether a text can be the name of a model, as in "anna/flow-on-a-face"."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None and ".." not in text and "--" not in text
