"""The drawings that pages sent, so that a page sends one once, and then its hash.

A drawing of 20,000 points is half a megabyte of JSON, which each change of a setting would send and have checked twice.
Whoever names a hash has the drawing, or was given the hash by somebody who has: it is made of all its points.
"""

import hashlib
import threading
from collections import OrderedDict

from playground.data import Drawing

MOST_BYTES = 64_000_000
"""Of all drawings that are kept: two hundred of the largest. One more first takes the place of those that nobody has
used for longest; their pages send them again."""

OVERHEAD = 1_000
"""Bytes that a drawing takes beside its points and labels."""


class Drawings:
    """A bounded store of drawings by their hash. Safe to use from several threads."""

    def __init__(self, most: int = MOST_BYTES):
        self._most = most
        self._kept: OrderedDict[str, Drawing] = OrderedDict()  # what was used last is last
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, drawing: Drawing) -> str:
        """Keep a drawing; its hash."""
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
        """The drawing of a hash, or None if it is not, or no longer, there."""
        if not isinstance(wanted, str):
            return None
        with self._lock:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
            return self._kept.get(wanted)


def digest(drawing: Drawing) -> str:
    """SHA-256 of all that makes a drawing what it is, in hexadecimal digits."""
    content = hashlib.sha256(f"{drawing.on_canvas} {len(drawing.points)}\n".encode())
    content.update(drawing.points.astype("<f4").tobytes())
    if drawing.labels is not None:
        content.update(drawing.labels.astype("<i8").tobytes())
    return content.hexdigest()


def size(drawing: Drawing) -> int:
    return drawing.points.nbytes + (0 if drawing.labels is None else drawing.labels.nbytes) + OVERHEAD
