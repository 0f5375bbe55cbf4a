"""Walls and their members, by a clock that is turned by hand."""

import pytest

from playground.ui.requests import Refused
from playground.ui.wall import walls as rules
from playground.ui.wall.tiles import last_time
from playground.ui.wall.walls import Walls, tidy_name


class Clock:
    time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def walls(clock):
    return Walls(clock)


def join(walls, code, name="Ada", visitor="a", address="here"):
    return walls.join(code, name, visitor, "flow", False, address)


def names(walls, wall):
    return [member.name for member in walls.seen(wall.key).members.values()]


def test_only_who_joins_is_on_a_wall_and_only_there(walls):
    one, other = walls.open(), walls.open()
    assert set(one.code) <= set(rules.ALPHABET)
    assert len(one.code) == 6
    assert names(walls, one) == names(walls, other) == []
    member = join(walls, f" {one.code[:3].lower()} {one.code[3:]}")  # as people type
    assert (names(walls, one), names(walls, other)) == (["Ada"], [])
    join(walls, other.code, "Ada again")  # the same visitor
    assert (names(walls, one), names(walls, other)) == ([], ["Ada again"])
    walls.leave(member.ticket)  # of the wall before
    assert names(walls, other) == ["Ada again"]


def test_who_leaves_or_stays_away_is_gone(walls, clock):
    wall = walls.open()
    ada, bob = join(walls, wall.code), join(walls, wall.code, "Bob", "b")
    walls.leave(ada.ticket)
    assert names(walls, wall) == ["Bob"]
    clock.time = rules.ABSENT - 1
    walls.here(bob.ticket, "b2", "gan", False)  # a session may get another name
    clock.time += rules.ABSENT - 1
    assert names(walls, wall) == ["Bob"]
    assert [(m.visitor, m.slot) for m in wall.members.values()] == [("b2", "gan")]
    clock.time += 1
    assert names(walls, wall) == []
    for ticket in (ada.ticket, bob.ticket, "é"):
        with pytest.raises(Refused, match="no longer on the wall"):
            walls.here(ticket, "b2", "gan", False)


def test_its_opener_takes_one_off_and_nobody_else(walls):
    wall, other = walls.open(), walls.open()
    ada, bob = join(walls, wall.code), join(walls, wall.code, "Bob", "b")
    for key in (wall.code, ada.ticket):
        with pytest.raises(Refused, match="has ended"):
            walls.remove(key, bob.id)
    walls.remove(other.key, bob.id)  # who is on another wall stays
    assert names(walls, wall) == ["Ada", "Bob"]
    walls.remove(wall.key, bob.id)
    walls.remove(wall.key, bob.id)  # gone already
    assert names(walls, wall) == ["Ada"]
    with pytest.raises(Refused, match="no longer on the wall"):
        walls.here(bob.ticket, "b", "flow", False)


def test_a_code_doesnt_show_the_wall_and_a_key_doesnt_join_it(walls):
    wall = walls.open()
    with pytest.raises(Refused, match="has ended"):
        walls.seen(wall.code)
    with pytest.raises(Refused, match="no wall"):
        join(walls, wall.key)


def test_a_wall_ends_when_nobody_is_there_or_its_opener_says_so(walls, clock):
    seen, joined, deserted, ended = (walls.open() for _ in range(4))
    walls.end(ended.key)
    clock.time = rules.DESERTED - 1
    walls.seen(seen.key)
    join(walls, joined.code)
    clock.time += 2
    walls.seen(seen.key)
    walls.seen(joined.key)
    for wall in (deserted, ended):
        with pytest.raises(Refused, match="has ended"):
            walls.seen(wall.key)
        with pytest.raises(Refused, match="no wall"):
            join(walls, wall.code)


def test_walls_and_members_are_bounded(walls):
    first, *_ = [walls.open() for _ in range(rules.MOST_WALLS)]
    with pytest.raises(Refused, match="50 walls"):
        walls.open()
    for n in range(rules.MOST_MEMBERS):
        join(walls, first.code, f"n {n}", f"v {n}")
    with pytest.raises(Refused, match="full"):
        join(walls, first.code, "one more", "w")
    join(walls, first.code, "the first, again", "v 0")
    assert len(names(walls, first)) == rules.MOST_MEMBERS


def test_codes_cant_be_guessed_in_a_row(walls, clock):
    wall = walls.open()
    for _ in range(rules.GUESSES):
        with pytest.raises(Refused, match="no wall"):
            join(walls, "AAAAA0")
    with pytest.raises(Refused, match="too many wrong codes"):
        join(walls, wall.code)
    join(walls, wall.code, address="elsewhere")
    clock.time = rules.MINUTE
    join(walls, wall.code)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (" Ada\t\n  Lovelace ", "Ada Lovelace"),
        ("<b>hi</b>", "<b>hi</b>"),  # the page shows it as text
        ("\u202egnp.exe\u2066\u200b\ufeff", "gnp.exe"),
        ("😀 é 李 مريم", "😀 é 李 مريم"),
        ("e" + "\u0301" * 50, "é\u0301\u0301"),
        ("a\x00\x1b[31m\ud800b", "a[31mb"),
        ("x" * 24, "x" * 24),
    ],
)
def test_names_are_one_line_of_what_can_be_seen(given, name):
    assert tidy_name(given) == name


@pytest.mark.parametrize("given", ["", "  ", "\u202e\u200b", "\u0301\u0301", "x" * 25, "x" * 10_000])
def test_other_names_are_refused(given):
    with pytest.raises(Refused, match="name"):
        tidy_name(given)


def test_of_a_layer_at_many_times_the_last_is_sent():
    import numpy as np

    from playground.scene.encode import points, tiles

    xy = np.random.default_rng(0).normal(size=(3, 5, 2)).astype(np.float32)
    labels = np.arange(5)
    assert last_time(points(xy, "samples", [0, 0.5, 1], labels)) == points(xy[-1:], "samples", [1], labels)
    images = np.random.default_rng(1).uniform(-1, 1, size=(2, 4, 8, 8)).astype(np.float32)
    assert last_time(tiles(images, xy[0, :4], 0.5, times=[0, 1])) == tiles(images[-1:], xy[0, :4], 0.5, times=[1])
    alone = points(xy[0], "samples")
    assert last_time(alone) == alone
    assert last_time([]) is None
