"""The page in the browser, and the HTTP API."""

from playground.ui.launch import launch

__all__ = ["launch"]
