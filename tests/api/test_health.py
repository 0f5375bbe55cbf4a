"""Whoever runs the app sees whether it is well, and its figures, as Prometheus reads them."""

import httpx
from asking import LONG, SHORT, started
from e2e import until
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground.engine import InlineEngine
from playground.engine.base import Hosts, Tally
from playground.ui.routes.health import figures, health_routes
from playground.ui.runs import Runs


def figures_of(app) -> dict[tuple[str, str], float]:
    """{(name, label): value}, read by Prometheus's own parser."""
    answer = httpx.get(f"{app.url}metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = text_string_to_metric_families(answer.text)
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in found
        for sample in family.samples
    }


def test_the_app_is_well_and_says_how_many_trainers_and_runs_it_has(app, client):
    until(lambda: app.engine.hosts.ready == 2)
    started(client, LONG)
    answer = httpx.get(f"{app.url}health")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "ready": 2, "wanted": 2, "runs": len(app.runs())}


def test_the_figures_count_what_happens(app, client):
    until(lambda: app.engine.hosts.ready)
    before, tally = figures_of(app), app.engine.tally
    frames = list(client.submit(SHORT, api_name="/train"))
    now = figures_of(app)
    grown = {name: now[name] - before[name] for name in now}
    assert grown["playground_runs", "done"] == 1
    assert grown["playground_steps_total", ""] == SHORT["steps"]
    assert grown["playground_frames_total", ""] >= len(frames) >= 2
    assert grown["playground_frame_gap_seconds_count", ""] == grown["playground_frames_total", ""] - 1
    assert now["playground_frame_gap_seconds_bucket", "+Inf"] == sum(tally.gaps)
    assert now["playground_trainers_ready", ""] == app.engine.hosts.ready
    assert now["playground_trainer_deaths_total", ""] == tally.deaths
    assert (now["playground_waiting", ""], now["playground_events_waiting", ""]) == (0, 0)


def test_the_gaps_are_counted_in_their_classes():
    runs, tally = Runs(InlineEngine()), Tally()
    for gap in (None, 0.05, 0.1, 0.7, 30.0):
        tally.frame(10, gap)
    runs.engine.tally = tally
    [found] = [f for f in text_string_to_metric_families(figures(runs, 3)) if f.type == "histogram"]
    counts = {s.labels.get("le", s.name): s.value for s in found.samples}
    assert [counts[bound] for bound in ("0.1", "0.2", "1.0", "10.0", "+Inf")] == [2, 2, 3, 3, 4]
    assert counts["playground_frame_gap_seconds_sum"] == 30.85
    assert (tally.frames, tally.steps) == (5, 50)


def test_a_rest_is_no_gap(small):
    engine = InlineEngine()
    handle = engine.start(small(steps=100), steps=5)
    for steps in (0, 10):
        if steps:
            handle.step(steps)
        while handle.state == "training" and handle.wait(handle.sent, timeout=60):
            pass
        assert handle.state == "paused"
    handle.ask({"ask": "sample", "n": 5})
    assert engine.tally.steps == 15
    assert sum(engine.tally.gaps) == engine.tally.frames - 2, "the first frame, and the first after the rest, have none"


def test_without_figures_there_is_no_route_for_them_and_without_a_trainer_the_app_is_not_well():
    class Starting(InlineEngine):
        hosts = Hosts(ready=0, wanted=2, seconds=1.0)

    asked = TestClient(Starlette(routes=health_routes(Runs(Starting()), metrics=False)))
    assert asked.get("/metrics").status_code == 404
    answer = asked.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "ready": 0, "wanted": 2, "runs": 0})
