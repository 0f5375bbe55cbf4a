"""Processes keep little of the memory that they free."""

import subprocess
import sys

import pytest

from playground.engine import crew, heap
from playground.engine.crew import GOODBYE, WARM, serve

HEAPS = """
import ctypes, sys, tempfile, threading
from playground.engine.heap import few_heaps
few_heaps()
library, together = ctypes.CDLL(None), threading.Barrier(20)
library.fopen.restype = ctypes.c_void_p

def work():
    together.wait()
    kept.append([bytes(2000) for _ in range(100)])
    together.wait()  # while all are there, none takes over another's heap

kept, threads = [], [threading.Thread(target=work) for _ in range(20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(library.fopen(file.name.encode(), b"w"))
    library.malloc_info(0, stream)
    library.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""

LARGE = """
import ctypes
from playground.engine.heap import few_heaps
few_heaps()

class Info(ctypes.Structure):  # mallinfo2 of malloc.h
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Info
before = library.mallinfo2().arena
kept = []
for _ in range(20):
    large = bytes(20_000_000)
    del large
    large = bytes(10_000_000)
    kept.append(bytes(2000))  # lies behind the large one, if that is in a heap
    del large
print(library.mallinfo2().arena - before)
"""

SETTLED = """
import gc, threading
from playground.engine.heap import keep_small
cycle = []
cycle.append(cycle)
keep_small()
keep_small()
print(gc.get_freeze_count() > 1000, [thread.name for thread in threading.enumerate()].count("heap"))
"""

glibc = pytest.mark.skipif(heap.glibc() is None, reason="C's allocator is not glibc's")


def said(program: str) -> str:
    """What a program says, in a process of its own: what it sets lasts."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


@glibc
def test_threads_share_heaps():
    assert int(said(HEAPS)) <= heap.HEAPS


@glibc
def test_large_pieces_are_in_no_heap():
    assert int(said(LARGE)) < 2_000_000


@glibc
def test_what_is_always_needed_is_not_looked_through_and_freed_memory_is_given_back():
    assert said(SETTLED) == "True 1", "one thread, however often it is asked for"


def test_a_worker_keeps_little(monkeypatch):
    order = []
    monkeypatch.setattr(crew, "warm_up", lambda _: order.append("warm"))
    monkeypatch.setattr(crew, "keep_small", lambda: order.append("small"))
    serve("cpu", order.append, lambda _: GOODBYE)
    assert order == ["warm", "small", WARM]


def test_a_container_has_what_it_may_have(tmp_path, monkeypatch):
    all_of_it, file = heap.memory(), tmp_path / "memory.max"
    monkeypatch.setattr(heap, "BOUNDS", [tmp_path / "none", file])
    for text, wanted in (("2000000", 2_000_000), ("max\n", None), (str(2**63 - 4096), None)):
        file.write_text(text)
        assert heap.memory() == (wanted or heap.memory()) >= 2_000_000
    assert all_of_it <= heap.memory()
