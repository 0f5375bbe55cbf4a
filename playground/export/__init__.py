"""What somebody takes home: the PyTorch script of an experiment, and the same as a notebook."""

from playground.export.errors import Unwritten
from playground.export.notebook import notebook
from playground.export.script import family_lines, script

__all__ = ["Unwritten", "family_lines", "notebook", "script"]
