"""The README's pictures, taken from the running app: `make screenshots`."""

import math
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from playground.engine import make
from playground.ui import launch
from scripts import browser as system

DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    engine = make()
    _, url, _ = launch(engine, server_port=None, prevent_thread_lock=True, quiet=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**system.options())
        light = browser.new_page(viewport={"width": 1440, "height": 900})
        light.goto(f"{url}?family=flow&dataset=smiley")
        train(light)
        light.click("[data-layout=journey]")
        light.mouse.move(585, 330)
        light.wait_for_function("document.querySelector('.pointer').textContent.includes('goes to')")
        light.screenshot(path=DOCS / "journey.png")

        light.click("#draw")
        draw(light)
        light.screenshot(path=DOCS / "draw.png")

        dark = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="dark")
        dark.goto(f"{url}?family=flow&dataset=two_moons")
        train(dark)
        dark.click("[data-layer=field]")
        dark.click("[data-layer=speed]")
        dark.wait_for_timeout(500)
        dark.screenshot(path=DOCS / "field.png")

        taught = browser.new_page(viewport={"width": 1440, "height": 900})
        taught.goto(f"{url}?lesson=flow.4")
        taught.wait_for_selector("#flow-stage[data-state=done]:not([data-frames='0'])")
        taught.wait_for_timeout(2000)  # until the pairs are there
        taught.screenshot(path=DOCS / "lesson.png")
        browser.close()
    engine.close()


def train(page: Page) -> None:
    page.click("#flow-train")
    page.wait_for_selector("#flow-stage[data-state=training]")
    page.wait_for_selector("#flow-stage[data-state=done]", timeout=120_000)
    page.wait_for_timeout(1000)  # until the charts are drawn


def draw(page: Page) -> None:
    """A cat's face, stroke by stroke."""
    box = page.locator("#draw-canvas").bounding_box()
    assert box is not None
    unit = min(box["width"], box["height"]) / 8
    cx, cy = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def stroke(points: list[tuple[float, float]]) -> None:
        page.mouse.move(cx + unit * points[0][0], cy - unit * points[0][1])
        page.mouse.down()
        for x, y in points:
            page.mouse.move(cx + unit * x, cy - unit * y, steps=6)
        page.mouse.up()

    stroke([(2.3 * math.cos(a / 20 * math.tau), 2.0 * math.sin(a / 20 * math.tau) - 0.4) for a in range(21)])
    for side in (-1, 1):
        page.click(f"#draw-class-{1 if side < 0 else 2}")
        stroke([(side * 2.1, 0.7), (side * 2.1, 2.8), (side * 0.9, 1.6)])
        stroke([(side * 0.8, 0.2), (side * 0.8, 0.35), (side * 0.85, 0.2)])
    page.click("#draw-class-3")
    for y in (-0.6, -0.9):
        stroke([(-2.9, y - 0.1), (-1.3, y)])
        stroke([(2.9, y - 0.1), (1.3, y)])
    page.wait_for_timeout(300)


if __name__ == "__main__":
    main()
