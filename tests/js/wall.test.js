// The wall: how tiles fill a screen, and what they say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, WORDS } from "../../playground/ui/static/wall/grid.js";
import { wordsOf } from "../../playground/ui/static/wall/words.js";

test("one to thirty tiles fit on a projector, as large as they can be", () => {
  let before = Number.POSITIVE_INFINITY;
  for (let n = 1; n <= 30; n++) {
    const { columns, side } = arrange(n, 1248, 660);
    const rows = Math.ceil(n / columns);
    assert.ok(columns * side + (columns - 1) * 10 <= 1248, `${n} tiles across`);
    assert.ok(rows * (side - 22 + WORDS) + (rows - 1) * 10 <= 660, `${n} tiles down`);
    assert.ok(side <= before);
    before = side;
  }
  assert.ok(before >= 100, `${before} px for each of thirty`);
  assert.equal(arrange(1, 1248, 660).columns, 1);
});

test("on a phone they are scrolled to, two in a row", () => {
  assert.deepEqual(arrange(30, 340, 500).columns, 2);
  assert.equal(arrange(0, 0, 0).columns, 1); // before there is a page
});

test("a tile says what is trained, how far it has come, and its distance beside a perfect model's", () => {
  const run = { title: "GAN", dataset: "two moons", step: 1200, steps: 4000, state: "training", distance: 0.1234 };
  assert.deepEqual(wordsOf({ ...run, band: [0.05, 0.04, 0.06] }), {
    about: "GAN, two moons",
    step: "Step 1,200",
    of: "of 4,000",
    number: "0.12",
    floor: "perfect 0.040 to 0.060",
  });
  assert.equal(wordsOf({ ...run, state: "failed" }).step, "It has blown up.");
  assert.equal(wordsOf({ ...run, state: "done" }).of, "of 4,000, done");
  assert.equal(wordsOf({ ...run, distance: null, band: null }).number, "");
  assert.equal(wordsOf({ name: "Ada" }).step, "Nothing to see yet");
});
