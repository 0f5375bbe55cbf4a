import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLayers } from "../../playground/ui/static/paint/codec.js";
import { HALF, layOut } from "../../playground/ui/static/paint/geometry.js";
import { SHAPES, stampOf } from "../../playground/ui/static/paint/painters/markers.js";
import { PAINTERS } from "../../playground/ui/static/paint/painters/painters.js";
import { scratch } from "../../playground/ui/static/paint/scratch.js";
import { calls, fakeCanvas, heat, PALETTE } from "./canvas.js";
import { pieces } from "./encoded.js";

const [VIEW] = layOut({ moving: false, panels: [{ title: "" }] }, 800, 800, 1); // a unit is 100 pixels
const decoded = (name) => decodeLayers({ it: pieces[name].piece }).it;

function painted(piece, t = 1, options = {}) {
  const canvas = fakeCanvas(800, 800);
  PAINTERS[piece.type](canvas.getContext("2d"), piece, VIEW, t, PALETTE, options);
  return canvas;
}

const styles = (canvas, call, ...wanted) => calls(canvas, call).map((entry) => wanted.map((name) => entry[name]));
const pixels = (canvas) => calls(scratch({ canvas }, 1, 1).canvas, "putImageData").map(({ args: [image] }) => image);
const rounded = (calls) => calls.map(({ args }) => args.map(Math.round));

test("points of classes have the colours of these, all points of a class at once, and a shape each", () => {
  const canvas = painted(decoded("points")); // of the classes 0, 3 and 1
  assert.deepEqual(styles(canvas, "fill", "fillStyle"), [["#000000"]]);
  assert.equal(calls(canvas, "arc").length, 1, "a circle");
  const stamps = calls(canvas, "drawImage").map(({ args: [stamp] }) => calls(stamp, "fill")[0].fillStyle);
  assert.deepEqual(stamps, ["#010101", "#030303"], "a square and a diamond");
  const [, x, y] = calls(canvas, "drawImage")[1].args;
  const half = calls(canvas, "drawImage")[1].args[0].width / 2;
  assert.deepEqual([x + half, y + half].map(Math.round), [800, 0], "in its middle");
});

test("shapes are as large as a circle, fit on their stamps, and all differ", () => {
  const radius = 10;
  const outlines = Array.from({ length: SHAPES - 1 }, (_, i) => {
    const stamp = stampOf({ canvas: fakeCanvas() }, i + 1, "#000000", radius);
    const corners = calls(stamp, "lineTo").map(({ args }) => args);
    for (const at of corners.flat()) assert.ok(at >= 0 && at <= stamp.width);
    return corners.map((at) => at.map((v) => (v - stamp.width / 2) / radius));
  });
  for (const outline of outlines) {
    const area = outline.reduce((sum, [x, y], i) => {
      const [u, v] = outline[(i + 1) % outline.length];
      return sum + (x * v - u * y) / 2;
    }, 0);
    assert.ok(area > 0.9 * Math.PI && area < 1.25 * Math.PI, `${area}`);
  }
  const texts = outlines.map((outline) => JSON.stringify(outline.map((at) => at.map((v) => v.toFixed(2)))));
  assert.equal(new Set(texts).size, SHAPES - 1);
});

test("points on a map have a rim in the colour of the paper, wider than they are, all at once", () => {
  const piece = { type: "points", colour: "data", n: 2, times: [], xy: Float32Array.of(0, 0, 1, 1) };
  const canvas = painted(piece, 1, { halo: true });
  assert.deepEqual(styles(canvas, "fill", "fillStyle"), [[PALETTE.card], [PALETTE.data]]);
  const [rim, point] = [calls(canvas, "rect")[0].args[2] / 2, calls(canvas, "arc")[0].args[2]];
  assert.ok(rim > point && rim < 2 * point);
  assert.equal(calls(painted(piece), "fill").length, 1);
});

test("points of another size are larger", () => {
  const [small, large] = [1, 2].map((size) => painted({ ...decoded("points"), size }));
  assert.equal(calls(large, "arc")[0].args[2], 2 * calls(small, "arc")[0].args[2]);
});

test("paths are clear as far as they have been walked, from either end", () => {
  const xy = Float32Array.of(-2, 0, 0, 0, 2, 0);
  const path = { type: "paths", colour: "ink", n: 1, times: [0, 0.5, 1], xy };
  const walked = (piece, t) => {
    const canvas = painted(piece, t);
    const from = canvas.log.findLastIndex(({ call }) => call === "beginPath");
    return rounded(canvas.log.slice(from).filter(({ args }) => args.length === 2)).map(([x]) => x);
  };
  assert.deepEqual(walked(path, 0.75), [200, 400, 500]);
  assert.deepEqual(walked({ ...path, backwards: true }, 0.75), [600, 500]);
  assert.deepEqual(styles(painted(path), "stroke", "globalAlpha"), [[0.14], [0.6]]);
});

test("arrows point along the field, longer where it is faster, and none where it rests", () => {
  const uv = Int8Array.of(127, 0, 0, 32, 0, 0, -127, 0);
  const canvas = painted({ type: "arrows", colour: "ink", n: 2, times: [], uv });
  const starts = rounded(calls(canvas, "moveTo"));
  const ends = rounded(calls(canvas, "lineTo"));
  const shafts = [0, 1, 2].map((i) => [starts[2 * i], ends[3 * i]]);
  const [right, up, left] = shafts.map(([[x0, y0], [x1, y1]]) => [x1 - x0, y1 - y0]);
  assert.equal(starts.length, 6, "three arrows, each with a head");
  assert.deepEqual(right, [460, 0]);
  assert.deepEqual(left, [-460, 0]);
  assert.equal(up[0], 0);
  assert.ok(up[1] < 0 && up[1] > -460, "upwards, and shorter");
  assert.ok(shafts[0][0][1] > 400 && shafts[2][0][1] < 400, "the first row is the lowest");
});

test("a heat map is one pixel a cell, its first row the lowest, over the whole panel", () => {
  const piece = heat({ values: Uint8Array.of(0, 50, 100, 200) });
  const canvas = painted(piece);
  const [{ width, height, data }] = pixels(canvas);
  assert.deepEqual([width, height], [2, 2]);
  assert.deepEqual([data[3], data[7], data[11], data[15]], [100, 200, 0, 50]);
  assert.deepEqual(data.slice(0, 3), [0xa0, 0xa0, 0x80]);
  assert.deepEqual(calls(canvas, "drawImage")[0].args.slice(1), [0, 0, 800, 800]);
  assert.equal(calls(canvas, "stroke").length, 0);
});

test("a map between two times is in between", () => {
  const values = Uint8Array.of(0, 0, 0, 0, 200, 200, 200, 200);
  const piece = { type: "heat", colour: "map", n: 2, times: [0, 1], low: 0, high: 1, values };
  assert.equal(pixels(painted(piece, 0.5))[0].data[3], 100);
});

test("a map with a middle has two colours, and a line where it is met", () => {
  const canvas = painted(decoded("heat")); // 0, 1 over 2, 4, with 1 in the middle
  const [{ data }] = pixels(canvas);
  const sides = [0, 1, 2, 3].map((i) => data.slice(4 * i, 4 * i + 3));
  const [real, fake] = [
    [0x80, 0xc0, 0x80],
    [0xc0, 0x80, 0xc0],
  ];
  assert.deepEqual([sides[0], sides[1], sides[2]], [real, real, fake]);
  assert.deepEqual(styles(canvas, "stroke", "strokeStyle"), [[PALETTE.ink]]);
  const line = [...rounded(calls(canvas, "moveTo")), ...rounded(calls(canvas, "lineTo"))];
  assert.equal(line.length, 2);
  assert.deepEqual(
    line.sort(([a], [b]) => a - b),
    [
      [200, 401],
      [598, 600],
    ],
    "half way from 0 up to 2, and just before 1",
  );
});

test("rays go from place to place, with heads that are no longer than they should be", () => {
  const xy = Float32Array.of(0, 0);
  const ray = { type: "rays", colour: "ink", n: 1, times: [], xy, to: Float32Array.of(1, 0) };
  const plain = painted({ ...ray, heads: false });
  assert.deepEqual(
    [...rounded(calls(plain, "moveTo")), ...rounded(calls(plain, "lineTo"))],
    [
      [400, 400],
      [500, 400],
    ],
  );
  const headed = painted({ ...ray, heads: true });
  assert.deepEqual(rounded(calls(headed, "moveTo")), [
    [400, 400],
    [495, 403],
  ]);
});

test("rays that fade are painted one by one, each with its opacity", () => {
  const canvas = painted(decoded("rays that fade")); // at .2 and 1, from the lower left to the upper right and on
  assert.deepEqual(styles(canvas, "stroke", "globalAlpha", "lineWidth"), [
    [0.2, 2 * VIEW.line],
    [1, 2 * VIEW.line],
  ]);
  assert.deepEqual(rounded(calls(canvas, "lineTo")), [
    [800, 0],
    [450, 625],
  ]);
  const faint = { ...decoded("rays that fade"), opacity: Uint8Array.of(0, 255) };
  assert.equal(calls(painted(faint), "stroke").length, 1, "what can't be seen is not painted");
});

test("in a journey, the ends of rays may lie at another time", () => {
  const [view] = layOut({ moving: true, panels: [{ title: "" }] }, 1600, 800, 1);
  const canvas = fakeCanvas(1600, 800);
  const piece = decoded("rays that fade");
  PAINTERS.rays(canvas.getContext("2d"), piece, view, 0.5, PALETTE);
  const [x] = calls(canvas, "lineTo")[0].args;
  assert.equal(Math.round(x), Math.round(view.x(HALF, 1)));
  assert.equal(Math.round(calls(canvas, "moveTo")[0].args[0]), Math.round(view.x(-HALF, 0.5)));
});

test("an ellipse is true to scale", () => {
  const canvas = painted(decoded("ellipses")); // around (1, −1), half-axes 0.5 and 0.25
  const at = calls(canvas, "lineTo").map(({ args }) => args);
  const span = (i) => [Math.min(...at.map((p) => p[i])), Math.max(...at.map((p) => p[i]))].map(Math.round);
  assert.deepEqual(
    [span(0), span(1)],
    [
      [450, 550],
      [475, 525],
    ],
  );
  assert.deepEqual(styles(canvas, "fill", "fillStyle", "globalAlpha"), [["#020202", 0.1]]);
});

test("a mesh has a fill for each cell, by its opacity, and its lines", () => {
  const xy = Float32Array.of(-1, -1, 0, -1, 1, -1, -1, 0, 0, 0, 1, 0, -1, 1, 0, 1, 1, 1);
  const canvas = painted({ type: "mesh", colour: "ink", n: 3, times: [], xy, opacity: Uint8Array.of(0, 51, 102, 255) });
  assert.deepEqual(
    styles(canvas, "fill", "globalAlpha").map(([alpha]) => Number(alpha.toFixed(2))),
    [0, 0.12, 0.24, 0.6],
  );
  assert.equal(calls(canvas, "stroke").length, 1);
});

const marked = (texts, ...places) => ({
  ...{ type: "marks", colour: "bad", n: texts.length, times: [], texts },
  xy: Float32Array.of(...places.flat()),
});
const words = (piece) => calls(painted(piece), "fillText").map(({ args: [word, x, y] }) => [word, x, y]);

test("a mark is a ring with its word over it", () => {
  const piece = marked(["a", "b"], [0, 0], [0.5, -2.25]);
  const rings = calls(painted(piece), "arc").map(({ args }) => args);
  assert.deepEqual(
    words(piece),
    rings.map(([x, y], i) => ["ab"[i], x, y - 14]),
  );
  assert.equal(calls(painted(marked(["", ""], [0, 0], [1, 1])), "fillText").length, 0);
});

test("the word of a mark stays within its panel, where it is measured", () => {
  const [[, first], [, last, y]] = words(marked(["a long word", "at the top"], [-4, 0], [4, 4]));
  assert.equal(first, 7 * 5.5 + 2, "half of it right of the edge");
  assert.equal(last, 800 - 7 * 5 - 2);
  assert.ok(y > 9, "under its ring, since there is no room over it");
});

test("words evade each other", () => {
  const near = words(marked(["the first", "the second", "the third"], [0, 0], [0.2, 0], [0.4, 0.02]));
  const heights = near.map(([, , y]) => y);
  for (const [i, y] of heights.entries())
    for (const other of heights.slice(i + 1)) assert.ok(Math.abs(y - other) >= 12, `${heights}`);
  const apart = words(marked(["one", "two"], [-2, 0], [2, 0]));
  assert.equal(apart[0][2], apart[1][2]);
});

test("tiles are enlarged at their places, with hard edges; framed, on a sheet of their own", () => {
  const piece = decoded("tiles"); // two of 3 × 2, a unit wide, at two corners
  const canvas = painted(piece);
  const drawn = calls(canvas, "drawImage");
  assert.deepEqual(
    drawn.map(({ args: [, x, y, w, h] }) => [x, y, w, h].map(Math.round)),
    [
      [-50, 725, 100, 150],
      [750, -75, 100, 150],
    ],
  );
  assert.ok(drawn.every(({ imageSmoothingEnabled }) => imageSmoothingEnabled === false));
  const [first, second] = pixels(canvas);
  const alphas = ({ data }) => data.filter((_, i) => i % 4 === 3);
  assert.deepEqual([...alphas(first), ...alphas(second)], pieces.tiles.meaning.values);
  assert.deepEqual(first.data.slice(0, 3), [0x10, 0x11, 0x12]);
  assert.equal(calls(canvas, "fillRect").length, 0);
  assert.deepEqual(styles(painted({ ...piece, framed: true }), "fillRect", "fillStyle"), [["#ffffff"], ["#ffffff"]]);
});

test("images in colour are as they are, with an edge in the colour of what they are", () => {
  const canvas = painted(decoded("tiles in colour"));
  const shown = pixels(canvas).map(({ data }) => data);
  const [first] = shown;
  const bytes = shown.flatMap((data) => data.filter((_, i) => i % 4 < 3));
  assert.deepEqual(bytes, pieces["tiles in colour"].meaning.values);
  assert.ok(
    first.every((byte, i) => i % 4 < 3 || byte === 255),
    "no pixel is transparent",
  );
  assert.deepEqual(styles(canvas, "strokeRect", "strokeStyle"), [["#0000d0"], ["#0000d0"]]);
  const framed = painted({ ...decoded("tiles in colour"), framed: true });
  assert.equal(calls(framed, "strokeRect").length, 2, "one edge is enough");
});

test("between two times, an image in colour is between two images", () => {
  const { values } = pieces["tiles in colour at two times"].meaning;
  const [{ data }] = pixels(painted(decoded("tiles in colour at two times"), 0.5));
  const shown = data.filter((_, i) => i % 4 < 3);
  const half = values.length / 2;
  for (const [i, byte] of shown.entries()) assert.ok(Math.abs(byte - (values[i] + values[half + i]) / 2) <= 0.5);
});

test("the panel is as large as the canvas, as these tests believe", () => {
  assert.deepEqual([VIEW.x(-HALF, 1), VIEW.y(HALF), VIEW.scale], [0, 0, 100]);
});
