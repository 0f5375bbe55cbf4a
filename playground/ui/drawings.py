"""A store of drawings and of visitors' pictures, so that a page sends each once and then only its hash.

A drawing of 20,000 points is half a megabyte of JSON, which each change of a setting would send and validate twice. The
hash depends on all of it, so only a client that has the drawing or the pictures, or was given the hash, knows it.
"""

import hashlib
import threading
from collections import OrderedDict

from playground.data import Drawing, Pictures

MOST_BYTES = 64_000_000
"""Size limit of the store: two hundred of the largest drawings, or eight of the largest pictures. One more evicts the
least recently used ones, which their pages then send again."""

OVERHEAD = 1_000
"""Bytes of a drawing besides its points and labels."""

Own = Drawing | Pictures


class Drawings:
    """A bounded store of what visitors brought along, by its hash. Safe to use from several threads."""

    def __init__(self, most: int = MOST_BYTES):
        self._most = most
        self._kept: OrderedDict[str, Own] = OrderedDict()  # most recently used last
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, own: Own) -> str:
        """Keep a drawing or pictures. Returns the hash."""
        found = digest(own)
        with self._lock:
            if found not in self._kept:
                self._bytes += size(own)
            self._kept[found] = own
            self._kept.move_to_end(found)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= size(self._kept.popitem(last=False)[1])
        return found

    def get(self, wanted: object) -> Own | None:
        """What has a hash, or None if it isn't in the store."""
        if not isinstance(wanted, str):
            return None
        with self._lock:
            if wanted in self._kept:
                self._kept.move_to_end(wanted)
            return self._kept.get(wanted)


def digest(own: Own) -> str:
    """SHA-256 of all that it holds, in hexadecimal digits."""
    return own.digest if isinstance(own, Pictures) else _digest(own)


def _digest(drawing: Drawing) -> str:
    content = hashlib.sha256(f"{drawing.on_canvas} {len(drawing.points)}\n".encode())
    content.update(drawing.points.astype("<f4").tobytes())
    if drawing.labels is not None:
        content.update(drawing.labels.astype("<i8").tobytes())
    content.update(f"\n{drawing.origin} {drawing.names}".encode())
    return content.hexdigest()


def size(own: Own) -> int:
    values = own.images if isinstance(own, Pictures) else own.points
    return values.nbytes + (0 if own.labels is None else own.labels.nbytes) + OVERHEAD
