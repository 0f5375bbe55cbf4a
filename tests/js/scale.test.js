import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, scaleOf } from "../../playground/ui/static/panels/knobs/scale.js";

const LINEAR = { low: 0, high: 2, whole: false, log: false, step: null };
const RATE = { low: 1e-4, high: 1e-1, whole: false, log: true, step: null };
const STEPS = { low: 10, high: 100_000, whole: true, log: true, step: 1 };

test("an even scale is the number itself, in two hundred steps or its own", () => {
  const even = scaleOf(LINEAR);
  assert.deepEqual([even.min, even.max, even.step], [0, 2, 0.01]);
  assert.equal(even.toSlider(0.37), 0.37);
  assert.equal(even.fromSlider(0.37), 0.37);
  assert.equal(scaleOf({ ...LINEAR, step: 0.25 }).step, 0.25);
});

test("numbers snap to their steps, without the noise of floating point", () => {
  const { fromSlider } = scaleOf({ low: 0, high: 1, step: 0.1 });
  assert.equal(fromSlider(0.31), 0.3);
  assert.equal(fromSlider(0.7000001), 0.7);
});

test("a logarithmic scale reaches both ends, and its middle is the geometric mean", () => {
  for (const control of [RATE, STEPS, { low: 2, high: 512, log: true, step: 1 }]) {
    const { min, max, step, fromSlider } = scaleOf(control);
    assert.equal(min, 0);
    assert.ok(Math.abs(max - 200) < 1e-9);
    assert.equal(step, 1);
    assert.equal(fromSlider(0), control.low);
    assert.equal(fromSlider(200), control.high);
  }
  assert.equal(scaleOf(RATE).fromSlider(100), 0.0032);
  assert.equal(scaleOf(STEPS).fromSlider(100), 1000);
});

test("on a logarithmic scale numbers have two digits", () => {
  const { fromSlider, toSlider } = scaleOf(STEPS);
  assert.equal(fromSlider(toSlider(12_345)), 12_000);
  assert.equal(fromSlider(toSlider(17)), 17);
  assert.equal(scaleOf(RATE).fromSlider(73), 0.0012);
});

test("a number that a slider has set comes back from its place", () => {
  for (const control of [LINEAR, RATE, STEPS]) {
    const { fromSlider, toSlider, max } = scaleOf(control);
    for (const share of [0, 0.1, 0.33, 0.5, 0.9, 1]) {
      const value = fromSlider(share * max);
      assert.equal(fromSlider(toSlider(value)), value);
    }
  }
});

test("what is beyond an end is the end", () => {
  assert.equal(scaleOf(LINEAR).fromSlider(3), 2);
  assert.equal(scaleOf(RATE).fromSlider(-10), 1e-4);
});

test("numbers are told in words that a person reads", () => {
  assert.equal(inWords(12_345, true), "12,345");
  assert.equal(inWords(0.12345, false), "0.123");
  assert.equal(inWords(0.0005, false), "5e−4");
  assert.equal(inWords(0, false), "0");
  assert.equal(inWords(2.5, false), "2.5");
});
