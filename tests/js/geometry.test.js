import assert from "node:assert/strict";
import { test } from "node:test";
import { HALF, layOut, locate } from "../../playground/ui/static/paint/geometry.js";

const picture = (titles, moving = false) => ({ moving, panels: titles.map((title) => ({ title })) });
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
const corners = (view) => ({
  left: view.x(-HALF, 1),
  right: view.x(HALF, 1),
  top: view.y(HALF),
  bottom: view.y(-HALF),
});

test("one panel is the largest square in the middle, y up", () => {
  const [view] = layOut(picture([""]), 900, 600, 1);
  assert.deepEqual(corners(view), { left: 150, right: 750, top: 0, bottom: 600 });
  assert.equal(view.scale, 75);
});

test("panels stand side by side on a wide canvas and below each other on a tall one", () => {
  const [a, b] = layOut(picture(["", ""]), 1000, 400, 1).map(corners);
  assert.ok(a.right < b.left && a.top === b.top);
  const [c, d] = layOut(picture(["", ""]), 400, 1000, 1).map(corners);
  assert.ok(c.bottom < d.top && c.left === d.left);
  const five = layOut(picture(["", "", "", "", ""]), 900, 600, 1);
  assert.equal(new Set(five.map((view) => view.y(0))).size, 2, "five make two rows");
});

for (const panels of [1, 2, 3, 5, 8]) {
  test(`${panels} panels fill the canvas without leaving it, and don't overlap`, () => {
    const [width, height] = [900, 620];
    const all = layOut(picture(Array(panels).fill("")), width, height, 1).map(corners);
    for (const { left, right, top, bottom } of all) {
      assert.ok(left >= -1e-9 && right <= width + 1e-9 && top >= -1e-9 && bottom <= height + 1e-9);
    }
    for (const [i, a] of all.entries())
      for (const b of all.slice(i + 1)) {
        assert.ok(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top);
      }
    const filled = Math.max(
      Math.max(...all.map((p) => p.right)) - Math.min(...all.map((p) => p.left)) - width,
      Math.max(...all.map((p) => p.bottom)) - Math.min(...all.map((p) => p.top)) - height,
    );
    near(filled, 0);
  });
}

test("titles have room above each row, more pixels on a finer screen", () => {
  for (const ratio of [1, 2]) {
    const views = layOut(picture(["", "left of it has none"]), 400 * ratio, 1000 * ratio, ratio);
    const [upper, lower] = views.map(corners);
    assert.ok(upper.top >= 22 * ratio);
    assert.ok(lower.top - upper.bottom >= 22 * ratio);
  }
  const [only] = layOut(picture(["a"]), 600, 600, 1).map(corners);
  assert.deepEqual([only.top, only.bottom], [22, 600]);
  const [bare] = layOut(picture([""]), 600, 600, 1).map(corners);
  assert.equal(bare.top, 0);
});

test("a journey's panel goes from left to right, and its ends stay on the canvas", () => {
  const [view] = layOut(picture([""], true), 1200, 500, 1);
  assert.ok(view.moving);
  assert.ok(view.middle(0) < view.middle(0.5) && view.middle(0.5) < view.middle(1));
  near(view.middle(0.5), (view.middle(0) + view.middle(1)) / 2);
  near(view.x(2, 0) - view.middle(0), 2 * view.scale);
  assert.ok(view.x(-3, 0) > 0 && view.x(3, 1) < 1200);
  assert.ok(view.x(3, 0) < view.x(-3, 1), "noise and data don't touch");
});

test("a pixel is the place that is painted there, in every panel", () => {
  for (const titles of [[""], ["a", "b"], ["", "", "", ""]]) {
    const views = layOut(picture(titles), 917, 613, 2);
    for (const [panel, view] of views.entries())
      for (const [x, y] of [
        [0, 0],
        [-3.9, 2.5],
        [1.25, -3.9],
      ]) {
        const found = locate(views, view.x(x, 0.4), view.y(y), 0.4);
        assert.deepEqual([found.panel, found.t], [panel, 0.4]);
        near(found.x[0], x);
        near(found.x[1], y);
      }
  }
});

test("outside every panel there is nothing", () => {
  const views = layOut(picture(["a", "b"]), 1000, 800, 1);
  assert.equal(locate(views, 500, 2, 1), null, "above them");
  assert.equal(locate(views, (views[0].x(HALF, 1) + views[1].x(-HALF, 1)) / 2, views[0].y(0), 1), null, "in the gap");
});

test("in a journey the slider's time comes first, then noise, then data", () => {
  const views = layOut(picture([""], true), 1200, 500, 1);
  const [view] = views;
  assert.equal(locate(views, view.x(0.5, 0), view.y(1), 0.5).t, 0);
  assert.equal(locate(views, view.x(0.5, 1), view.y(1), 0.5).t, 1);
  const between = locate(views, view.x(-1, 0.5), view.y(0.3), 0.5);
  assert.equal(between.t, 0.5);
  near(between.x[0], -1);
  const far = locate(views, view.x(2.5, 0.5), view.y(0), 0.5);
  assert.notEqual(far.t, 0.5, "what is far from the slider's place belongs to an end");
});

test("dots and lines are larger on a finer screen, and never too small to see", () => {
  const [coarse, fine] = [1, 2].map((ratio) => layOut(picture([""]), 100 * ratio, 100 * ratio, ratio)[0]);
  assert.equal(fine.dot, 2 * coarse.dot);
  assert.equal(fine.line, 2 * coarse.line);
  assert.equal(coarse.dot, 1.1);
});
