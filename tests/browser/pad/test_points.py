"""The points of the pad: how many, how large, and as a link."""

import numpy as np
import pytest

from playground.data.drawings import Drawing
from tests.browser.pad.hand import labels, painted, points, stroke, tap


def test_no_more_than_20_000(page):
    page.evaluate("pad.set(Array.from({length: 20100}, (_, i) => [Math.cos(i) * 3, Math.sin(i * 1.7) * 3]))")
    assert page.locator("#draw-count").inner_text() == "20,000 points"
    assert "full" in page.locator(".draw-note").inner_text()
    stroke(page, (-1, 0), (1, 0))
    assert len(points(page)) == 20_000
    assert page.evaluate("changes.length") == 0
    page.click("#draw-eraser")
    stroke(page, (-1, 0), (1, 0))
    assert len(points(page)) < 20_000
    assert page.locator(".draw-note").inner_text() == ""


def test_set_keeps_order_and_leaves_out_what_is_outside(page):
    page.evaluate("pad.set([[1, 2], [9, 0], [NaN, 0], [-4, 4], [0.5, -0.25]], [1, 2, 3, 0, 3])")
    assert page.evaluate("pad.points") == [[1, 2], [-4, 4095 / 512 - 4], [0.5, -0.25]]
    assert labels(page) == [1, 0, 3]
    assert page.evaluate("changes.length") == 0


def test_resizing_keeps_the_points(page):
    stroke(page, (-2, -2), (2, 2))
    before, pixels = page.evaluate("pad.points"), painted(page)
    page.set_viewport_size({"width": 500, "height": 700})
    page.wait_for_timeout(100)
    assert page.evaluate("pad.points") == before
    width = page.evaluate("document.querySelector('#draw-canvas').width")
    assert abs(page.locator("#draw-canvas").bounding_box()["width"] - width) <= 1
    assert 0 < painted(page) < pixels
    tap(page, 3, -3)
    assert np.hypot(*(points(page)[-1] - (3, -3))) < 0.5


@pytest.mark.parametrize("labelled", [False, True])
def test_links_agree_with_python(page, labelled):
    rng = np.random.default_rng(0)
    for n in (2, 3, 1500, 1900):
        given = rng.uniform(-4, 4, (n, 2)).astype(np.float32)
        classes = np.sort(rng.integers(0, 4, n)) if n != 3 else np.array([3, 0, 3])
        classes = classes if labelled else None
        text = Drawing(points=given, labels=classes).encode()
        sent = [given.astype(float).tolist(), None if classes is None else classes.tolist()]
        assert page.evaluate("([points, labels]) => encode(points, labels)", sent) == text
        there = page.evaluate("decode", text)
        here = Drawing.decode(text)
        assert np.array_equal(np.array(there["points"]), here.points)
        assert there["labels"] == (None if here.labels is None else here.labels.tolist())
        assert page.evaluate("(text) => { const d = decode(text); return encode(d.points, d.labels) }", text) == text


def test_a_drawing_survives_its_link(page):
    tap(page, 0, 0)
    page.click("#draw-class-1")
    stroke(page, (1, 1), (2, 3))
    text = page.evaluate("encode(pad.points, pad.labels)")
    drawing = Drawing.decode(text)
    assert np.array_equal(drawing.points, points(page).astype(np.float32))
    assert drawing.labels.tolist() == labels(page)
    page.evaluate("(text) => { const d = decode(text); pad.set(d.points, d.labels) }", text)
    assert page.evaluate("encode(pad.points, pad.labels)") == text


def test_what_is_no_link(page):
    reads = "(text) => { try { return decode(text) } catch (error) { return error.message } }"
    short = ["", ".", "AAA", "AAAA", "AAAAAAAA", "AAAABBB=", "AAAABBBB\n", "é" * 8]
    for text in [*short, *("AAAABBBB" + end for end in (".", ".AA", ".AAA", ".AB.AB", ".__"))]:
        assert page.evaluate(reads, text) == "The drawing in this link is damaged.", text
    assert page.evaluate(reads, "A" * 8004) == "The drawing in this link is too long."
    many = [[i / 1000, 0] for i in range(2001)]
    for given in [[], [[1, 1]], [[1, 1], [1, 1]], [[1, 1], [5, 0]], many]:
        assert page.evaluate("(points) => encode(points)", given) is None, given
