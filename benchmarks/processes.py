"""The CPU time of this process's descendants, by what they do, and their memory. Linux only: it reads /proc."""

import os
from collections import Counter
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

KINDS = {
    "--type=renderer": "page",
    "--type=gpu-process": "compositor",
    "--type=": "browser",
    "chrom": "browser",
    "spawn_main": "workers",
    "ray::Trainer": "workers",
    "playground.ui": "server",
}
"""The kind of a process by the first of these words in its command line."""


def descendants(pid: int) -> list[int]:
    """All processes below one, youngest last. Empty where there is no /proc."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    found = [pid]
    for one in found:
        found += sorted(child for child, parent in parents.items() if parent == one)
    return found[1:]


def memory(*pids: int) -> float:
    """Megabytes that processes have for themselves, with their descendants: proportional to who shares them."""
    total = 0
    for pid in {below for one in pids for below in (one, *descendants(one))}:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def command(pid: int) -> bytes:
    """The command line of a process. Empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def workers_of(pid: int) -> list[int]:
    """The app's workers, by the app's own process."""
    return [child for child in descendants(pid) if b"spawn_main" in command(child)]


def server_and_workers(pid: int) -> tuple[float, float]:
    """Megabytes of the app's own process and of its workers."""
    workers = memory(*workers_of(pid))
    return memory(pid) - workers, workers


def cpu_seconds() -> Counter[str]:
    """CPU seconds so far of the descendants of this process, by kind: page (the browser's renderers), compositor (its
    GPU process, which paints in software if there is no GPU), browser, server, workers. Empty where there is no /proc.
    """
    parents: dict[int, int] = {}
    found: dict[int, tuple[str, float]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(folder.name)] = int(fields[1])
        kind = next((kind for word, kind in KINDS.items() if word in command), "other")
        found[int(folder.name)] = kind, (int(fields[11]) + int(fields[12])) / TICKS
    spent: Counter[str] = Counter()
    for pid, (kind, seconds) in found.items():
        ancestor = pid
        while ancestor in parents and (ancestor := parents[ancestor]) != os.getpid():
            pass
        if ancestor == os.getpid():
            spent[kind] += seconds
    return spent
