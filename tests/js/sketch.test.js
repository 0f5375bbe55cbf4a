import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_POINTS } from "../../playground/ui/static/pad/drawing.js";
import { Sketch } from "../../playground/ui/static/pad/sketch.js";

function sketchOf(points, labels) {
  const sketch = new Sketch();
  sketch.set(points, labels);
  return sketch;
}

// Something that is one step to undo.
function edit(sketch, change) {
  const before = sketch.snapshot();
  change();
  return sketch.commit(before);
}

const ROW = [-2, -1, 0, 1, 2].map((x) => [x, 0]);

test("it begins with given points; those outside are left out, with their classes", () => {
  const sketch = sketchOf([...ROW, [9, 0], [3, 3]], [0, 1, 2, 3, 0, 1, 2]);
  assert.deepEqual(sketch.points, [...ROW, [3, 3]]);
  assert.deepEqual(sketch.labels, [0, 1, 2, 3, 0, 2]);
  assert.deepEqual(sketch.at(3), [1, 0, 3]);
});

test("spray lies around its segment, in its class, inside the square", () => {
  const sketch = new Sketch();
  sketch.spray(2000, 0.1, 2, [-2, 1], [2, 1]);
  assert.equal(sketch.length, 2000);
  assert.ok(sketch.labels.every((label) => label === 2));
  const away = sketch.points.map(([x, y]) => Math.hypot(x - Math.max(-2, Math.min(2, x)), y - 1));
  const spread = Math.sqrt(away.reduce((sum, d) => sum + d * d, 0) / away.length);
  assert.ok(Math.max(...away) < 0.7 && spread > 0.08 && spread < 0.12, String(spread));
  const edge = new Sketch();
  edge.spray(500, 0.5, 0, [4, 4]);
  assert.ok(edge.length < 300 && edge.length > 40, "most of it is lost");
});

test("it is full at some time, and then takes no more", () => {
  const sketch = new Sketch();
  sketch.spray(MAX_POINTS + 10, 0.1, 0, [0, 0]);
  assert.deepEqual([sketch.length, sketch.full], [MAX_POINTS, true]);
});

test("the eraser takes what is near its segment, and leaves the others in order", () => {
  const sketch = sketchOf(ROW);
  assert.equal(sketch.erase(0.3, [-1.2, 1], [-1.2, -1]), 1);
  assert.deepEqual(
    sketch.points,
    [-2, 0, 1, 2].map((x) => [x, 0]),
  );
  assert.equal(sketch.erase(0.3, [0, 3]), 0);
  assert.equal(sketch.erase(0.1, [0.5, 0], [1.5, 0]), 1);
});

test("undo and redo go through what was done; another edit is another future", () => {
  const sketch = sketchOf(ROW);
  assert.ok(!sketch.undoable && !sketch.undo());
  assert.ok(edit(sketch, () => sketch.erase(0.1, [0, 0])));
  assert.ok(edit(sketch, () => sketch.clear()));
  assert.ok(sketch.undo());
  assert.equal(sketch.length, 4);
  assert.ok(sketch.undo());
  assert.deepEqual(sketch.points, ROW);
  assert.ok(!sketch.undoable && sketch.redoable);
  assert.ok(sketch.redo());
  assert.equal(sketch.length, 4);
  assert.ok(edit(sketch, () => sketch.spray(1, 0.01, 0, [1, 1])));
  assert.ok(!sketch.redoable && !sketch.redo());
});

test("what changed nothing is no step; a hundred steps are kept", () => {
  const sketch = new Sketch();
  assert.equal(
    edit(sketch, () => sketch.clear()),
    false,
  );
  for (let i = 0; i < 120; i++) edit(sketch, () => sketch.spray(1, 0.01, 0, [0, 0]));
  let steps = 0;
  while (sketch.undo()) steps += 1;
  assert.deepEqual([steps, sketch.length], [100, 20]);
});

test("beginning anew forgets what was done", () => {
  const sketch = sketchOf(ROW);
  edit(sketch, () => sketch.clear());
  sketch.set(ROW);
  assert.ok(!sketch.undoable && !sketch.redoable);
});
