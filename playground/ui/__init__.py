"""The page in the browser, and the HTTP API."""

import playground.ui.lean  # noqa: F401 (before any other import of Gradio)
from playground.ui.launch import launch

__all__ = ["launch"]
