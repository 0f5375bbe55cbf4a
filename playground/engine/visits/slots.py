"""Where the runs of all visitors stand: each in a slot of its visitor's, a tab or a lane, or set aside."""

from typing import Any

from playground.engine.handle import Handle

BEFORE = "/before"
"""Suffix of the slot of the run that another slot's run was forked from: "flow/before"."""

ASIDE = "aside/"
"""Prefix of the slot of a run that was set aside, before its name. No slot of a visitor's has such a name."""


class Slots:
    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], Handle] = {}

    def of(self, visitor: str, slot: str) -> Handle | None:
        """The visitor's run in a slot."""
        handle = self._runs.get((visitor, slot))
        return handle if handle is not None and not handle.over else None

    def put(self, visitor: str, slot: str, handle: Handle) -> None:
        """Put a run into a slot. The one that was there is no longer found."""
        self._runs = {key: run for key, run in self._runs.items() if not run.over}
        self._runs[visitor, slot] = handle

    def clear(self, visitor: str, slot: str) -> None:
        """Close the run in a slot, and its source."""
        for part in ("", BEFORE):
            old = self._runs.pop((visitor, slot + part), None)
            if old is not None:
                old.close()

    def set_aside(self, visitor: str, slot: str) -> None:
        """Interrupt the run in a slot and keep it, with its source, for `bring_back`: other settings take the slot."""
        handle = self.of(visitor, slot)
        if handle is not None:
            handle.interrupt()
            self._move(visitor, slot, ASIDE + handle.name)

    def bring_back(self, visitor: str, slot: str, name: Any) -> bool:
        """Put the run of this name back into its slot, whose run is set aside. False if it is no longer there."""
        handle = self.of(visitor, slot)
        if handle is not None and handle.name == name:
            return True
        self.set_aside(visitor, slot)
        self._move(visitor, f"{ASIDE}{name}", slot)
        return self.of(visitor, slot) is not None

    def _move(self, visitor: str, here: str, there: str) -> None:
        for part in ("", BEFORE):
            if handle := self._runs.pop((visitor, here + part), None):
                self._runs[visitor, there + part] = handle
