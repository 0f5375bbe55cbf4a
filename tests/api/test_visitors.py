"""Many visitors: each sees its own run and no other's, there is an end to what one can take, and who leaves is gone."""

import json
import os
import signal

from asking import LONG, SHORT, answers, started
from e2e import Visitor, until

from playground.engine import base


def test_two_trainings_at_once_are_apart(app, new_client):
    one, other = new_client(), new_client()
    moons = started(one, LONG)
    ring = started(other, LONG | {"dataset": "ring", "seed": 8})
    assert one.predict("flow", api_name="/pause") == "paused"
    moons.result()
    last = ring.outputs()[-1]["step"]
    until(lambda: ring.outputs()[-1]["step"] > last, why="the other goes on")
    other.predict("flow", api_name="/pause")
    ring.result()
    first, second = moons.outputs(), ring.outputs()
    assert {frame["run"] for frame in first}.isdisjoint(frame["run"] for frame in second)
    assert len({frame["run"] for frame in first}) == len({frame["run"] for frame in second}) == 1
    assert first[0]["layers"]["samples"]["xy"] != second[0]["layers"]["samples"]["xy"]
    assert [run.experiment.dataset.name for run in app.runs(one.session_hash)] == ["two_moons"]
    assert [run.experiment.dataset.name for run in app.runs(other.session_hash)] == ["ring"]


def test_many_trainings_keep_nobody_else_waiting(app, new_visitor):
    """Gradio has 40 places for events unless it is told otherwise, and a stream keeps its place while it trains."""
    many = [new_visitor() for _ in range(42)]
    for one in many:
        assert one.join("train", json.dumps([LONG, ""])).status_code == 200
    until(lambda: len(app.runs()) >= 42)
    answers(new_visitor())


def test_a_stranger_can_t_pause_or_edit_a_run(app, new_client):
    one, stranger = new_client(), new_client()
    job = started(one, LONG)
    stranger.predict("flow", api_name="/pause")
    stranger.predict(LONG | {"config": LONG["config"] | {"solver_steps": 2}}, api_name="/edit")
    stranger.predict({"layers": ["speed"]}, "flow", api_name="/look")
    last = job.outputs()[-1]["step"]
    until(lambda: job.outputs()[-1]["step"] > last, why="it goes on")
    frame = job.outputs()[-1]
    assert frame["state"] == "training"
    assert "samples" in frame["layers"]
    assert app.runs(one.session_hash)[0].experiment.config.solver_steps == 10


def test_more_runs_than_there_are_places_wait(app, new_client, monkeypatch):
    for run in app.runs():
        run.close()
    monkeypatch.setattr(base, "RUNS", 2)
    clients = [new_client() for _ in range(3)]
    jobs = [started(client, LONG) for client in clients[:2]]
    third = clients[2].submit(SHORT, api_name="/train")
    until(lambda: third.outputs() and third.outputs()[-1]["state"] == "waiting", why="it waits for a place")
    clients[0].predict("flow", api_name="/pause")  # one that idles makes room
    jobs[0].result()
    until(lambda: third.outputs()[-1]["state"] == "done", why="it begins by itself")
    assert not app.runs(clients[0].session_hash)
    last = jobs[1].outputs()[-1]["step"]
    until(lambda: jobs[1].outputs()[-1]["step"] > last, why="the one in training keeps its place")


def test_one_visitor_has_few_runs(app, client):
    """In a slot, each new one takes the place of the one before; of many slots, the oldest is given up."""
    most = base.RUNS_PER_VISITOR
    for seed in range(3):
        client.predict(SHORT | {"seed": seed}, api_name="/reset")
    assert len(app.runs(client.session_hash)) == 1
    for seed in range(most):
        client.predict(SHORT | {"seed": seed}, f"lane-{seed}", api_name="/reset")
    assert [run.experiment.seed for run in app.runs(client.session_hash)] == list(range(most))
    assert all(run.experiment.seed != 2 or run.state == "paused" for run in app.runs(client.session_hash))


def test_who_closes_the_connection_ends_the_run(app, new_visitor):
    visitor = new_visitor()
    visitor.join("train", '[{"steps": 100000, "dataset": "two_moons", "config": {"width": 32}}, ""]')
    for message in visitor.listen():
        if message["msg"] == "process_generating" and app.runs(visitor.name)[0].step_count > 0:
            break  # and with it the stream is closed
    until(lambda: not app.runs(visitor.name), timeout=5, why="the run ends; the house's own bound is 2 s")


def test_cancelling_a_job_ends_the_run(app, client):
    job = started(client, LONG)
    job.cancel()
    until(lambda: not app.runs(client.session_hash), timeout=5, why="the run ends")


def test_a_worker_that_dies_is_replaced_and_its_visitors_are_told(app, new_client):
    client = new_client()
    job = started(client, LONG)
    run = app.runs(client.session_hash)[0]
    worker = app.engine._home[run.name]
    os.kill(worker.process.pid, signal.SIGKILL)
    last = job.outputs()[-1] if job.result(timeout=30) else None
    assert last["state"] == "failed"
    assert last["message"] == (
        "The trainer stopped unexpectedly and was replaced; this run is lost. Press Train to start again."
    )
    frames = list(client.submit(SHORT, api_name="/train"))
    assert (frames[-1]["step"], frames[-1]["state"]) == (60, "done")
    assert frames[-1]["run"] != run.name
    other = Visitor(app)
    assert other.call("ask", '[{"ask": "sample", "n": 2}, "flow"]')[1] == ""
    other.leave()
