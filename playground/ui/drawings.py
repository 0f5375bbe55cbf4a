"""A store of drawings, so that a page sends each once and then only its hash.

A drawing of 20,000 points is half a megabyte of JSON, which each change of a setting would send and validate twice. The
hash depends on all points, so only a client that has the drawing, or was given the hash, knows it.
"""

import hashlib
import threading
from collections import OrderedDict

from playground.data import Drawing

MOST_BYTES = 64_000_000
"""Size limit of the store: two hundred of the largest drawings. One more evicts the least recently used ones, which
their pages then send again."""

OVERHEAD = 1_000
"""Bytes of a drawing besides its points and labels."""


class Drawings:
    """A bounded store of drawings by their hash. Safe to use from several threads."""

    def __init__(self, most: int = MOST_BYTES):
        self._most = most
        self._kept: OrderedDict[str, Drawing] = OrderedDict()  # most recently used last
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, drawing: Drawing) -> str:
        """Keep a drawing. Returns its hash."""
        found = digest(drawing)
        with self._lock:
            if found not in self._kept:
                self._bytes += size(drawing)
            self._kept[found] = drawing
            self._kept.move_to_end(found)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= size(self._kept.popitem(last=False)[1])
        return found

    def get(self, wanted: object) -> Drawing | None:
        """The drawing of a hash, or None if it isn't in the store."""
        if not isinstance(wanted, str):
            return None
        with self._lock:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
            return self._kept.get(wanted)


def digest(drawing: Drawing) -> str:
    """SHA-256 of a drawing's contents, in hexadecimal digits."""
    content = hashlib.sha256(f"{drawing.on_canvas} {len(drawing.points)}\n".encode())
    content.update(drawing.points.astype("<f4").tobytes())
    if drawing.labels is not None:
        content.update(drawing.labels.astype("<i8").tobytes())
    content.update(f"\n{drawing.origin} {drawing.names}".encode())
    return content.hexdigest()


def size(drawing: Drawing) -> int:
    return drawing.points.nbytes + (0 if drawing.labels is None else drawing.labels.nbytes) + OVERHEAD
