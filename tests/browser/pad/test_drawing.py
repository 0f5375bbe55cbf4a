"""Points are drawn, erased and drawn again: by mouse, touch, pen and keyboard."""

import math

import numpy as np
import pytest

from tests.browser.pad.hand import PICTURE, choose, labels, painted, place, points, stroke, tap


def test_the_canvas_is_the_largest_square_in_the_middle_and_nothing_moves(page):
    host, normalizer = page.locator("#host").bounding_box(), page.locator("#draw-canvas").bounding_box()
    assert normalizer["width"] == normalizer["height"] == min(host["width"], host["height"])
    assert normalizer["x"] + normalizer["width"] / 2 == host["x"] + host["width"] / 2
    layout = "JSON.stringify(['.top', '#host', '.below'].map((s) => document.querySelector(s).getBoundingClientRect()))"
    opened = page.evaluate(layout)
    page.evaluate("pad.detach()")
    assert page.locator("#draw-pad").count() == 0
    assert page.evaluate(layout) == opened


def test_a_stroke_leaves_points_along_itself(page):
    assert page.locator(".draw-hint").is_visible()
    stroke(page, (-2, 1), (2, 1))
    drawn = points(page)
    assert len(drawn) > 150  # 4 units of at least 50, but for the time
    along = np.clip(drawn[:, 0], -2, 2)
    away = np.hypot(drawn[:, 0] - along, drawn[:, 1] - 1)
    assert away.max() < 0.5
    assert 0.05 < np.std(drawn[:, 1]) < 0.12  # the brush's 0.08
    assert np.histogram(drawn[:, 0], bins=4, range=(-2, 2))[0].min() > 25
    assert not page.locator(".draw-hint").is_visible()
    assert page.locator("#draw-count").inner_text() == f"{len(drawn)} points"
    assert page.evaluate("changes.length") == 1
    assert page.evaluate("changes[0]") == {"points": page.evaluate("pad.points"), "labels": [0] * len(drawn)}


def test_no_point_lies_outside(page):
    choose(page, "size", 0.8)
    stroke(page, (3.5, 3.0), (3.9, -3.9), (5.0, -3.9), (-5, -3.9))
    drawn = points(page)
    assert len(drawn) > 200
    assert np.abs(drawn).max() <= 4
    grid = (drawn + 4) * 512
    assert np.array_equal(grid, np.round(grid))
    assert (grid == 4095).mean() < 0.02  # none was moved to the edge


SECONDS = """async () => {
    const begin = performance.now();
    for (let seconds = 0, before = begin; ; ) {
        const now = await new Promise(requestAnimationFrame);
        seconds += Math.max(0, Math.min(0.05, (now - before) / 1000));
        before = now;
        if (seconds > 0.8) return seconds;
    }
}"""
"""Waits while the pad counts .8 seconds: on a busy machine it leaves out what is between two distant frames."""


def rate(page) -> float:
    """Points a second where the pointer is held."""
    before = len(points(page))
    page.mouse.down()
    seconds = page.evaluate(SECONDS)
    drawn = len(points(page)) - before
    assert page.evaluate("changes.length") == bool(before)  # it ends with the stroke
    page.mouse.up()
    return drawn / seconds


def test_points_come_with_time_too(page):
    page.mouse.move(*place(page, 0, 0))
    usual = rate(page)
    assert 25 < usual < 90
    choose(page, "density", 250)
    assert rate(page) > 2.5 * usual


def test_a_tap_is_a_puff(page):
    tap(page, 1, -2)
    drawn = points(page)
    assert 6 <= len(drawn) <= 40
    assert np.hypot(*(drawn - (1, -2)).T).max() < 0.5
    assert painted(page) > 0


def test_the_eraser_removes_only_what_is_near(page):
    stroke(page, (-3, 0), (3, 0))
    before = points(page)
    page.click("#draw-eraser")
    assert page.locator("#draw-eraser").get_attribute("aria-pressed") == "true"
    stroke(page, (-1, -1), (-1, 1))
    away = np.abs(before[:, 0] + 1)
    assert np.array_equal(points(page), before[away > 0.32])  # in order; twice the brush's 0.16
    assert (away <= 0.32).sum() > 10
    shown = page.evaluate(PICTURE)
    page.evaluate("pad.set(pad.points, pad.labels)")  # repaints all, where the eraser repainted a part
    assert page.evaluate(PICTURE) == shown


def test_undo_brings_back_what_was_erased(page):
    stroke(page, (-3, 0), (3, 0))
    before = page.evaluate("pad.points")
    page.click("#draw-eraser")
    stroke(page, (-1, -1), (-1, 1))
    assert len(points(page)) < len(before)
    page.click("#draw-undo")
    assert page.evaluate("pad.points") == before


def test_undo_redo_clear(page):
    tap(page, -1, 0)
    first = page.evaluate("pad.points")
    tap(page, 1, 0)
    second = page.evaluate("pad.points")
    page.click("#draw-clear")
    assert page.evaluate("pad.points") == []
    assert painted(page) == 0
    assert page.locator(".draw-hint").is_visible()
    page.keyboard.press("Control+z")
    assert page.evaluate("pad.points") == second
    page.click("#draw-undo")
    assert page.evaluate("pad.points") == first
    page.keyboard.press("Control+Shift+Z")
    assert page.evaluate("pad.points") == second
    page.click("#draw-undo")
    tap(page, 0, 2)
    assert page.locator("#draw-redo").get_attribute("aria-disabled") == "true"  # another future
    page.keyboard.press("Control+Shift+Z")
    assert page.evaluate("changes.length") == 8


def test_shortcuts_are_left_to_text_fields_and_to_a_closed_pad(page):
    tap(page, 0, 0)
    n = len(points(page))
    page.focus("#field")
    page.keyboard.press("Control+z")
    assert len(points(page)) == n
    page.evaluate("pad.detach()")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    assert len(points(page)) == n
    page.evaluate("pad.attach(host)")  # and all is as it was
    page.keyboard.press("Control+z")
    assert len(points(page)) == 0


def test_classes(page):
    tap(page, -2, 0)
    page.click("#draw-class-2")
    assert page.locator("#draw-class-2").get_attribute("aria-pressed") == "true"
    tap(page, 2, 0)
    drawn, classes = points(page), np.array(labels(page))
    assert set(classes) == {0, 2}
    assert np.array_equal(classes == 2, drawn[:, 0] > 0)
    page.click("#draw-eraser")
    page.click("#draw-class-3")  # to choose a colour is to spray again
    tap(page, 0, 0)
    assert labels(page)[-1] == 3


def test_done_and_the_handles(page):
    page.click("#draw-done")
    assert page.evaluate("dones") == 1
    for name in ["brush", "eraser", "undo", "redo", "clear", "class-0", "class-1", "class-2", "class-3", "done"]:
        box = page.locator(f"#draw-{name}").bounding_box()
        assert box["height"] >= 40, name
        assert page.locator(f"#draw-{name}").get_attribute("aria-label") or name == "done"


def test_touch_draws_and_does_not_scroll(open_page, phone):
    page = open_page(phone)
    cdp = page.context.new_cdp_session(page)

    def swipe(start, end, second=None):
        def send(kind, *touches):
            points = [{"x": x, "y": y, "id": i} for x, y, i in touches]
            cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        other = [(*second, 1)] if second else []
        send("touchStart", (*start, 0))
        if second:
            send("touchStart", (*start, 0), *other)
        for k in range(1, 11):
            here = [a + (b - a) * k / 10 for a, b in zip(start, end, strict=True)]
            send("touchMove", (*here, 0), *other)
        send("touchEnd")
        page.wait_for_timeout(100)

    swipe(place(page, 0, 1), place(page, 0, -3))
    drawn = points(page)
    assert len(drawn) > 150
    assert np.abs(drawn[:, 0]).max() < 0.6
    assert page.evaluate("scrollY") == 0
    swipe(place(page, -1, 0), place(page, -1, -3), second=place(page, 3, -2))
    assert len(points(page)) > len(drawn) + 100
    assert points(page)[:, 0].max() < 0.6  # nothing where the second finger was
    assert page.evaluate("changes.length") == 2
    swipe((180, 600), (180, 500))  # beside the pad, to know that this would scroll
    assert page.evaluate("scrollY") > 20


def test_a_cancelled_stroke_ends(page):
    page.mouse.move(*place(page, 0, 0))
    page.mouse.down()
    page.dispatch_event("#draw-canvas", "pointercancel", {"pointerId": 1})
    n = len(points(page))
    page.mouse.move(*place(page, 3, 3), steps=5)
    page.mouse.up()
    assert len(points(page)) == n > 0
    assert page.evaluate("changes.length") == 1


def test_a_pen_presses(page):
    def pen(pressure):
        page.evaluate(
            """([pressure, a, b]) => {
            const canvas = document.querySelector('#draw-canvas');
            canvas.setPointerCapture = () => {};
            const send = (type, [clientX, clientY]) => canvas.dispatchEvent(new PointerEvent(type,
                {pointerId: 7, pointerType: 'pen', pressure, clientX, clientY, button: 0, buttons: 1, bubbles: true}));
            send('pointerdown', a); send('pointermove', b); send('pointerup', b);
            }""",
            [pressure, place(page, -3, 0), place(page, 3, 0)],
        )
        n = len(points(page))
        page.evaluate("pad.clear()")
        return n

    assert pen(0.5) == pytest.approx(300, abs=10)
    assert pen(1) == pytest.approx(510, abs=10)
    assert pen(0.1) == pytest.approx(132, abs=10)


def test_the_keyboard_draws(page):
    assert page.evaluate("document.activeElement.id") == "draw-canvas"
    for key in ["ArrowRight"] * 5 + ["ArrowUp"] * 10 + ["Shift+ArrowUp", "Space"]:
        page.keyboard.press(key)
    drawn = points(page)
    assert 6 <= len(drawn) <= 40
    assert np.hypot(*(drawn.mean(axis=0) - (1, 2.05))) < 0.15
    ring = page.locator(".draw-ring.keys").bounding_box()
    x, y = place(page, 1, 2.05)
    assert math.hypot(ring["x"] + ring["width"] / 2 - x, ring["y"] + ring["height"] / 2 - y) < 1.5
    page.keyboard.press("Backspace")
    assert len(points(page)) == 0
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert points(page)[:, 0].min() >= -4  # the cursor stays inside
    assert page.evaluate("scrollY") == 0
