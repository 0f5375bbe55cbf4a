import assert from "node:assert/strict";
import { test } from "node:test";
import { liveLane, noLanes, record } from "../../playground/ui/static/stage/recording/lanes.js";

const frame = (run, step, origin) => ({ run, step, layers: {}, origin });
const told = (lanes) => lanes.map(({ recording, title }) => [recording.run, title]);
const from = (frames) => frames.reduce((lanes, [it, title = ""]) => record(lanes, it, title), noLanes());

test("a frame of the run that is there goes on, and the lanes are the same", () => {
  const lanes = from([[frame("a", 0)]]);
  assert.equal(record(lanes, frame("a", 10), ""), lanes);
  assert.equal(liveLane(lanes).recording.frames.length, 2);
});

test("a frame that names no run belongs to the live one", () => {
  const lanes = noLanes();
  assert.equal(record(lanes, frame(undefined, 5), ""), lanes);
  assert.equal(liveLane(lanes).recording.last.step, 5);
});

test("another run takes the place of the one before", () => {
  const first = from([[frame("a", 0)]]);
  const lanes = record(first, frame("b", 0), "untold");
  assert.deepEqual(told(lanes), [["b", ""]]);
  assert.deepEqual(told(first), [["a", ""]]);
});

test("a run that parted from another stands beside it", () => {
  const lanes = from([
    [frame("a", 0)],
    [frame("a", 50)],
    [frame("b", 20, { run: "a", step: 20 }), "Add a penalty"],
    [frame("b", 30, { run: "a", step: 20 }), "untold"],
  ]);
  assert.deepEqual(told(lanes), [
    ["a", "as it was"],
    ["b", "Add a penalty"],
  ]);
  assert.equal(lanes[0].recording.last.step, 50);
  assert.equal(liveLane(lanes).recording.last.step, 30);
});

test("one may go back once more, or part from the one that parted", () => {
  const two = [[frame("a", 0)], [frame("b", 20, { run: "a", step: 20 }), "one"]];
  const again = from([...two, [frame("c", 20, { run: "a", step: 20 }), "other"]]);
  assert.deepEqual(told(again), [
    ["a", "as it was"],
    ["c", "other"],
  ]);
  const further = from([...two, [frame("c", 30, { run: "b", step: 30 }), "further"]]);
  assert.deepEqual(told(further), [
    ["b", "as it was"],
    ["c", "further"],
  ]);
});

test("a run that goes on from an earlier step takes the place of the one before, beside the same other", () => {
  const two = from([
    [frame("a", 0)],
    [frame("b", 20, { run: "a", step: 20 }), "one"],
    [frame("b", 30, { run: "a", step: 20 }), "untold"],
    [frame("b", 40, { run: "a", step: 20 }), "untold"],
  ]);
  const lanes = record(two, frame("c", 34, { run: "b", step: 30, replaces: true }), "untold");
  assert.deepEqual(told(lanes), [
    ["a", "as it was"],
    ["c", "one"],
  ]);
  assert.deepEqual(
    liveLane(lanes).recording.frames.map(({ step }) => step),
    [20, 30, 34],
  );
  assert.deepEqual(liveLane(lanes).recording.origin, { run: "a", step: 20 }, "they parted where they did");
});

test("a run that parted from one that is not here stands alone", () => {
  assert.deepEqual(told(from([[frame("a", 0)], [frame("b", 9, { run: "gone", step: 9 }), "untold"]])), [["b", ""]]);
});

test("a late frame of the run beside changes its lane alone", () => {
  const lanes = from([[frame("a", 0)], [frame("b", 20, { run: "a", step: 20 }), "one"]]);
  assert.equal(record(lanes, frame("a", 60), ""), lanes);
  assert.deepEqual([lanes[0].recording.last.step, lanes[1].recording.last.step], [60, 20]);
});
