"""The queue of visitors for whose runs there is no room yet."""

import asyncio
from collections.abc import AsyncIterator, Callable

from playground.engine.base import Full, Stopped
from playground.engine.handle import Handle

EVERY = 1.0
"""Seconds between two tries of the first in the queue."""


class WaitingRoom:
    """Lets runs start in the order of their coming. A slot waits once: a later request replaces an earlier one."""

    def __init__(self) -> None:
        self._queue: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self._queue)

    async def admit(self, visitor: str, slot: str, start: Callable[[], Handle]) -> AsyncIterator[Handle | int]:
        """Call `start` as soon as nobody is ahead and it doesn't raise Full. Yields how many are ahead, again and
        again, and at last the handle; ends without one if the slot has left. Raises what else `start` raises."""
        self.leave(visitor, slot)
        ticket = (visitor, slot)
        self._queue.append(ticket)
        try:
            while (ahead := self._ahead(ticket)) is not None:
                if ahead == 0:
                    try:
                        handle = start()
                    except Stopped:
                        raise
                    except Full:
                        pass
                    else:
                        self._drop(ticket)
                        yield handle
                        return
                yield ahead
                await asyncio.sleep(EVERY)
        finally:  # the page was closed, or start failed
            self._drop(ticket)

    def leave(self, visitor: str, slot: str) -> None:
        """Take a slot out of the queue."""
        self._queue = [ticket for ticket in self._queue if ticket != (visitor, slot)]

    # By identity: the same slot may have come again.

    def _ahead(self, ticket: tuple[str, str]) -> int | None:
        return next((i for i, other in enumerate(self._queue) if other is ticket), None)

    def _drop(self, ticket: tuple[str, str]) -> None:
        self._queue = [other for other in self._queue if other is not ticket]
