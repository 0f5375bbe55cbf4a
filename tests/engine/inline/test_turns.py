"""Many runs at once: turns are fair, and a run in turn is a run alone."""

import numpy as np
import pytest
import torch

from playground import fit
from playground.engine.hosting.host import Host, Hosted
from playground.scene import ViewState

ENDLESS = 100_000


@pytest.fixture
def host(small, monkeypatch):
    """A host whose turns can be counted: each lets a run make one step, whatever the clock says. With `start`, which
    begins an endless run of a visitor, and `sent`."""

    def one_step(self, seconds):
        if self.state == "training":
            self.run.advance()

    def start(name: str, visitor: str = "") -> None:
        experiment = small(steps=ENDLESS, width=8, batch_size=16).model_dump(mode="json")
        told = {"do": "start", "run": name, "visitor": visitor, "experiment": experiment, "steps": None}
        host.receive(told | {"look": ViewState(layers=frozenset()).model_dump(mode="json")})

    monkeypatch.setattr(Hosted, "train", one_step)
    sent: list[dict] = []
    host = Host(sent.append)
    host.start, host.sent = start, sent
    return host


def steps(host, names) -> np.ndarray:
    return np.array([host.runs[name].run.step for name in names])


@pytest.mark.parametrize("visitor", ["", "ada"])
def test_turns_are_fair(host, visitor):
    """Runs come and go meanwhile."""
    names = [f"run {i}" for i in range(8)]
    for name in names:
        host.start(name, visitor)
    for turn in range(400):
        if turn % 50 == 25:
            host.start("guest", visitor)
        if turn % 50 == 45:
            host.receive({"do": "close", "run": "guest"})
        host.turn()
    trained = steps(host, names)
    assert sum(trained) > 250
    assert np.abs(trained / np.mean(trained) - 1).max() < 0.2
    assert {message["run"] for message in host.sent} >= set(names), "every page is fed"


def test_visitors_take_turns_and_so_do_the_runs_of_each(host):
    plan = {"ada": 12, "bob": 1, "cyd": 3}
    names = {who: [f"{who} {i}" for i in range(n)] for who, n in plan.items()}
    for who, own in names.items():
        for name in own:
            host.start(name, who)
    for _ in range(600):
        host.turn()
    trained = {who: steps(host, own) for who, own in names.items()}
    shares = np.array([sum(own) for own in trained.values()])
    assert np.abs(shares / np.mean(shares) - 1).max() < 0.1, "who has twelve runs gets no more than who has one"
    for own in trained.values():
        assert np.ptp(own) <= 2
    assert {message["run"] for message in host.sent} >= set().union(*names.values()), "every lane is fed"


def test_who_asks_all_the_time_keeps_nobody_waiting(host):
    for who in ("ada", "bob"):
        host.start(who, who)
    for number in range(200):
        question = {"ask": "sample", "n": 1}
        host.receive({"do": "ask", "run": "ada", "number": number, "question": question})
        host.turn()
    assert np.ptp(steps(host, ("ada", "bob"))) <= 2


def test_runs_in_turn_are_runs_alone(inline, small, until):
    plans = [small(seed=seed, steps=40) for seed in range(3)]
    handles = [inline.start(plan) for plan in plans]
    for handle in handles:
        until(handle, "done")
    for handle, plan in zip(handles, plans, strict=True):
        run = inline._host.runs[handle.name].run
        assert all(
            torch.equal(a, b) for a, b in zip(run.family.parameters(), fit(plan).family.parameters(), strict=True)
        )


async def soon(handle):
    assert await handle.wait_soon(0, timeout=10)
    return await handle.ask_soon({"ask": "sample", "n": 4})


def test_in_an_event_loop(inline, small):
    import asyncio

    assert np.shape(asyncio.run(soon(inline.start(small())))["samples"]) == (4, 2)
