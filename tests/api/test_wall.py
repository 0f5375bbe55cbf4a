"""The wall over HTTP: who sees whom, and what is refused."""

import json

import pytest
from e2e import until

SMALL = {"family": "flow", "dataset": "two_moons", "steps": 5, "config": {"width": 8, "depth": 1, "batch_size": 16}}


def post(visitor, what, /, **sent):
    return visitor.http.post(f"playground/wall/{what}", json=sent).json()


@pytest.fixture
def wall(visitor):
    found = post(visitor, "open")
    yield found
    post(visitor, "end", key=found["key"])


def join(visitor, wall, name="Ada", **more):
    return post(visitor, "join", **{"code": wall["code"], "name": name, "visitor": visitor.name, "slot": "flow"} | more)


def tiles(visitor, wall, **known):
    return post(visitor, "look", key=wall["key"], known=known)["tiles"]


def test_the_run_of_who_joined_is_shown_and_nobody_elses(new_visitor, wall):
    ada, bob = new_visitor(), new_visitor()
    for visitor in (ada, bob):
        visitor.call("train", json.dumps([SMALL, ""]))
    assert tiles(bob, wall) == []
    ticket = join(ada, wall)["ticket"]
    until(lambda: "data" in tiles(bob, wall)[0])
    [tile] = tiles(bob, wall)
    assert (tile["name"], tile["title"], tile["dataset"]) == ("Ada", "Flow", "two moons")
    assert (tile["step"], tile["steps"], tile["state"]) == (5, 5, "done")
    assert tile["band"][1] < tile["band"][2]
    assert tile["distance"] > 0
    assert tile["samples"]["times"] == [1]  # though the run at rest has all times
    assert len(json.dumps(tile)) < 25_000
    secrets = (ada.name, bob.name, ticket, wall["key"])
    assert not [secret for secret in secrets if secret in json.dumps(tile)]
    [again] = tiles(bob, wall, **{tile["id"]: tile["version"]})  # nothing has changed
    assert "samples" not in again
    assert "data" not in again
    assert len(json.dumps(again)) < 400
    assert post(ada, "leave", ticket=ticket) == {}
    assert tiles(bob, wall) == []


def test_a_tab_that_was_just_opened_has_the_picture_that_all_find(visitor, wall):
    join(visitor, wall, opening=True)
    [tile] = tiles(visitor, wall)
    assert tile["samples"]["n"] > 100
    assert tile["data"]["n"] > 100
    join(visitor, wall, slot="gan", opening=True)  # whose run is still to come
    assert [set(tile) for tile in tiles(visitor, wall)] == [{"id", "name", "version"}]


@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ("join", {"code": "AAAAA0"}),
        ("join", {"code": 7}),
        ("join", {"code": "A" * 100}),
        ("join", {"name": "x" * 10_000}),
        ("join", {"name": ["Ada"]}),
        ("join", {"name": "\u202e"}),
        ("join", {"name": "\ud800"}),
        ("join", {"visitor": None}),
        ("join", {"slot": "../flow"}),
        ("join", {"slot": "flow\n"}),
        ("join", {"more": 1}),
        ("here", {"ticket": "x", "visitor": "a", "slot": "flow"}),
        ("here", {}),
        ("leave", {"ticket": {}}),
        ("look", {"key": "x"}),
        ("look", {"key": "x" * 100_000}),
        ("look", {"key": "x", "known": {"a": 1}}),
        ("look", {"key": "x", "known": {str(n): "" for n in range(101)}}),
        ("end", []),
    ],
)
def test_what_is_no_request_gets_a_sentence(visitor, wall, what, sent):
    good = {"code": wall["code"], "name": "Ada", "visitor": visitor.name, "slot": "flow"} if what == "join" else {}
    body = json.dumps(good | sent if isinstance(sent, dict) else sent)
    answer = visitor.http.post(f"playground/wall/{what}", content=body).json()
    assert answer["error"].endswith(".")
    assert "\n" not in answer["error"]
    assert tiles(visitor, wall) == []


def test_the_page_is_served_beside_the_other(visitor):
    page = visitor.http.get("wall")
    assert page.headers["content-type"].startswith("text/html")
    for name in ("wall.js", "wall.css"):
        [address] = [part for part in page.text.split('"') if part.endswith(name)]
        assert visitor.http.get(address).status_code == 200
