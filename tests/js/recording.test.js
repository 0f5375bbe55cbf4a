import assert from "node:assert/strict";
import { test } from "node:test";
import { Recording } from "../../playground/ui/static/stage/recording.js";

const DATA = { kind: "points", n: 0 };
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
  assert.deepEqual(recording.history, [
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
  assert.equal(recording.history.length, 481);
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

test("what is sent once stays for all frames, and floors come one by one", () => {
  const recording = recorded([0], { layers: { data: DATA, samples: 1 }, floors: { distance: 1 }, of: "images" });
  recording.add(frame(10, { layers: { samples: 2 }, floors: { modes: 8 }, findings: { it: {} } }));
  recording.add(frame(20));
  assert.deepEqual(recording.layers(recording.at(10)), { data: DATA, samples: 2 });
  assert.deepEqual(recording.floors, { distance: 1, modes: 8 });
  assert.deepEqual([recording.of, recording.findings], ["images", { it: {} }]);
});

test("it knows when what is sent once was lost", () => {
  assert.ok(recorded([0]).lacks(), "no data");
  const layers = { data: DATA };
  assert.ok(!recorded([0, 1, 2, 3], { layers }).lacks(), "floors take their time");
  assert.ok(recorded([0, 1, 2, 3, 4], { layers }).lacks());
  assert.ok(!recorded([0, 1, 2, 3, 4], { layers, floors: { distance: 1 } }).lacks());
});

test("a history that comes with the first frame is taken", () => {
  const recording = recorded([20], { history: [{ step: 10, loss: 9 }] });
  assert.deepEqual(
    recording.history.map(({ step }) => step),
    [10, 20],
  );
});

test("a run that parts from another shares its past, and changes nothing of it", () => {
  const source = recorded([0, 10, 20], { layers: { data: DATA }, floors: { distance: 1 } });
  source.add(frame(30, { square: { centre: [1, 2], scale: 2 } }));
  const origin = { run: "a", step: 10 };
  const fork = Recording.begin(frame(10, { run: "b", origin, floors: { distance: 2 } }), source);
  assert.deepEqual([fork.run, fork.origin], ["b", origin]);
  assert.deepEqual(
    fork.history.map(({ step }) => step),
    [0, 10, 10],
  );
  assert.deepEqual(stepsOf(fork), [10]);
  assert.equal(fork.still.data, DATA);
  assert.equal(fork.square, source.square);
  fork.add(frame(40, { run: "b", layers: { data: { ...DATA } } }));
  assert.deepEqual(source.floors, { distance: 1 });
  assert.equal(source.still.data, DATA);
  assert.deepEqual(stepsOf(source), [0, 10, 20, 30]);
  assert.equal(source.history.length, 4);
});

test("places go from the square to the data's own coordinates and back", () => {
  const recording = recorded([0], { square: { centre: [1, -2], scale: 4 } });
  assert.deepEqual(recording.toOwn([2, 4]), [1.5, -1]);
  assert.deepEqual(recording.toSquare([1.5, -1]), [2, 4]);
});
