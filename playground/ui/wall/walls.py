"""Walls, and who has joined them. All is in memory, and ends with the app.

A wall has two secrets. Its code is short, to be typed: who knows it may join. Its key is long, and only the page of
its opener has it: who holds it sees the runs. So a guessed code shows nobody's run.

Events run in one event loop, so nothing here is locked.
"""

import secrets
import time
import unicodedata
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.ui.requests import Refused

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes: without 0 and O, 1 and I."""
CODE = 6
"""Characters of a code: 10⁹ codes."""

MOST_WALLS = 50
MOST_MEMBERS = 60
LONGEST_NAME = 24
"""Characters."""
MARKS = 2
"""Most marks on a letter: more of them climb over what stands above."""

DESERTED = 2 * 3600.0
"""Seconds after which a wall ends that nobody looked at, and nobody was on."""
ABSENT = 150.0
"""Seconds without a word after which a member is gone. A page in the background may speak once a minute only."""

GUESSES = 30
"""Most wrong codes that an address may send in MINUTE. A room often shares one address."""
MINUTE = 60.0

NO_WALL = "There is no wall with this code. Codes have six letters and digits, without 0, O, 1 and I."
ENDED = "This wall has ended. Open another one."
NOT_ON = "You are no longer on the wall. Join again with its code."


@dataclass(eq=False)
class Member:
    """Who has joined. id: known to the wall's page. ticket: the secret of the member's own page. slot: what that page
    shows. opening: whether that is the picture that every visitor finds, which no run has made."""

    name: str
    visitor: str
    slot: str
    opening: bool
    heard: float
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(24))


@dataclass(eq=False)
class Wall:
    """used: when somebody looked at it last, or was on it."""

    code: str
    used: float
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    members: dict[str, Member] = field(default_factory=dict)


class Walls:
    """now: the clock, in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self._now = now
        self._of_key: dict[str, Wall] = {}
        self._wrong: dict[str, deque[float]] = {}

    def open(self) -> Wall:
        """Another wall. Raises Refused if there are too many."""
        self._tidy()
        if len(self._of_key) >= MOST_WALLS:
            raise Refused(f"There are {MOST_WALLS} walls already. One ends when nobody has been there for two hours.")
        codes = {wall.code for wall in self._of_key.values()}
        while (code := "".join(secrets.choice(ALPHABET) for _ in range(CODE))) in codes:
            pass
        wall = Wall(code, self._now())
        self._of_key[wall.key] = wall
        return wall

    def seen(self, key: str) -> Wall:
        """The wall that this key opens, to be looked at. Raises Refused."""
        self._tidy()
        if (wall := self._of_key.get(key)) is None:
            raise Refused(ENDED)
        wall.used = self._now()
        return wall

    def members(self) -> set[str]:
        """The ids of all who are on a wall."""
        return {id for wall in self._of_key.values() for id in wall.members}

    def end(self, key: str) -> None:
        """End a wall: nobody is on it any more."""
        self._of_key.pop(key, None)

    def remove(self, key: str, id: str) -> None:
        """Take a member off the wall that this key opens. Raises Refused."""
        self.seen(key).members.pop(id, None)

    def join(self, code: str, name: str, visitor: str, slot: str, opening: bool, address: str) -> Member:
        """Who asks to be seen, as a member from now on. address: where from, by which guesses are counted. A visitor
        who was on a wall leaves it. Raises Refused."""
        self._tidy()
        called = tidy_name(name)
        wall = self._named(code, address)
        for other in self._of_key.values():
            other.members = {id: member for id, member in other.members.items() if member.visitor != visitor}
        if len(wall.members) >= MOST_MEMBERS:
            raise Refused(f"This wall is full: {MOST_MEMBERS} are on it.")
        member = Member(called, visitor, slot, opening, self._now())
        wall.members[member.id] = member
        wall.used = self._now()
        return member

    def here(self, ticket: str, visitor: str, slot: str, opening: bool) -> None:
        """A member's page says that it is there, and what it shows. Raises Refused for who is not on a wall."""
        self._tidy()
        for wall in self._of_key.values():
            for member in wall.members.values():
                if secrets.compare_digest(member.ticket.encode(), ticket.encode()):
                    member.visitor, member.slot, member.opening = visitor, slot, opening
                    member.heard = wall.used = self._now()
                    return
        raise Refused(NOT_ON)

    def leave(self, ticket: str) -> None:
        """Who leaves is on no wall, from now on."""
        for wall in self._of_key.values():
            wall.members = {id: member for id, member in wall.members.items() if member.ticket != ticket}

    def _named(self, code: str, address: str) -> Wall:
        wrong = self._wrong.setdefault(address, deque(maxlen=GUESSES))
        if len(wrong) == GUESSES:
            raise Refused("That were too many wrong codes. Wait a minute, and try again.")
        typed = "".join(code.split()).upper()
        for wall in self._of_key.values():
            if wall.code == typed:
                return wall
        wrong.append(self._now())
        raise Refused(NO_WALL)

    def _tidy(self) -> None:
        now = self._now()
        for wall in self._of_key.values():
            wall.members = {id: member for id, member in wall.members.items() if now - member.heard < ABSENT}
        self._of_key = {key: wall for key, wall in self._of_key.items() if now - wall.used < DESERTED}
        for wrong in self._wrong.values():
            while wrong and now - wrong[0] >= MINUTE:
                wrong.popleft()
        self._wrong = {address: wrong for address, wrong in self._wrong.items() if wrong}


def tidy_name(given: str) -> str:
    """A name as a wall shows it: one line, without characters that can't be seen or that turn the text around. Raises
    Refused for one that is empty or too long.

    >>> tidy_name("  Ada \\u202e\\n Lovelace ")
    'Ada Lovelace'
    """
    if len(given) > 10 * LONGEST_NAME:
        raise Refused(TOO_LONG)
    plain = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", given))
    kept, marks = [], 0
    for character in plain:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind.startswith("M") else 0
        if not kind.startswith("C") and marks <= MARKS:
            kept.append(character)
    name = " ".join("".join(kept).split())
    if not any(unicodedata.category(character)[0] not in "MZ" for character in name):
        raise Refused("Choose a name, or what others may call you.")
    if len(name) > LONGEST_NAME:
        raise Refused(TOO_LONG)
    return name


TOO_LONG = f"A name has at most {LONGEST_NAME} characters."
