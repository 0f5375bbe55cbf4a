"""A page that is loaded again is the same visitor, nobody else is, and who left is waited for."""

import asyncio
import uuid

import pytest

from playground.engine.visits import visitors
from playground.engine.visits.visitors import Visitors

TOKEN = str(uuid.UUID(int=7))


@pytest.fixture
def left(monkeypatch) -> list[str]:
    """Who left for good; they are waited for during a twentieth of a second."""
    monkeypatch.setattr(visitors, "GRACE", 0.05)
    return []


async def away() -> None:
    await asyncio.sleep(0.15)


def test_a_session_is_its_own_visitor(left):
    known = Visitors(left.append)
    assert known.of("ada") == "ada"
    assert not known.returns("ada")
    known.leave("ada")
    assert left == ["ada"], "who can't come back is not waited for"


@pytest.mark.parametrize("token", [None, 5, "", "x", TOKEN[:-1], TOKEN + "0", TOKEN.upper() + "G", ["a"], "é" * 36, {}])
def test_what_is_no_token_makes_nobody_the_same(left, token):
    known = Visitors(left.append)
    assert (known.greet("ada", token), known.greet("bob", token)) == ("ada", "bob")
    assert not known.returns("ada")


def test_who_comes_back_in_time_keeps_the_name(left):
    async def visits() -> None:
        known = Visitors(left.append)
        assert known.greet("first", TOKEN) == "first"
        known.leave("first")
        assert known.greet("second", TOKEN) == "first"
        assert known.of("second") == "first"
        assert known.greet("other", str(uuid.uuid4())) == "other"
        await away()
        assert left == []
        known.leave("second")
        await away()
        assert left == ["first"]
        assert known.greet("third", TOKEN) == "third", "it is too late"

    asyncio.run(visits())


def test_the_page_before_may_leave_after_the_next_has_come(left):
    async def visits() -> None:
        known = Visitors(left.append)
        known.greet("first", TOKEN)
        assert known.greet("second", TOKEN) == "first"
        known.leave("first")
        await away()
        assert "first" not in left
        assert known.of("second") == "first"

    asyncio.run(visits())


def test_of_two_pages_with_one_token_the_later_is_the_visitor(left):
    known = Visitors(left.append)
    known.greet("first", TOKEN)
    assert known.greet("copy", TOKEN) == "first"
    assert known.of("first") not in ("first", "copy"), "the earlier one is a stranger"
    assert known.greet("copy", TOKEN) == "first", "saying it twice changes nothing"


def test_tokens_are_bounded(left, monkeypatch):
    monkeypatch.setattr(visitors, "MOST", 3)
    known = Visitors(left.append)
    for i in range(10):
        known.greet(f"visitor {i}", str(uuid.UUID(int=i)))
    assert [known.returns(f"visitor {i}") for i in range(10)] == [False] * 7 + [True] * 3


def test_sessions_that_never_leave_are_bounded_in_number(left, monkeypatch):
    monkeypatch.setattr(visitors, "MOST", 5)
    known = Visitors(left.append)
    for number in range(40):
        known.greet(f"session {number}", str(uuid.UUID(int=number)))
    assert len(known) == 5
    assert known.greet("another", str(uuid.UUID(int=39))) == "session 39", "who came last is known"
