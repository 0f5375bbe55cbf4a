"""Workers train as this process would, answer while they train, and are replaced when they die."""

import asyncio
import multiprocessing
import os
import signal
import time

import numpy as np
import pytest

from playground.engine import Full, Gone, InlineEngine, WorkerEngine, crew, worker
from playground.engine.crew import DIED

ENDLESS = 100_000
SAMPLE = {"ask": "sample", "n": 20, "seed": 1}


@pytest.fixture(scope="module")
def engine():
    engine = WorkerEngine(2)
    assert eventually(lambda: engine.hosts.ready == 2)
    yield engine
    engine.close()


@pytest.fixture
def lonely():
    engine = WorkerEngine(1)
    yield engine
    engine.close()


def kill(one: worker.Worker) -> None:
    os.kill(one.process.pid, signal.SIGKILL)
    one.process.join(10)


def eventually(condition) -> bool:
    """Waits for something that no handle tells; the bound is only there to end a failing test."""
    deadline = time.monotonic() + 180
    while not (come := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return come


def story(engine, experiment, until, frame) -> list:
    """What a run says as it is stepped and asked: all of it must be the same in any process."""
    handle = until(engine.start(experiment, steps=0), "paused")
    told = [handle.ask({"ask": "constants"}), handle.ask({"ask": "floors"})]
    for _ in range(4):
        handle.step(1)
        until(handle, "paused")
        told.append((handle.step_count, frame(handle)["scalars"], frame(handle)["layers"]))
    told.append((handle.ask(SAMPLE), handle.ask({"ask": "trace", "x": [0.5, 0.2], "t": 0.4})))
    handle.close()
    return told


def test_workers_tell_what_this_process_would(engine, small, until, frame):
    experiment = small(seed=8, steps=100)
    here = story(InlineEngine(), experiment, until, frame)
    assert story(engine, experiment, until, frame) == here
    assert "loss" in here[-2][1]


def test_workers_start_one_after_the_other_and_what_comes_early_waits(small, until):
    engine = WorkerEngine(2)
    try:
        assert engine.hosts[:2] == (0, 2)
        assert len(engine.workers) == 1
        early = engine.start(small(steps=5))
        until(early, "done")
        assert eventually(lambda: engine.hosts.ready == 2)
        assert len(engine.workers) == 2
    finally:
        engine.close()


def test_a_run_goes_to_a_worker_that_is_ready(engine, small, until):
    handles = [until(engine.start(small(steps=ENDLESS)), lambda f: f["step"] > 0) for _ in range(2)]
    engine.workers[0].warm = False
    try:
        handles.append(engine.start(small()))
        assert engine._home[handles[-1].name] is engine.workers[1]
    finally:
        engine.workers[0].warm = True
    for handle in handles:
        handle.close()


def test_a_run_from_beginning_to_end(engine, small, until, frame):
    handle = until(engine.start(small(steps=30)), "done")
    assert (frame(handle)["step"], frame(handle)["run"]) == (30, handle.name)
    handle.close()


def test_runs_spread_over_the_workers(engine, small):
    handles = [engine.start(small(steps=ENDLESS)) for _ in range(4)]
    homes = [engine._home[handle.name] for handle in handles]
    assert sorted(homes.count(one) for one in engine.workers) == [2, 2]
    for handle in handles:
        handle.close()


def test_runs_at_rest_spread_too(engine, small, until):
    """A class opens a link, looks at it, and then everybody presses Train."""
    handles = []
    for i in range(4):
        handles.append(until(engine.start(small(steps=ENDLESS), visitor=f"visitor {i}", steps=0), "paused"))
    homes = [engine._home[handle.name] for handle in handles]
    assert sorted(homes.count(one) for one in engine.workers) == [2, 2]
    for handle in handles:
        handle.close()


def test_a_page_waits_and_asks_in_its_event_loop(engine, small, frame):
    async def visit(seed: int):
        handle = engine.start(small(steps=ENDLESS, seed=seed))
        seen = 0
        for _ in range(3):
            assert await handle.wait_soon(seen, timeout=120)
            seen = handle.sent
        answers = await asyncio.gather(*(handle.ask_soon(SAMPLE | {"seed": s}) for s in range(3)))
        assert not await handle.wait_soon(10**9, timeout=0.01)
        handle.close()
        with pytest.raises(Gone):
            await handle.ask_soon(SAMPLE)
        return answers

    async def visitors():
        return await asyncio.gather(*(visit(seed) for seed in range(4)))

    for answers in asyncio.run(visitors()):
        samples = np.array([answer["samples"] for answer in answers])
        assert samples.shape == (3, 20, 2)
        assert np.isfinite(samples).all()


def test_what_a_visitor_gets_wrong_harms_nobody(engine, small, until):
    handle = until(engine.start(small(steps=ENDLESS)), lambda f: f["step"] > 0)
    with pytest.raises(ValueError, match="Ask one of"):
        handle.ask({"ask": "nope"})
    handle.edit({"width": 64})
    until(handle, lambda f: f["message"])
    assert handle.message == "Width can't change while training."
    broken = engine.start(small(), checkpoint="nope")
    until(broken, "failed")
    assert handle.ask(SAMPLE)["samples"]
    assert all(one.process.is_alive() for one in engine.workers)
    handle.close()


def test_a_worker_that_dies_is_replaced_and_its_visitors_are_told(engine, small, until, caplog):
    handles = [until(engine.start(small(steps=ENDLESS)), lambda f: f["step"] > 0) for _ in range(2)]
    victim = engine.workers[0]
    lost = next(handle for handle in handles if engine._home[handle.name] is victim)
    spared = next(handle for handle in handles if engine._home[handle.name] is not victim)
    kill(victim)
    until(lost, "failed")
    assert (lost.message, lost.over) == (DIED, True)
    assert DIED in lost.frame
    with pytest.raises(Gone, match="Press Train to start again"):
        lost.ask(SAMPLE, timeout=10**6)
    assert spared.ask(SAMPLE)["samples"]
    seen = spared.sent
    assert spared.wait(seen, timeout=120)
    assert eventually(lambda: engine.workers[0] is not victim)
    assert eventually(lambda: engine.hosts.ready == 2)
    fresh = engine.start(small(steps=20))
    assert engine._home[fresh.name] is engine.workers[0]
    until(fresh, "done")
    assert fresh.ask(SAMPLE)["samples"]
    for handle in (*handles, fresh):
        handle.close()


def test_questions_that_wait_when_a_worker_dies_are_told_at_once(lonely, small, until, monkeypatch, caplog):
    """… and a worker that dies too often is not replaced; whoever comes then is told."""
    monkeypatch.setattr(crew, "DEATHS", 1)

    async def ask_and_kill():
        handle = lonely.start(small(steps=ENDLESS))
        assert await handle.wait_soon(0, timeout=120)
        os.kill(lonely.workers[0].process.pid, signal.SIGSTOP)  # it is busy with something
        question = asyncio.create_task(handle.ask_soon(SAMPLE, timeout=10**6))
        await asyncio.sleep(0.05)
        kill(lonely.workers[0])
        with pytest.raises(Gone, match="stopped unexpectedly"):
            await question

    first = lonely.workers[0]
    asyncio.run(ask_and_kill())
    assert eventually(lambda: lonely.workers[0] is not first)
    second = lonely.workers[0]
    kill(second)
    assert eventually(lambda: second.given_up)
    assert lonely.workers == [second]
    second.warm = True  # as it is that lived longer
    assert lonely.hosts.ready == 0
    assert lonely.tally.deaths == 2
    with pytest.raises(Full, match="stopped too often"):
        lonely.start(small())


def test_close_leaves_no_process_behind(engine, small):
    processes = [one.process for one in engine.workers]
    handles = [engine.start(small(steps=ENDLESS)) for _ in range(3)]
    engine.close()
    assert [handle.state for handle in handles] == ["closed"] * 3
    assert eventually(lambda: not any(process.is_alive() for process in processes))
    assert [process.exitcode for process in processes] == [0, 0], "they ended by themselves"
    assert not set(processes) & set(multiprocessing.active_children())
    engine.close()  # twice does no harm
