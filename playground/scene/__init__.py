"""A run as somebody looks at it: the scene that pictures are made of, the state of the view, and their encoding."""

from playground.scene.scene import Scene
from playground.scene.view_state import ViewState

__all__ = ["Scene", "ViewState"]
