"""A visitor's waiting times when pointing at the picture or asking for new samples, in headless Chromium on loopback.

    python -m benchmarks.waits [--times 40]

- pointer: from a move of the mouse over the latent plane of a VAE until the page has its answer, while it trains. The
  page asks only one question at a time, so the moves are spaced to be answered separately.
- chain: from a click on *New samples* until the Stage has drawn the new chain, for a trained diffusion model with the
  given number of sampler steps.

All times are by the page's own clock. The browser shares the machine with the server and the worker.
"""

import argparse

from playwright.sync_api import Page, sync_playwright

from benchmarks.app import app
from benchmarks.page import CHROMIUM, FLAGS
from benchmarks.table import heading, median, show, target
from playground.budget import STAGE_SAMPLES

POINTER, CHAIN = 0.05, 0.5
STEPS = (10, 50)
APART = 150
"""Milliseconds between two moves of the mouse."""

STAGE = """
    const page = document.querySelector("script[src$='/page.js']").src;
    const { stages, hear } = (await import(page)).modules["page/bus.js"];
    const stage = stages.get("%s");
"""

LISTEN = (
    """async () => {"""
    + STAGE % "vae"
    + """
    window.waits = [];
    let asked = null;
    stage.plot.addEventListener("pointermove", () => (asked ??= performance.now()), { capture: true });
    hear("vae", "answer", (answer) => {
        if (asked !== null && !answer.figure) waits.push(performance.now() - asked);
        asked = null;
    });
}"""
)

SAMPLE = (
    """async () => {"""
    + STAGE % "diffusion"
    + """
    const before = stage.recording.last, began = performance.now();
    document.querySelector("#diffusion-redraw").click();
    while (stage.recording.last === before || stage.screen.dirty) await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""
)


def opened(play, address: str, family: str, query: str) -> Page:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{address}/?family={family}&{query}")
    page.wait_for_function(f"+document.querySelector('#{family}-stage')?.dataset.frames >= 1")
    page.wait_for_function(f"!document.querySelector('#{family}-train').disabled")
    return page


def pointer(play, address: str, times: int) -> list[float]:
    """Seconds from a move of the mouse over the latent plane to its answer."""
    page = opened(play, address, "vae", "dataset=two_moons&steps=60000")
    page.click("#vae-train")
    page.wait_for_function("+document.querySelector('#vae-stage').dataset.step > 200")
    page.evaluate(LISTEN)
    box = page.locator("#vae-stage .plot canvas").bounding_box()
    assert box is not None
    for i in range(times):
        page.mouse.move(
            box["x"] + box["width"] * (0.65 + 0.2 * (i % 7) / 7), box["y"] + box["height"] * (0.4 + 0.02 * (i % 9))
        )
        page.wait_for_timeout(APART)
    found = [ms / 1000 for ms in page.evaluate("waits")]
    page.context.browser.close()
    return found


def chain(play, address: str, steps: int, times: int) -> list[float]:
    """Seconds from a click on *New samples* to the new chain on the Stage."""
    page = opened(play, address, "diffusion", f"dataset=two_moons&steps=200&sampler_steps={steps}")
    page.click("#diffusion-train")
    page.wait_for_function("document.querySelector('#diffusion-stage').dataset.state === 'done'")
    page.wait_for_timeout(3000)
    found = []
    for _ in range(times):
        found.append(page.evaluate(SAMPLE) / 1000)
        page.wait_for_timeout(300)
    page.context.browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=40)
    given = parser.parse_args()
    rows = []
    with app() as address, sync_playwright() as play:
        waits = pointer(play, address, given.times)
        rows.append((f"pointer, VAE in training, {len(waits)} answers", waits, POINTER))
        for steps in STEPS:
            waits = chain(play, address, steps, given.times // 4)
            rows.append((f"chain of {steps} steps, {STAGE_SAMPLES:,} points, {len(waits)} times", waits, CHAIN))
    heading("Seconds that a visitor waits")
    show(
        ("", "median", "worst", "target", "met"),
        [(what, f"{median(w):.3f}", f"{max(w):.3f}", *target(median(w), most=most)) for what, w, most in rows],
    )


if __name__ == "__main__":
    main()
