"""Runs are bounded, in all and for each visitor."""

import pytest

from playground.engine import CHOICE, ENGINES, Engine, Full, InlineEngine, WorkerEngine, base, make

MANY, FEW = 5, 4
ROOM = base.RUNS, base.RUNS_PER_VISITOR


@pytest.fixture(autouse=True)
def _few_places(monkeypatch):
    monkeypatch.setattr(base, "RUNS", MANY)
    monkeypatch.setattr(base, "RUNS_PER_VISITOR", FEW)


def states(handles) -> list[str]:
    return [handle.state for handle in handles]


def test_registry():
    assert (ENGINES["inline"], ENGINES["workers"]) == (InlineEngine, WorkerEngine)


def test_there_is_room_for_a_comparison():
    runs, of_one = ROOM
    assert of_one >= 5 * 2, "five tabs with what their runs parted from"
    assert of_one >= 8, "or eight lanes"
    assert runs >= 4 * of_one, "and others still find a place"


@pytest.fixture
def asked_for(monkeypatch):
    """Makes the engine that the environment asks for by a name; None for no name."""

    def made(name: str | None) -> Engine:
        monkeypatch.delenv(CHOICE, raising=False)
        if name is not None:
            monkeypatch.setenv(CHOICE, name)
        return make()

    return made


def test_the_environment_chooses_the_engine(asked_for, monkeypatch):
    class Other(InlineEngine):
        pass

    monkeypatch.setitem(ENGINES, "workers", Other)  # starts no process
    assert type(asked_for("inline")) is InlineEngine
    assert type(asked_for("workers")) is type(asked_for(None)) is type(asked_for("")) is Other
    assert type(make("inline")) is InlineEngine
    with pytest.raises(ValueError, match=r"^There is no engine called “steam”\. PLAYGROUND_ENGINE can be .+\.$"):
        asked_for("steam")


def test_one_visitor_has_few_runs_and_the_least_used_makes_room(inline, small):
    runs = [inline.start(small(), visitor="ada") for _ in range(FEW)]
    other = inline.start(small(), visitor="bob")
    runs[0].pause()  # touched, so that the second is the least used
    newest = inline.start(small(), visitor="ada")
    assert states(runs) == ["training", "closed", *["training"] * (FEW - 2)]
    assert states([other, newest]) == ["training", "training"]
    assert len(inline._host.runs) == FEW + 1


def test_nobody_in_particular_may_have_many(inline, small):
    assert states([inline.start(small()) for _ in range(MANY)]) == ["training"] * MANY


def test_when_all_places_are_taken_by_runs_in_training_one_more_is_refused(inline, small):
    runs = [inline.start(small(), visitor=str(i)) for i in range(MANY)]
    with pytest.raises(Full, match=f"All {MANY} places") as caught:
        inline.start(small(), visitor="late")
    assert str(caught.value).endswith(".")
    assert states(runs) == ["training"] * MANY
    runs[2].close()
    assert inline.start(small(), visitor="late").state == "training"


def test_a_visitor_s_own_idle_run_makes_room_before_another_s(inline, small, until):
    other, own = (until(inline.start(small(), visitor=who, steps=0), "paused") for who in ("ada", "bob"))
    busy = [inline.start(small(steps=10_000), visitor=f"busy {i}") for i in range(MANY - 2)]
    newest = inline.start(small(), visitor="bob")
    assert states([other, own, newest]) == ["paused", "closed", "training"]
    assert states(busy) == ["training"] * len(busy)


@pytest.mark.parametrize("idle", ["paused", "done", "failed"])
def test_an_idle_run_makes_room(inline, small, until, idle):
    runs = [inline.start(small(steps=5), visitor=str(i), steps=1 if idle == "paused" else None) for i in range(2)]
    if idle == "failed":
        for run in runs:
            run.lose("It died.")
    for run in runs:
        until(run, idle)
    busy = [inline.start(small(steps=10_000), visitor=f"busy {i}") for i in range(MANY - 2)]
    runs[0].look(base.ViewState())  # the second idles for longer
    newest = inline.start(small(), visitor="late")
    assert states(runs) == [idle, "closed"]
    assert states([*busy, newest]) == ["training"] * (MANY - 1)


def test_a_visitor_who_leaves_leaves_nothing(inline, small):
    runs = [inline.start(small(), visitor=who) for who in ("ada", "bob", "ada")]
    inline.leave("ada")
    assert states(runs) == ["closed", "training", "closed"]
    inline.leave("nobody")
    inline.close()
    assert states(runs) == ["closed"] * 3
    assert not inline._host.runs


def test_closed_runs_are_forgotten(inline, small):
    for _ in range(20):
        inline.start(small(), visitor="ada")
    assert len(inline.handles) <= FEW + 1
    assert len(inline._host.runs) <= FEW


def test_names_are_hard_to_guess(inline, small):
    names = {inline.start(small(), visitor=str(i)).name for i in range(MANY)}
    assert len({name.split("-")[1] for name in names}) == MANY
