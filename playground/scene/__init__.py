"""The scene that pictures of a run are made from, the state of the view, and the encoding for the browser."""

from playground.scene.scene import Scene
from playground.scene.view_state import ViewState

__all__ = ["Scene", "ViewState"]
