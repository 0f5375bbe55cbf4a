"""The first seconds of a training, in headless Chromium without a GPU, against the real app on loopback.

    python -m benchmarks.page [--tabs flow gan …] [--scales 1 2] [--seconds 8] [--visits 1]

The server has answered before and its workers are warm. Each visit is a new browser context, so nothing is cached. The
plain page is opened at 1440 × 900 and, in it, a tab. The training is made long, so that it doesn't end meanwhile. One
second later Train is clicked, which starts a new run. All times are by the page's own clock:

- usable: from the start of the navigation until Train can be pressed in the tab and its Stage has drawn a picture;
- first frame: from the click until the Stage has drawn a frame of the new run, with another step than before;
- frames: new training steps that the Stage has drawn, in each second from the first frame on;
- animation frames: calls of requestAnimationFrame, in the same seconds.

Beside them stands CPU time, which holds on a busy machine, too: what the page's main thread did (Chromium's own
counters) and what each kind of process used, in seconds a second. The browser shares the machine with the server and
the workers, as it does on a visitor's laptop.
"""

import argparse
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.app import app
from benchmarks.processes import cpu_seconds
from benchmarks.table import heading, median, show, target
from playground.families import FAMILIES

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 1440, "height": 900}
LOOKS = 1000
"""Milliseconds from the usable page to the click."""

USABLE, FIRST, FRAMES, ANIMATION = 2.0, 0.5, 12, 45
"""The targets."""

THREAD = {
    "TaskDuration": "all",
    "ScriptDuration": "scripts",
    "LayoutDuration": "layout",
    "RecalcStyleDuration": "style",
}
"""Chromium's counters of the page's main thread."""

PROCESSES = ("page", "compositor", "browser", "server", "workers")

# Installed before the page's own scripts: watches the Stage at every animation frame.
WATCH = """
window.bench = { usable: null, clicked: null, first: null, ticks: [], steps: [], long: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) bench.long += duration;
}).observe({ type: "longtask", buffered: true });
(function tick() {
  const now = performance.now();
  const stage = document.getElementById("%(family)s-stage"), train = document.getElementById("%(family)s-train");
  bench.ticks.push(now);
  if (stage && train) {
    const { frames, step, state } = stage.dataset;
    if (bench.usable === null && frames >= 1 && !train.disabled && train.offsetParent !== null) bench.usable = now;
    if (bench.clicked !== null && state === "training" && step !== bench.step && frames !== bench.frames) {
      bench.first ??= now;
      bench.steps.push(now);
      Object.assign(bench, { step, frames });
    }
  }
  requestAnimationFrame(tick);
})();
"""

LONGEST = """
() => {
  const steps = document.getElementById("%(family)s-steps");
  steps.value = steps.max;
  for (const event of ["input", "change"]) steps.dispatchEvent(new Event(event, { bubbles: true }));
}
"""
"""Choose the longest training, as a hand would."""

CLICK = """
() => {
  const { step, frames } = document.getElementById("%(family)s-stage").dataset;
  Object.assign(bench, { step, frames, clicked: performance.now(), before: bench.long });
  document.getElementById("%(family)s-train").click();
}
"""


@dataclass
class Visit:
    """Seconds until the page was usable and until the first frame, counts in each second from then on, and CPU seconds
    a second from the click on."""

    usable: float
    first: float
    busy: float  # seconds of long tasks until the click
    frames: list[int]
    animation: list[int]
    thread: dict[str, float]
    processes: dict[str, float]
    errors: list[str]


def visit(browser: Browser, address: str, family: str, scale: int, seconds: int) -> Visit:
    context = browser.new_context(viewport=SIZE, device_scale_factor=scale)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(WATCH % {"family": family})
    counters = context.new_cdp_session(page)
    counters.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU time, not the clock
    page.goto(address, wait_until="commit")
    page.click(f"#{family}-tab-button")
    page.wait_for_function("window.bench && bench.usable !== null")
    page.evaluate(LONGEST % {"family": family})
    page.wait_for_timeout(LOOKS)
    thread, processes = counted(counters), cpu_seconds()
    page.evaluate(CLICK % {"family": family})
    page.wait_for_function("bench.first !== null")
    page.wait_for_function(f"performance.now() > bench.first + {1000 * seconds}")
    found: dict[str, Any] = page.evaluate("({ ...bench, now: performance.now() })")
    took = (found["now"] - found["clicked"]) / 1000
    spent = cpu_seconds() - processes
    thread = {name: (value - thread[name]) / took for name, value in counted(counters).items()}
    state = page.get_attribute(f"#{family}-stage", "data-state")
    errors += [f"the run was {state} at the end"] if state != "training" else []
    context.close()
    return Visit(
        usable=found["usable"] / 1000,
        first=(found["first"] - found["clicked"]) / 1000,
        busy=found["before"] / 1000,
        frames=by_second(found["steps"], found["first"], seconds),
        animation=by_second(found["ticks"], found["first"], seconds),
        thread=thread,
        processes={kind: spent[kind] / took for kind in PROCESSES},
        errors=errors,
    )


def counted(counters: Any) -> dict[str, float]:
    """The counters of the page's main thread, in seconds."""
    metrics = {metric["name"]: metric["value"] for metric in counters.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in THREAD}


def by_second(times: Sequence[float], start: float, seconds: int) -> list[int]:
    """How many of the times, in ms, are in each second from the start on."""
    ages = [(time - start) / 1000 for time in times]
    return [sum(i <= age < i + 1 for age in ages) for i in range(seconds)]


def table(title: str, visits: dict[str, list[Visit]], counts: str, least: int) -> None:
    """A table by second, medians over the visits, and the fewest in any second."""
    rows = []
    for name, made in visits.items():
        each = [median(values) for values in zip(*(getattr(one, counts) for one in made), strict=True)]
        rows.append((name, *(f"{value:.0f}" for value in each), *target(min(each), least=least, digits=0)))
    heading(title)
    show(("second", *(str(i + 1) for i in range(len(rows[0]) - 3)), "target", "met"), rows)


def report(visits: dict[str, list[Visit]]) -> None:
    heading("Seconds until the page is usable, of long tasks until the click, and from the click to the first frame")
    rows = []
    for name, made in visits.items():
        usable, busy, first = (median([getattr(one, what) for one in made]) for what in ("usable", "busy", "first"))
        cells = (f"{usable:.2f}", *target(usable, most=USABLE), f"{busy:.2f}", f"{first:.2f}")
        rows.append((name, *cells, *target(first, most=FIRST)))
    show(("", "usable", "target", "met", "long tasks", "first frame", "target", "met"), rows)
    table("New frames by second, from the first frame on", visits, "frames", FRAMES)
    table("Animation frames by second", visits, "animation", ANIMATION)
    heading("CPU seconds a second from the click on: the page's main thread, and all of each kind of process")
    rows = []
    for name, made in visits.items():
        thread = [f"{mean(one.thread[counter] for one in made):.2f}" for counter in THREAD]
        rows.append((name, *thread, *(f"{mean(one.processes[kind] for one in made):.2f}" for kind in PROCESSES)))
    show(("", *THREAD.values(), *PROCESSES), rows)
    for name, made in visits.items():
        for error in (error for one in made for error in one.errors):
            print(f"  {name}: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tabs", nargs="+", choices=tuple(FAMILIES), default=list(FAMILIES))
    parser.add_argument("--scales", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--visits", type=int, default=1, help="visits of each tab at each scale")
    given = parser.parse_args()
    visits: dict[str, list[Visit]] = {}
    with app() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        visit(browser, address, given.tabs[0], given.scales[0], 1)  # warms up the browser
        for family in given.tabs:
            for scale in given.scales:
                made = [visit(browser, address, family, scale, given.seconds) for _ in range(given.visits)]
                visits[f"{family}, scale {scale}"] = made
        browser.close()
    report(visits)


if __name__ == "__main__":
    main()
