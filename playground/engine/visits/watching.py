"""How a visitor watches a run."""

import asyncio
from collections.abc import AsyncIterator

from playground.engine.handle import Handle
from playground.engine.visits.visitors import Visitors


async def frames(handle: Handle, seen: int, visitors: Visitors) -> AsyncIterator[str]:
    """The frames of a run after the first `seen`, until it pauses, ends, fails, or is interrupted.

    If the connection is closed meanwhile and nobody else watches, the run is interrupted, or closed if its visitor
    can't come back.
    """
    handle.watchers += 1
    try:
        while not handle.interrupted:
            if await handle.wait_soon(seen, timeout=5) and handle.state != "closed" and not handle.interrupted:
                seen = handle.sent
                yield handle.frame
            if handle.state == "closed" or (handle.state != "training" and handle.sent == seen):
                return
    except (GeneratorExit, asyncio.CancelledError):
        if not visitors.returns(handle.visitor):
            handle.close()
        elif handle.watchers == 1:
            handle.interrupt()
        raise
    finally:
        handle.watchers -= 1
