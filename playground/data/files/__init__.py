"""Points from the files that a visitor uploads: a module for each kind, and :func:`read_points` for all of them."""

from playground.data.files.upload import Upload, read_points

__all__ = ["Upload", "read_points"]
