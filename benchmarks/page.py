"""The page in a real browser: headless Chromium without a GPU, against the real app on loopback.

    python -m benchmarks.page [--visits 5]

The server has answered before and its workers are warm. Each visit is a new browser context, so nothing is cached.
All times are by the page's own clock, from the start of its navigation or from the click:

- usable: Train can be pressed, and the Stage has drawn a picture;
- first frame: the Stage has drawn a frame of the new run, whose state is "training" and whose step has changed;
- frames drawn: distinct training steps that the Stage has drawn (`data-step` whenever `data-frames` changed);
- animation frames: calls of requestAnimationFrame.

The last two are medians over windows of five seconds while a run trains, on a warm page. The browser shares the machine
with the server and the worker, as it does on a visitor's laptop.
"""

import argparse
import os
import shutil
import time

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.app import app
from benchmarks.table import heading, median, show, target

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOW = 5.0
WINDOWS = 3

# Installed before the page's own scripts: watches the Stage at every animation frame.
WATCH = """
window.bench = { usable: null, ticks: 0, steps: new Set(), drawn: 0, clicked: null, first: null };
(function tick() {
  bench.ticks += 1;
  const stage = document.getElementById("flow-stage"), train = document.getElementById("flow-train");
  if (stage && train) {
    const drawn = Number(stage.dataset.frames), step = Number(stage.dataset.step), now = performance.now();
    if (bench.usable === null && drawn >= 1 && !train.disabled && train.offsetParent !== null) bench.usable = now;
    if (drawn !== bench.drawn) {
      bench.drawn = drawn;
      bench.steps.add(step);
      if (bench.clicked !== null && bench.first === null && stage.dataset.state === "training" && step !== bench.before)
        bench.first = now - bench.clicked;
    }
  }
  requestAnimationFrame(tick);
})();
"""

CLICK = """
() => {
  bench.before = Number(document.getElementById("flow-stage").dataset.step);
  bench.first = null;
  bench.clicked = performance.now();
  document.getElementById("flow-train").click();
}
"""


def visit(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(20_000)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.bench && bench.usable !== null")
    return page


def train(page: Page) -> float:
    """Click Train. Returns the seconds until a frame of the new run is drawn."""
    page.evaluate(CLICK)
    page.wait_for_function("bench.first !== null")
    return page.evaluate("bench.first") / 1000


def count(page: Page) -> tuple[float, float, float]:
    """New steps drawn, pictures drawn and animation frames, per second, over a window of time."""
    look = "() => ({ at: performance.now(), ticks: bench.ticks, steps: bench.steps.size, drawn: bench.drawn })"
    page.evaluate("bench.steps.clear()")
    before = page.evaluate(look)
    page.wait_for_timeout(1000 * WINDOW)
    after = page.evaluate(look)
    seconds = (after["at"] - before["at"]) / 1000
    return tuple((after[name] - before[name]) / seconds for name in ("steps", "drawn", "ticks"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=5)
    given = parser.parse_args()
    usable, first, windows, errors = [], [], [], []
    with app() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for i in range(given.visits + 1):
            page = visit(browser, address)
            page.on("pageerror", lambda error: errors.append(str(error)))
            if i:  # the first visit warms up the browser
                usable.append(page.evaluate("bench.usable") / 1000)
            page.wait_for_timeout(1500)  # a visitor looks before he clicks
            seconds = train(page)
            if i:
                first.append(seconds)
            page.wait_for_timeout(500)
            page.context.close()
            time.sleep(2.5)  # its run ends within two seconds
        # A long run, so that it doesn't end within the windows.
        page = visit(browser, f"{address}/?family=flow&dataset=smiley&steps=40000")
        page.wait_for_timeout(1500)
        train(page)
        page.wait_for_timeout(2000)
        windows = [count(page) for _ in range(WINDOWS)]
        state = page.get_attribute("#flow-stage", "data-state")
        browser.close()
    new, drawn, ticks = (median(values) for values in zip(*windows, strict=True))
    heading(f"The page in headless Chromium: medians of {given.visits} visits, and {WINDOWS} windows of {WINDOW:.0f} s")
    slow, late = median(usable), median(first)
    fewest = [f"{min(values):.1f}" for values in zip(*windows, strict=True)]
    show(
        ("", "measured", "worst", "target", "met"),
        [
            ("request to usable page, s", f"{slow:.2f}", f"{max(usable):.2f}", *target(slow, most=2)),
            ("click to first frame, s", f"{late:.2f}", f"{max(first):.2f}", *target(late, most=0.5)),
            ("new frames drawn a second", f"{new:.1f}", fewest[0], *target(new, least=12, digits=0)),
            ("pictures drawn a second", f"{drawn:.1f}", fewest[1]),
            ("animation frames a second", f"{ticks:.1f}", fewest[2], *target(ticks, least=45, digits=0)),
        ],
    )
    if state != "training" or errors:
        print(f"  The run was {state} at the end. Errors of the page: {errors or 'none'}")


if __name__ == "__main__":
    main()
