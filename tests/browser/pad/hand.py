"""A hand at the drawing pad: where it points, what it does, and what is on the pad then."""

import numpy as np


def points(page):
    return np.array(page.evaluate("pad.points")).reshape(-1, 2)


def labels(page):
    return page.evaluate("pad.labels")


def place(page, x, y):
    """Where a point of the square is on the screen."""
    box = page.locator("#draw-canvas").bounding_box()
    return box["x"] + (x + 4) / 8 * box["width"], box["y"] + (4 - y) / 8 * box["height"]


def tap(page, x, y):
    page.mouse.click(*place(page, x, y))


def stroke(page, *corners):
    page.mouse.move(*place(page, *corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*place(page, *corner), steps=10)
    page.mouse.up()


def choose(page, tool, value):
    page.evaluate(f"document.querySelector('#draw-{tool}').value = {value}")


PICTURE = "document.querySelector('#draw-canvas').toDataURL()"


def painted(page):
    """How many pixels of the canvas are not empty."""
    return page.evaluate("""() => {
        const canvas = document.querySelector('#draw-canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, i) => i % 4 == 3 && value).length }""")
