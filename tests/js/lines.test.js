import assert from "node:assert/strict";
import { test } from "node:test";
import { comparison, inUnit, number } from "../../playground/ui/static/page/numbers.js";
import { bounds, paintLines, stepAt } from "../../playground/ui/static/paint/lines.js";
import { linesOf, pointsOf, scaleOf } from "../../playground/ui/static/panels/cards/series.js";
import { inWords } from "../../playground/ui/static/stage/words/spoken.js";
import { calls, fakeCanvas } from "./canvas.js";

const COLOURS = { ink: "#000001", soft: "#000002", accent: "#000003" };
const options = { colours: COLOURS, ratio: 1 };
const line = (points, more = {}) => ({ points, colour: "#aa0000", dashed: false, ...more });

test("the axes span the numbers of all lines, or the range that is given", () => {
  const lines = [line([[0, 3], [10, 1]]), line([[5, 2], [20, 2]])]; // biome-ignore format: a table
  assert.deepEqual(bounds(lines, false), { left: 0, right: 20, low: 1, high: 3, log: false });
  assert.deepEqual(bounds(lines, false, [0, 4]).high, 4);
  assert.equal(bounds([line([])], false), null);
});

test("the step under a place of the chart", () => {
  const lines = [line([[100, 1], [300, 2]])]; // biome-ignore format: a table
  const left = 35; // the labels and a margin
  assert.equal(stepAt(0, 238, lines), 100);
  assert.equal(stepAt(left + 100, 238, lines), 200);
  assert.equal(stepAt(238, 238, lines), 300);
  assert.equal(stepAt(50, 238, [line([])]), undefined);
});

test("a line goes from corner to corner; on a logarithmic axis the geometric mean is half way", () => {
  const canvas = fakeCanvas(238, 106); // 3 pixels around the lines, 32 for labels
  paintLines(canvas, [line([[0, 100], [1, 10], [2, 1]])], { log: true }, options); // biome-ignore format: a table
  const drawn = calls(canvas, "lineTo").map(({ args }) => args.map(Math.round));
  assert.deepEqual(drawn, [[35, 3], [135, 53], [235, 103]]); // biome-ignore format: a table
});

test("what a logarithm can't show, and what is not a number, is left out", () => {
  const canvas = fakeCanvas(100, 50);
  paintLines(canvas, [line([[0, 0], [1, Number.NaN], [2, 5], [3, 6]])], { log: true }, options); // biome-ignore format: a table
  assert.equal(calls(canvas, "lineTo").length, 2);
});

test("one point is a dot, and nothing is nothing", () => {
  const canvas = fakeCanvas(100, 50);
  paintLines(canvas, [line([[7, 1]])], { log: false }, options);
  assert.equal(calls(canvas, "arc").length, 1);
  const empty = fakeCanvas(100, 50);
  paintLines(empty, [], { log: false }, options);
  assert.deepEqual([...calls(empty, "stroke"), ...calls(empty, "fill")], []); // biome-ignore format: one line
});

const chart = {
  figure: {
    data: [
      { name: "samples", meta: "off@samples" },
      { name: "data", meta: "floor:off" },
    ],
    layout: { yaxis: { type: "log", range: [0, 1] } },
  },
};
const curves = Array.from({ length: 1000 }, (_, i) => ({ step: i, ...(i % 2 ? { off: i } : {}) }));

test("the lines of a chart are named by its traces", () => {
  assert.deepEqual(linesOf(chart), [
    { name: "samples", scalar: "off", floor: false, colour: "samples" },
    { name: "data", scalar: "off", floor: true, colour: "ink" },
  ]);
  assert.deepEqual(scaleOf(chart), { log: true, range: [0, 1] });
});

test("a long line is thinned and keeps its last point; a floor spans the recording", () => {
  const [samples, floor] = linesOf(chart);
  const recording = { curves, floors: { off: 3 } };
  const points = pointsOf(samples, recording);
  assert.ok(points.length <= 301 && points.length > 200);
  assert.deepEqual(points.at(-1), [999, 999]);
  assert.deepEqual(pointsOf(floor, recording), [[0, 3], [999, 3]]); // biome-ignore format: a table
  assert.deepEqual(pointsOf(floor, { curves, floors: {} }), []);
});

test("numbers have two or three digits, and stand beside what they are to be compared with", () => {
  assert.deepEqual([0.0123, 0.5, 12.34, 1234.5, undefined].map(number), ["0.012", "0.50", "12.3", "1235", "–"]);
  assert.equal(number(-1.5), "−1.50");
  assert.equal(inUnit(0.991, "share"), "99.1%");
  assert.equal(inUnit(7, "count"), "7");
  const than = (floor, unit, more) => comparison(floor, { unit, beside: "floor", ...more });
  assert.equal(than(0, "distance", { band: [-0.2, 0.1] }), "perfect model −0.20 to 0.10");
  assert.equal(than(0.089, "distance"), "floor 0.089");
  assert.equal(than(0.089, "distance", { estimated: 1 }), "floor ≈ 0.089");
  assert.equal(than(8, "count"), "of 8");
  assert.equal(than(0.98, "share", { estimated: 0 }), "ceiling 98.0%");
  assert.equal(than(0, "distance"), "floor 0");
  assert.equal(than(undefined, "distance"), "");
  assert.equal(than(0.08, "distance", { band: [0.05, 0.12] }), "perfect model 0.050–0.12");
});

test("a picture that rests is put into words, with its distance and floor", () => {
  const recording = { scalar: () => 0.1234, floors: { distance: 0.089 } };
  assert.equal(
    inWords(recording, { state: "paused", steps: 4000 }, 400),
    "Paused at step 400 of 4,000. Distance to the data 0.12, floor 0.089.",
  );
  assert.equal(inWords(recording, { state: "training", steps: 4000 }, 7), "Training for 4,000 steps.");
});
