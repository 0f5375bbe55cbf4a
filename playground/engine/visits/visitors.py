"""Who is behind a session, and how long a visitor who left is waited for.

Gradio names a session anew whenever a page is loaded. A page therefore leaves a secret token in its browser tab when it
goes, and a page that comes back there, by a reload, says it: it is the same visitor, with the same runs. Events run in
one event loop, so nothing here is locked.
"""

import asyncio
import re
import secrets
from collections.abc import Callable
from typing import Any

GRACE = 60.0
"""Seconds that the runs of a visitor who left are kept. They are paused meanwhile."""

MOST = 2_000
"""Most visitors with a token, and most sessions. One more forgets the one who came first, who goes on without it: who
never opens the connection by which a page tells that it is there never leaves, either."""

TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Visitors:
    """left: called with a visitor who has been away for GRACE seconds, or who can't come back."""

    def __init__(self, left: Callable[[str], None]):
        self._left = left
        self._of_session: dict[str, str] = {}
        self._of_token: dict[str, str] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        """How many have the page open."""
        return len(set(self._of_session.values()))

    def of(self, session: str) -> str:
        """The visitor of a session: itself, unless its page said the token of an earlier one."""
        return self._of_session.get(session, session)

    def returns(self, visitor: str) -> bool:
        """Whether a visitor who leaves may come back."""
        return visitor in self._of_token.values()

    def greet(self, session: str, token: Any) -> str:
        """The visitor of a page that opens and says a token: the one who had it before or, if it is new, the session.

        Of two pages with the same token, the later one is the visitor. The earlier one is a stranger from then on.
        """
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return self.of(session)
        if token not in self._of_token and len(self._of_token) >= MOST:
            del self._of_token[next(iter(self._of_token))]
        visitor = self._of_token.setdefault(token, self.of(session))
        if session not in self._of_session and len(self._of_session) >= MOST:
            del self._of_session[next(iter(self._of_session))]
        for other, theirs in self._of_session.items():
            if theirs == visitor and other != session:
                self._of_session[other] = secrets.token_hex()
        self._of_session[session] = visitor
        if timer := self._leaving.pop(visitor, None):
            timer.cancel()
        return visitor

    def leave(self, session: str) -> None:
        """The page of a session is gone, or its connection is."""
        visitor = self._of_session.pop(session, session)
        if not self.returns(visitor):
            self._left(visitor)
        elif visitor not in self._of_session.values() and visitor not in self._leaving:
            loop = asyncio.get_running_loop()
            self._leaving[visitor] = loop.call_later(GRACE, self._give_up, visitor)

    def _give_up(self, visitor: str) -> None:
        self._leaving.pop(visitor, None)
        self._of_token = {token: theirs for token, theirs in self._of_token.items() if theirs != visitor}
        self._left(visitor)
