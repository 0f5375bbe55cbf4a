"""What a process keeps of memory that it no longer needs: less, and given back to the system now and then.

Of 2,000 odd requests, none of which left anything behind, the server kept 300 MB: glibc makes up to eight heaps a
core, one for each thread that comes, uses none of what was freed in another, and gives back only the end of each. And
Python looks for cycles of garbage among all objects only when a quarter of them is new. After the imports there are
400,000, and it takes a fifth of a second, in which nothing else goes on.
"""

import ctypes
import gc
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

HEAPS = 2
"""Most heaps of C's allocator: Python runs one thread at a time."""

EVERY = 20.0
"""Seconds after which freed memory is given back. It takes some milliseconds, if there is any."""

LARGE = 1_000_000
"""Bytes from which a piece is no part of a heap, and is given back at once; and of a heap's end, too. By itself, glibc
raises both to what was freed before, up to 32 and 64 MB."""

M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1
"""glibc's names for these (malloc.h)."""

UNKNOWN = 8_000_000_000
"""Bytes of memory that a machine is taken to have that doesn't say."""

BOUNDS = [Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")]
"""Where Linux says how many bytes a container may have."""


def memory() -> int:
    """Bytes of memory of this machine, or of this container."""
    try:
        found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):  # Windows
        found = [UNKNOWN]
    for file in BOUNDS:
        try:
            found.append(int(file.read_text()))
        except (OSError, ValueError):  # there is no such file, or no bound: "max"
            continue
    return min(found)


@cache
def keep_small() -> None:
    """Let this process, from now on, keep little of the memory that it frees. To be called once it has loaded what it
    always needs: that is never looked through for garbage again. Elsewhere than with glibc, that is all."""
    gc.collect()
    gc.freeze()
    if (library := glibc()) is not None:
        threading.Thread(target=_give_back, args=(library.malloc_trim,), name="heap", daemon=True).start()


@cache
def few_heaps() -> None:
    """For a process with many threads and large requests: let threads that start from now on share heaps, and large
    pieces have none. (A process that trains would ask for the same large pieces all the time.)"""
    if (library := glibc()) is not None:
        for what, value in ((M_ARENA_MAX, HEAPS), (M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, LARGE)):
            library.mallopt(what, value)


@cache
def glibc() -> Any:
    """The C library, if it is glibc."""
    try:
        library = ctypes.CDLL(None)
        return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
    except (OSError, TypeError):  # Windows
        return None


def _give_back(trim: Callable[[int], int]) -> None:
    while True:
        time.sleep(EVERY)
        trim(0)
