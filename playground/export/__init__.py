"""What somebody takes home: the PyTorch script of an experiment, and the same as a notebook."""

from playground.export.errors import Unwritten
from playground.export.notebooks import notebook
from playground.export.scripts import family_lines, script

__all__ = ["Unwritten", "family_lines", "notebook", "script"]
