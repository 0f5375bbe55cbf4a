"""How soon the app can be used after it was started, and what a visit transfers, in headless Chromium on loopback.

    python -m benchmarks.start [--times 3]

A browser is open before the app is started, and goes there as soon as it answers. Usable is a page with a picture on
its Stage whose Train can be pressed. The trainers load their libraries behind it, one after the other. The CPU time of
the serving process holds on a busy machine, too.

A first visit has an empty cache, a second one that of the first; each ends three seconds after the page is usable. What
is not the page's own is Gradio's: the page itself and what it loads, the queue and the heartbeat.
"""

import argparse
import time
from collections import Counter
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.app import process, wait, wait_for_trainers
from benchmarks.page import CHROMIUM, FLAGS, SIZE
from benchmarks.processes import cpu_seconds
from benchmarks.table import heading, median, show, target

USABLE, REQUESTS, KILOBYTES = 6.0, 30, 900
"""The targets: seconds from the start of the app, and the requests and kB of a first visit."""

READY = """() => {
    const stage = document.getElementById("flow-stage"), train = document.getElementById("flow-train");
    return stage?.dataset.frames >= 1 && !train.disabled;
}"""


def start(browser: Browser) -> dict[str, float]:
    """Seconds from the start of the app, and CPU seconds of the serving process until the page is usable."""
    page = browser.new_context(viewport=SIZE).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(120_000)
    began = time.monotonic()
    found: dict[str, float] = {}
    with process() as (address, started):
        wait(address, started)
        found["the app answers"] = time.monotonic() - began
        ready: list[float] = []
        trainers = Thread(target=lambda: (wait_for_trainers(address), ready.append(time.monotonic() - began)))
        trainers.start()
        page.goto(address, wait_until="commit")
        page.wait_for_function(READY)
        found["the page is usable"] = time.monotonic() - began
        found["CPU time of the server by then"] = cpu_seconds()["server"]
        trainers.join()
        [found["all trainers are ready"]] = ready
        page.context.close()
    return found


def visit(context: BrowserContext, address: str) -> Counter[str]:
    """{"requests", "kB", "own requests", "own kB"}: what goes over the network."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    urls: dict[str, str] = {}
    kept: set[str] = set()
    streamed: Counter[str] = Counter()
    sizes: dict[str, float] = {}

    def responded(told: dict[str, Any]) -> None:
        if told["response"].get("fromDiskCache"):
            kept.add(told["requestId"])

    network.on("Network.requestWillBeSent", lambda told: urls.update({told["requestId"]: told["request"]["url"]}))
    network.on("Network.requestServedFromCache", lambda told: kept.add(told["requestId"]))
    network.on("Network.responseReceived", responded)
    network.on("Network.dataReceived", lambda told: streamed.update({told["requestId"]: told["encodedDataLength"]}))
    network.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(address)
    page.wait_for_function(READY)
    page.wait_for_timeout(3000)
    page.close()
    found: Counter[str] = Counter()
    for name, url in urls.items():
        if name not in kept and url.startswith("http"):
            for whose in ("", "own ") if "/playground/" in url else ("",):
                found[f"{whose}requests"] += 1
                found[f"{whose}kB"] += sizes.get(name, streamed[name]) / 1000  # type: ignore[assignment]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        starts = [start(browser) for _ in range(given.times)]
        with process() as (address, started):
            wait(address, started)
            wait_for_trainers(address)
            context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
            visits = [visit(context, address) for _ in range(2)]
        browser.close()
    heading(f"Seconds from `python app.py`: medians of {given.times} starts")
    rows = []
    for what in starts[0]:
        values = [found[what] for found in starts]
        bound = target(median(values), most=USABLE) if what == "the page is usable" else ()
        rows.append((what, f"{median(values):.1f}", f"{max(values):.1f}", *bound))
    show(("", "measured", "worst", "target", "met"), rows)
    heading("What a visit transfers")
    first, second = visits
    rows = []
    for what, most in (("requests", REQUESTS), ("kB", KILOBYTES), ("own requests", None), ("own kB", None)):
        bound = target(first[what], most=most, digits=0) if most else ()
        rows.append((what, f"{first[what]:.0f}", f"{second[what]:.0f}", *bound))
    show(("", "first", "second", "target", "met"), rows)


if __name__ == "__main__":
    main()
