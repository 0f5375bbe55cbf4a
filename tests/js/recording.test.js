import assert from "node:assert/strict";
import { test } from "node:test";
import { Recording } from "../../playground/ui/static/stage/recording/recording.js";

const DATA = { type: "points", n: 0 };
const frame = (step, more = {}) => ({ run: "a", step, layers: {}, scalars: { loss: 1 / (step + 1) }, ...more });

function recorded(steps, more = {}) {
  const [first, ...others] = steps;
  const recording = Recording.begin(frame(first, more));
  for (const step of others) recording.add(frame(step));
  return recording;
}

const stepsOf = ({ frames }) => frames.map(({ step }) => step);

test("frames are kept in order, with the scalars of each", () => {
  const recording = recorded([0, 10, 20]);
  assert.equal(recording.run, "a");
  assert.deepEqual(stepsOf(recording), [0, 10, 20]);
  assert.equal(recording.last.step, 20);
  assert.deepEqual(recording.curves, [
    { step: 0, loss: 1 },
    { step: 10, loss: 1 / 11 },
    { step: 20, loss: 1 / 21 },
  ]);
});

test("the same step again replaces what was there", () => {
  const recording = recorded([0, 10]);
  const whole = frame(10, { layers: { field: {} }, scalars: undefined });
  recording.add(whole);
  assert.deepEqual(stepsOf(recording), [0, 10]);
  assert.equal(recording.last, whole);
});

test("a long recording loses every second one of its older half, and no scalars", () => {
  const recording = recorded(Array.from({ length: 480 }, (_, i) => i));
  assert.equal(recording.frames.length, 480);
  recording.add(frame(480));
  const steps = stepsOf(recording);
  assert.equal(steps.length, 361);
  assert.deepEqual(steps.slice(0, 4), [0, 2, 4, 6]);
  assert.deepEqual(
    steps.slice(-241),
    Array.from({ length: 241 }, (_, i) => 240 + i),
    "the newer half is whole",
  );
  assert.equal(recording.curves.length, 481);
});

test("at a step it shows the frame that was the newest then; before the first one, the first", () => {
  const recording = recorded([5, 10, 20]);
  assert.deepEqual(
    [0, 5, 19, 20, 99].map((step) => recording.at(step).step),
    [5, 5, 10, 20, 20],
  );
});

test("scalars and notes are the newest up to a step", () => {
  const recording = recorded([0]);
  recording.add(frame(10, { scalars: { loss: 0.5, distance: 3 }, notes: { verdict: { value: "good" } } }));
  recording.add(frame(20, { scalars: { loss: 0.25 } }));
  assert.equal(recording.scalar("distance", 20), 3);
  assert.equal(recording.scalar("distance", 9), undefined);
  assert.equal(recording.scalar("loss", 15), 0.5);
  assert.deepEqual(recording.notes(20), { verdict: { value: "good" } });
  assert.deepEqual(recording.notes(9), {});
});

const CONSTANTS = { layers: { data: DATA }, normalizer: { centre: [1, -2], scale: 4 }, curves: [] };

test("what is constant stays for all frames, and alerts are the newest", () => {
  const recording = recorded([0], { layers: { samples: 1 }, kind: "images" });
  assert.ok(!recording.complete, "it has not been told yet");
  recording.takeConstants(CONSTANTS);
  recording.add(frame(10, { layers: { samples: 2 }, alerts: { it: {} } }));
  recording.add(frame(20));
  assert.ok(recording.complete);
  assert.deepEqual(recording.layersOf(recording.at(10)), { data: DATA, samples: 2 });
  assert.deepEqual([recording.kind, recording.alerts], ["images", { it: {} }]);
});

test("floors are those of the newest settings", () => {
  const recording = recorded([0], { edits: 0 });
  assert.notEqual(recording.floorsOf, recording.last.edits, "they are still to be asked for");
  recording.takeFloors({ floors: { distance: 1, modes: 8 }, edits: 0 });
  assert.equal(recording.floorsOf, recording.last.edits);
  recording.add(frame(10, { edits: 1 }));
  assert.notEqual(recording.floorsOf, recording.last.edits, "a setting has changed");
  recording.takeFloors({ floors: { distance: 2 }, edits: 1 });
  assert.deepEqual(recording.floors, { distance: 2 });
});

test("a first picture may bring everything along", () => {
  const curves = [{ step: 10, loss: 9 }];
  const recording = recorded([20], { edits: 0, constants: { ...CONSTANTS, curves }, floors: { distance: 1 } });
  assert.ok(recording.complete);
  assert.deepEqual([recording.floors, recording.floorsOf], [{ distance: 1 }, 0]);
  assert.deepEqual(
    recording.curves.map(({ step }) => step),
    [10, 20],
  );
});

test("curves of a training that was over before come first, whenever they are told", () => {
  const recording = recorded([20, 30]);
  recording.takeConstants({ ...CONSTANTS, curves: [{ step: 10 }, { step: 20, loss: 9 }] });
  assert.deepEqual(
    recording.curves.map(({ step, loss }) => [step, loss]),
    [
      [10, undefined],
      [20, 1 / 21],
      [30, 1 / 31],
    ],
  );
});

test("what a frame has measured stands before what a checkpoint says of its step", () => {
  const recording = new Recording();
  recording.add(frame(20, { scalars: { coverage: 0.9, distance: 1 } }));
  for (let told = 0; told < 2; told++)
    recording.takeConstants({ ...CONSTANTS, curves: [{ step: 10 }, { step: 20, loss: 9, distance: 2 }] });
  assert.deepEqual(recording.curves, [{ step: 10 }, { step: 20, coverage: 0.9, loss: 9, distance: 1 }]);
});

test("a run of the same data borrows what it has not been told yet, and gives it back", () => {
  const before = recorded([0]);
  before.takeConstants(CONSTANTS);
  before.takeFloors({ floors: { distance: 1 }, edits: 0 });
  const after = Recording.begin(frame(0, { run: "b", edits: 0 }), undefined, before);
  assert.equal(after.layers.data, DATA);
  assert.deepEqual([after.complete, after.floorsOf, after.curves.length], [false, -1, 1], "nothing of it is its own");
  after.takeConstants({ ...CONSTANTS, layers: { data: { ...DATA, n: 5 } } });
  after.takeFloors({ floors: { distance: 3 }, edits: 0 });
  assert.equal(before.layers.data, DATA);
  assert.deepEqual(before.floors, { distance: 1 });
});

test("a run that parts from another shares its past, and changes nothing of it", () => {
  const source = recorded([0, 10, 20]);
  source.takeConstants(CONSTANTS);
  const origin = { run: "a", step: 10 };
  const fork = Recording.begin(frame(10, { run: "b", origin }), source);
  assert.deepEqual([fork.run, fork.origin], ["b", origin]);
  assert.deepEqual(
    fork.curves.map(({ step }) => step),
    [0, 10, 10],
  );
  assert.deepEqual(stepsOf(fork), [10]);
  assert.equal(fork.layers.data, DATA);
  assert.equal(fork.normalizer, source.normalizer);
  fork.add(frame(40, { run: "b" }));
  assert.deepEqual(stepsOf(source), [0, 10, 20]);
  assert.equal(source.curves.length, 3);
});

test("a run that goes on from an earlier step of another has the frames up to there, and the other keeps its own", () => {
  const source = recorded([0, 10, 20, 30], { edits: 0 });
  source.takeConstants(CONSTANTS);
  source.takeFloors({ floors: { distance: 1 }, edits: 0 });
  const origin = { run: "a", step: 20, replaces: true };
  const other = Recording.goesOn(frame(24, { run: "b", origin, edits: 0 }), source);
  assert.equal(other.run, "b");
  assert.deepEqual(stepsOf(other), [0, 10, 20, 24]);
  assert.deepEqual(
    other.curves.map(({ step }) => step),
    [0, 10, 20, 24],
  );
  assert.ok(other.complete);
  assert.deepEqual([other.layers.data, other.floors], [DATA, { distance: 1 }]);
  assert.notEqual(other.floorsOf, 0, "its settings may be others, so that floors are asked for");
  assert.deepEqual(stepsOf(source), [0, 10, 20, 30]);
  assert.equal(source.curves.length, 4);
});

test("what is measured at an earlier step later on takes its place in the curves", () => {
  const recording = recorded([0, 10, 20]);
  recording.measured(10, { distance: 0.5 });
  recording.measured(20, { distance: 0.25 });
  recording.measured(15, { distance: 0.4 });
  assert.deepEqual(
    recording.curves.map(({ step, loss, distance }) => [step, loss, distance]),
    [
      [0, 1, undefined],
      [10, 1 / 11, 0.5],
      [15, undefined, 0.4],
      [20, 1 / 21, 0.25],
    ],
  );
  assert.equal(recording.scalar("distance", 15), 0.4);
  assert.equal(recording.scalar("loss", 15), 1 / 11);
});

test("a step has its place among the frames, also when its own was dropped", () => {
  const recording = recorded([5, 10, 20]);
  assert.deepEqual(
    [0, 5, 9, 10, 19, 20, 99].map((step) => recording.placeOf(step)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test("places go from the canvas to the data's own coordinates and back", () => {
  const recording = recorded([0]);
  recording.takeConstants(CONSTANTS);
  assert.deepEqual(recording.fromCanvas([2, 4]), [1.5, -1]);
  assert.deepEqual(recording.toCanvas([1.5, -1]), [2, 4]);
});
