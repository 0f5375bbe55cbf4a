import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, inside, labelOf, mostInLink, pack, xOf, yOf } from "../../playground/ui/static/pad/drawing.js";
import { drawings } from "./encoded.js";

for (const [i, { text, points, labels, onCanvas, origin, names }] of drawings.entries()) {
  test(`drawing ${i} is read and written as Python does`, () => {
    assert.equal(encode(points, labels, onCanvas, { origin, names }), text);
    if (!onCanvas) return; // only Python reads these
    const read = decode(text);
    assert.deepEqual(read.labels, labels);
    const onGrid = (v) => Math.min(4095, Math.floor((v + 4) * 512 + 0.5)) / 512 - 4;
    assert.deepEqual(
      read.points,
      points.map((point) => point.map(onGrid)),
    );
    assert.equal(encode(read.points, read.labels), text, "again and again");
  });
}

test("a link that is damaged or too long says so", () => {
  const { text } = drawings[2];
  const [first, runs] = text.split(".");
  const tenth = `${first}..JAKBCA`; // classes 9 and 10 … of at most ten
  const bads = ["", "A", text.slice(1), `${text}.`, `${text}AA`, text.replace(".", "!"), "AAAAAAAA"];
  for (const bad of [...bads, `${first}.`, `${first}..`, `${text}.${runs}`, `${first}...${runs}`, tenth])
    assert.throws(() => decode(bad), /damaged/, bad);
  assert.throws(() => decode("A".repeat(8004)), /too long/);
});

test("what a link can't hold has none", () => {
  assert.equal(encode(Array(2001).fill([0, 1])), null, "too many");
  assert.equal(encode(Array(751).fill([0, 1]), null, false), null, "too many that are exact");
  assert.equal(encode(Array(750).fill([0, 1]), null, false).length, 8000);
  assert.deepEqual([mostInLink(true), mostInLink(false)], [2000, 750]);
  assert.equal(encode([[0, 9]]), null, "outside");
  assert.equal(encode([[0, Number.NaN]]), null);
  assert.equal(
    encode([
      [1, 1],
      [1, 1],
    ]),
    null,
    "all in one place",
  );
});

test("a point is one number, and comes back to the grid's precision", () => {
  for (const [x, y, label] of [
    [-4, 4, 0],
    [0.25, -1.5, 3],
    [3.998046875, 0, 2],
  ]) {
    const p = pack(x, y, label);
    assert.deepEqual([xOf(p), yOf(p), labelOf(p)], [x, Math.min(y, 4095 / 512 - 4), label]);
  }
  assert.deepEqual([4, -4, 4.001, -4.001, Number.NaN].map(inside), [true, true, false, false, false]);
});
