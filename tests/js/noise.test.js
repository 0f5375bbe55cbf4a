// One noise, followed through several models.

import assert from "node:assert/strict";
import { test } from "node:test";
import { traceAt } from "../../playground/ui/static/compare/noise/noise.js";

test("the point moves along its path with the time", () => {
  const answer = { path: [[0, 0], [1, 2], [3, 2]], times: [0, 0.5, 1] }; // biome-ignore format: one line
  assert.deepEqual(traceAt(answer, 0).here.x, [0, 0]);
  assert.deepEqual(traceAt(answer, 0.25).here.x, [0.5, 1]);
  assert.deepEqual(traceAt(answer, 0.75).here.x, [2, 2]);
  assert.deepEqual(traceAt(answer, 1).here, { x: [3, 2], t: 1 });
  assert.equal(traceAt(answer, 1).path, answer.path);
});

test("without a path, only where it lands is shown", () => {
  const { path, here } = traceAt({ path: [[0, 0], [3, 2]], times: [0, 1] }, 0.3); // biome-ignore format: one line
  assert.deepEqual(path, [[3, 2], [3, 2]]); // biome-ignore format: one line
  assert.deepEqual(here.x, [3, 2]);
});
