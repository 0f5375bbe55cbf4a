// Ranks of a race: the twin of tests/race/test_ranking.py.

import assert from "node:assert/strict";
import { test } from "node:test";
import { averaged, bandOf, ranks, verdict } from "../../playground/ui/static/compare/ranking.js";

test("less is better, and who can't be told from the best of a rank shares it", () => {
  assert.deepEqual(ranks([[0.3], [0.1], [0.2]], 0), [3, 1, 2]);
  assert.deepEqual(ranks([[0.3], [0.1], [0.15]], 0.1), [3, 1, 1]);
  assert.deepEqual(ranks([[0.1], [0.16], [0.22]], 0.1), [1, 1, 3], "no chain: the third is not near the first");
});

test("a band holds differences of two scores that spread √2 times as wide, by half on either side", () => {
  assert.deepEqual(ranks([[1], [1.7]], 1), [1, 1]);
  assert.deepEqual(ranks([[1], [1.72]], 1), [1, 2]);
});

test("without a score there is no rank", () => {
  assert.deepEqual(ranks([[Number.NaN], [0.1], [undefined], []], 0.1), [null, 1, null, null]);
});

test("over several rounds the margin shrinks, unless the scores themselves spread", () => {
  const apart = [
    [1, 1, 1, 1],
    [1.4, 1.4, 1.4, 1.4],
  ];
  assert.deepEqual(ranks([[1], [1.4]], 1), [1, 1]);
  assert.deepEqual(ranks(apart, 1), [1, 2]);
  assert.deepEqual(ranks([[0, 2, 0, 2], apart[1]], 1), [1, 1]);
});

test("means, and standard deviations of several", () => {
  assert.deepEqual(averaged([3]), { mean: 3, spread: null });
  assert.deepEqual(averaged([1, 3]), { mean: 2, spread: Math.SQRT2 });
  assert.equal(averaged([undefined]), null);
});

test("the verdict names who wins, who shares, and what became of the visitor's choice", () => {
  const titles = ["A", "B", "C"];
  assert.equal(verdict(titles, [1, 2, 3], null), "A wins.");
  assert.equal(verdict(titles, [1, 2, 3], 0), "A wins. You were right.");
  assert.match(verdict(titles, [1, 1, 3], 2), /^A and B share the first place.*Your choice, C, came third\.$/);
  assert.match(verdict(titles, [1, 2, null], 2), /C, did not arrive\.$/);
  assert.equal(verdict(titles, [null, null, null], 1), "Nobody has arrived.");
});

test("of images, the distance in features decides", () => {
  const floors = { distance: 1, distance_low: 0.5, distance_high: 2, frechet: 3, frechet_low: 2, frechet_high: 4 };
  assert.deepEqual(bandOf({ kind: "points", floors }), [1, 0.5, 2]);
  assert.deepEqual(bandOf({ kind: "images", floors }), [3, 2, 4]);
  assert.equal(bandOf({ kind: "images", floors: { distance: 1 } }), null);
});
