// The points of a file: how their axes are scaled.

import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, differ, extents } from "../../playground/ui/static/panels/data/axes.js";

test("each axis reaches from −1 to 1", () => {
  const scaled = apart([
    [500, 0.25],
    [0, 0.5],
    [1000, 0.75],
  ]);
  assert.deepEqual(scaled, [
    [0, -1],
    [-1, 0],
    [1, 1],
  ]);
});

test("an axis without length stays in the middle", () => {
  assert.deepEqual(
    apart([
      [1, 7],
      [3, 7],
    ]),
    [
      [-1, 0],
      [1, 0],
    ],
  );
});

test("extents of a million points take no deep stack", () => {
  const points = Array.from({ length: 1_000_000 }, (_, i) => [i, 5]);
  assert.deepEqual(extents(points), [
    [0, 999_999],
    [5, 5],
  ]);
});

test("axes differ when one would hardly be seen beside the other", () => {
  const across = (width, height) => [
    [0, 0],
    [width, height],
  ];
  assert.equal(differ(across(3, 1)), false);
  assert.equal(differ(across(3.1, 1)), true);
  assert.equal(differ(across(1, 200)), true);
  assert.equal(differ(across(5, 0)), false); // there is nothing to scale
});
