"""The routes for whoever runs the app: whether it is well and, if wanted, its figures. They say nothing of visitors but
how many there are."""

from collections import Counter
from collections.abc import Iterable
from itertools import accumulate

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.engine.base import GAPS
from playground.ui.runs import Runs

STATES = ("training", "paused", "done", "failed")

TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus's text format: https://prometheus.io/docs/instrumenting/exposition_formats/"""


def health_routes(runs: Runs, metrics: bool) -> list[Route]:
    """GET health is answered with {"ok", "ready", "wanted", "runs"}: whether a trainer is ready, how many are and shall
    be, and how many runs there are. Its status is 503 while none is. With metrics, GET metrics is answered with the
    figures, in Prometheus's text format."""

    async def health(_: Request) -> JSONResponse:  # in the event loop: if that is stuck, the app isn't well
        hosts = runs.engine.hosts
        said = {"ok": hosts.ready > 0, "ready": hosts.ready, "wanted": hosts.wanted, "runs": by_state(runs).total()}
        return JSONResponse(said, 200 if hosts.ready else 503, headers={"cache-control": "no-store"})

    async def told(request: Request) -> Response:
        events = len(request.app.get_blocks()._queue)
        return Response(figures(runs, events), media_type=TEXT, headers={"cache-control": "no-store"})

    return [Route("/health", health), *([Route("/metrics", told)] if metrics else [])]


def by_state(runs: Runs) -> Counter[str]:
    return Counter(handle.state for handle in list(runs.engine.handles.values()) if handle.state != "closed")


def figures(runs: Runs, events: int) -> str:
    """The figures. events: how many wait in Gradio's queue."""
    states, hosts, tally = by_state(runs), runs.engine.hosts, runs.engine.tally
    gaps = list(accumulate(tally.gaps))
    classes = [f'_bucket{{le="{bound}"}} {count}' for bound, count in zip([*GAPS, "+Inf"], gaps, strict=True)]
    return "".join(
        [
            figure("runs", "gauge", "Runs by state.", [f'{{state="{name}"}} {states[name]}' for name in STATES]),
            figure("waiting", "gauge", "Trainings that wait for a place.", [f" {len(runs.waiting)}"]),
            figure("events_waiting", "gauge", "Events that wait in Gradio's queue.", [f" {events}"]),
            figure("visitors", "gauge", "Visitors who have the page open.", [f" {len(runs.visitors)}"]),
            figure("trainers_ready", "gauge", "Trainers that are ready.", [f" {hosts.ready}"]),
            figure("trainer_deaths_total", "counter", "Trainers that died.", [f" {tally.deaths}"]),
            figure("steps_total", "counter", "Training steps.", [f" {tally.steps}"]),
            figure("frames_total", "counter", "Frames from trainers.", [f" {tally.frames}"]),
            figure(
                "frame_gap_seconds",
                "histogram",
                "Times between two frames of a run in training.",
                [*classes, f"_sum {tally.gap_seconds:.6f}", f"_count {gaps[-1]}"],
            ),
        ]
    )


def figure(name: str, kind: str, about: str, samples: Iterable[str]) -> str:
    """One figure in the text format. samples: what follows its name, a line each."""
    name = f"playground_{name}"
    return f"# HELP {name} {about}\n# TYPE {name} {kind}\n" + "".join(f"{name}{sample}\n" for sample in samples)
