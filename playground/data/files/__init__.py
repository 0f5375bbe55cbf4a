"""Points and images from the files that a visitor uploads: a module for each kind, and :func:`read_points` and
:func:`read_album` for all of them."""

from playground.data.files.albums import Album, read_album
from playground.data.files.upload import Upload, read_points

__all__ = ["Album", "Upload", "read_album", "read_points"]
