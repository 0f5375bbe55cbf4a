import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, sameLink } from "../../playground/ui/static/links/link.js";
import { links } from "./encoded.js";

for (const [i, { state, defaults, query }] of links.entries()) {
  test(`link ${i} means what Python's means`, () => {
    const link = linkOf(state, defaults);
    assert.equal(link.whole, !state.dataset.pictures, "pictures are in none");
    assert.ok(sameLink(link.query, query), `${link.query} is not ${query}`);
  });
}

test("points that are too many are left out, and it says so", () => {
  const { state, defaults } = links[0];
  const points = Array.from({ length: 2001 }, (_, i) => [i / 1000, 0]);
  const link = linkOf({ ...state, dataset: { points, labels: null } }, defaults);
  assert.deepEqual([link.whole, new URLSearchParams(link.query).get("points")], [false, null]);
});

test("links are the same in any order and notation of numbers, and else are not", () => {
  assert.ok(sameLink("a=1&b=x", "b=x&a=1.0"));
  assert.ok(sameLink("rate=0.00001", "rate=1e-05"));
  assert.ok(!sameLink("a=1", "a=1&b="));
  assert.ok(!sameLink("a=1&b=2", "a=2&b=1"));
});
