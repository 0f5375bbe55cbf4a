import assert from "node:assert/strict";
import { test } from "node:test";
import { at, bracket } from "../../playground/ui/static/paint/interpolation.js";

test("a time lies between two, or at an end", () => {
  const times = [0, 0.25, 1];
  assert.deepEqual(bracket(times, 0), [0, 0, 0]);
  assert.deepEqual(bracket(times, 0.125), [0, 1, 0.5]);
  assert.deepEqual(bracket(times, 0.25), [0, 1, 1]);
  assert.deepEqual(bracket(times, 0.4375), [1, 2, 0.25]);
  assert.deepEqual(bracket(times, 1), [1, 2, 1]);
});

test("before the first time it is the first, after the last one it goes straight on", () => {
  assert.deepEqual(bracket([0.5, 1], 0.1), [0, 0, 0]);
  assert.deepEqual(bracket([0, 0.5], 1), [0, 1, 2]);
});

test("what has one time, or none, is always there", () => {
  assert.deepEqual(bracket([], 0.3), [0, 0, 0]);
  assert.deepEqual(bracket([0.7], 0.3), [0, 0, 0]);
});

test("points go straight from one place to the next", () => {
  const piece = { n: 2, times: [0, 1], xy: Float32Array.of(0, 0, 1, 1, 4, -4, 1, 3) };
  assert.deepEqual([...at(piece, 0)], [0, 0, 1, 1]);
  assert.deepEqual([...at(piece, 0.25)], [1, -1, 1, 1.5]);
  assert.deepEqual([...at(piece, 1)], [4, -4, 1, 3]);
  assert.deepEqual([...piece.xy], [0, 0, 1, 1, 4, -4, 1, 3], "and the piece stays as it is");
});
