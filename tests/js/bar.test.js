import assert from "node:assert/strict";
import { test } from "node:test";
import { paintBar } from "../../playground/ui/static/paint/bar.js";
import { FOOT, HALF, layOut } from "../../playground/ui/static/paint/geometry.js";
import { calls, fakeCanvas, heat, PALETTE } from "./canvas.js";

const [WIDTH, HEIGHT] = [900, 620];
const SPEED = heat({ bar: { title: "Speed", low: 0, high: 3.217 } });

const views = (pieces, more = {}, [width, height] = [WIDTH, HEIGHT], ratio = 1) =>
  layOut({ moving: false, panels: [{ title: "", pieces }], ...more }, width, height, ratio);

function painted(piece, { row = 0, t = 1, view = views([piece])[0] } = {}) {
  const canvas = fakeCanvas(WIDTH, HEIGHT);
  paintBar(canvas.getContext("2d"), piece, view, row, t, PALETTE);
  return canvas;
}

const texts = (canvas) => calls(canvas, "fillText").map(({ args: [text] }) => text);
const opacities = (canvas) =>
  calls(canvas, "fillRect").map(({ fillStyle }) => Number(fillStyle.match(/([\d.]+)\)/)[1]));

test("a colour bar names its map and the numbers at its ends", () => {
  assert.deepEqual(texts(painted(SPEED)), ["Speed 0", "3.2"]);
  const judged = { title: "D(x)", low: 0, high: 1, words: ["fake", "real"] };
  assert.deepEqual(texts(painted(heat({ bar: judged }))), ["D(x) 0 fake", "1 real"]);
  assert.deepEqual(texts(painted(heat({ bar: { title: "Score", low: -0.5, high: 12345 } }))), ["Score −0.5", "1e+4"]);
});

test("its numbers are those of the time that is painted", () => {
  const piece = heat({ bar: { title: "Error", low: 0, high: [1, 3] }, times: [0, 1] });
  assert.deepEqual(texts(painted(piece, { t: 0.5 })), ["Error 0", "2"]);
  assert.deepEqual(texts(painted(piece, { t: 1 })), ["Error 0", "3"]);
});

test("its colours are the map's, from end to end", () => {
  const canvas = painted(SPEED);
  const found = opacities(canvas);
  assert.deepEqual([found[0], found.at(-1)], [0, 1]);
  assert.deepEqual(
    found,
    [...found].sort((a, b) => a - b),
  );
  assert.ok(calls(canvas, "fillRect").every(({ fillStyle }) => fillStyle.startsWith("rgb(160 160 128 ")));
  const sides = painted(heat({ bar: { title: "D(x)", low: 0, high: 1 }, middle: 0.5, colour: "real", below: "fake" }));
  const colours = calls(sides, "fillRect").map(({ fillStyle }) => fillStyle.split(" / ")[0]);
  assert.deepEqual([colours[0], colours.at(-1)], ["rgb(192 128 192", "rgb(128 192 128"]);
});

test("it lies below the panel, within the canvas, on every screen", () => {
  for (const [width, height, ratio] of [
    [900, 620, 1],
    [680, 604, 2],
    [320, 300, 1],
  ])
    for (const moving of [false, true]) {
      const pieces = [SPEED, SPEED];
      const [view] = views(pieces, { moving }, [width, height], ratio);
      const edge = moving ? 2 * view.y(0) : view.y(-HALF);
      assert.ok(Math.abs(height - edge - 2 * FOOT * ratio) < 1 || edge < height - 2 * FOOT * ratio, "there is room");
      const canvas = fakeCanvas(width, height);
      for (const [row, piece] of pieces.entries()) paintBar(canvas.getContext("2d"), piece, view, row, 1, PALETTE);
      for (const {
        args: [, x, y],
      } of calls(canvas, "fillText")) {
        assert.ok(y > edge && y < height, `${y} between ${edge} and ${height}`);
        assert.ok(x > 100 * ratio && x < width - 100 * ratio, "and there is room for the words");
      }
    }
});

test("without a bar there is no room for one", () => {
  const [plain, one, two] = [[], [SPEED], [SPEED, SPEED]].map((pieces) => views(pieces)[0]);
  assert.equal(2 * HALF * (plain.scale - one.scale), FOOT);
  assert.equal(Math.round(2 * HALF * (one.scale - two.scale)), FOOT);
  assert.ok(views([SPEED], { moving: true })[0].y(0) < views([], { moving: true })[0].y(0));
});
