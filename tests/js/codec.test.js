import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, decodeLayers, encodeLayers } from "../../playground/ui/static/paint/codec.js";
import { PAINTERS } from "../../playground/ui/static/paint/painters/painters.js";
import { pieces } from "./encoded.js";

const PLACES = ["xy", "to", "first", "second"];

for (const [name, { piece, meaning }] of Object.entries(pieces)) {
  test(`${name} are what Python wrote`, () => {
    const { it } = decodeLayers({ it: piece });
    for (const [part, numbers] of Object.entries(meaning)) {
      const wanted = PLACES.includes(part) ? numbers.map(Math.fround) : numbers;
      assert.deepEqual([...it[part]], wanted, part);
    }
    for (const part of Object.keys(piece).filter((key) => !(key in meaning))) assert.deepEqual(it[part], piece[part]);
  });
}

test("what was decoded is encoded as Python wrote it", () => {
  const layers = Object.fromEntries(Object.entries(pieces).map(([name, { piece }]) => [name, piece]));
  layers.many = [pieces.rays.piece, pieces.marks.piece];
  const sent = (value) => JSON.parse(JSON.stringify(value));
  assert.deepEqual(sent(encodeLayers(decodeLayers(layers))), sent(layers));
});

test("every position of the canvas survives", () => {
  const xy = btoa(String.fromCharCode(...new Uint8Array(Uint16Array.from([0, 1, 32767, 32768, 65534, 65535]).buffer)));
  const it = { type: "points", n: 3, times: [], xy };
  assert.equal(encodeLayers(decodeLayers({ it })).it.xy, xy);
});

test("each kind that can be painted was read", () => {
  const kinds = new Set(Object.values(pieces).map(({ piece }) => piece.type));
  assert.deepEqual([...kinds].sort(), Object.keys(PAINTERS).sort());
});

test("numbers with a sign keep it", () => {
  const { it } = decodeLayers({ it: pieces.arrows.piece });
  assert.ok(it.uv instanceof Int8Array);
  assert.equal(Math.min(...it.uv), -127);
});

test("a frame keeps what it says, and a layer may be several pieces", () => {
  const layers = { one: pieces.heat.piece, many: [pieces.rays.piece, pieces.marks.piece] };
  const frame = decode(JSON.stringify({ step: 7, scalars: { loss: 1 }, layers }));
  assert.deepEqual([frame.step, frame.scalars], [7, { loss: 1 }]);
  assert.deepEqual([...frame.layers.one.values], pieces.heat.meaning.values);
  assert.deepEqual(
    frame.layers.many.map(({ type }) => type),
    ["rays", "marks"],
  );
});

test("a notice has no layers, and what is no frame is refused", () => {
  assert.deepEqual(decode('{"error":"No."}').layers, {});
  assert.throws(() => decode("nonsense"));
  assert.throws(() => decodeLayers({ it: { type: "unheard of" } }));
});
