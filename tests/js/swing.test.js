import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { phaseOf, Swing, swung } from "../../playground/ui/static/stage/time/swing.js";

let frames;
let calm;

beforeEach(() => {
  frames = [];
  calm = false;
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  globalThis.matchMedia = () => ({ matches: calm });
  globalThis.requestAnimationFrame = (frame) => frames.push(frame);
  globalThis.cancelAnimationFrame = () => frames.splice(0);
});

afterEach(() => {
  mock.timers.reset();
  for (const name of ["document", "matchMedia", "requestAnimationFrame", "cancelAnimationFrame"])
    delete globalThis[name];
});

// A Stage whose training has ended, what its clock was told, and how often the swing ended.
function ended(more = {}) {
  const clock = { time: 0.6, answers: false, fixed: false };
  const layout = { moving: true };
  const stage = { root: new EventTarget(), live: true, layout, screen: { visible: true }, clock, ...more };
  const told = { times: [], ends: 0 };
  const swing = new Swing(stage, {
    moved: (t) => told.times.push(t),
    ended: () => {
      told.ends += 1;
    },
  });
  swing.follows("training", "done");
  return { stage, told, swing };
}

// The next animation frame, so many ms after this moment.
const frame = (after) => frames.shift()?.(performance.now() + after);

test("it swings between noise and data, slowly at both ends, from where time is", () => {
  assert.deepEqual([0, 0.5, 1].map(swung), [0, 1, 0]);
  assert.ok(swung(0.45) > 0.95);
  for (const share of [0, 0.3, 1]) assert.ok(Math.abs(swung(phaseOf(share)) - share) < 1e-9);
  const { told } = ended();
  assert.equal(frames.length, 0, "the last picture stays for a while");
  mock.timers.tick(5000);
  for (const after of [0, 100, 200, 9000]) frame(after);
  assert.ok(Math.abs(told.times[0] - 0.6) < 0.01);
  assert.ok(told.times[0] < told.times[1] && told.times[1] < told.times[2], "first to data");
  assert.ok(told.times[3] < 0.6, "then back");
  assert.equal(told.ends, 0);
});

for (const touch of ["pointermove", "pointerdown", "wheel"])
  test(`${touch} on the Stage ends it for good`, () => {
    const { stage, told } = ended();
    mock.timers.tick(5000);
    frame(0);
    stage.root.dispatchEvent(new Event(touch));
    assert.equal(frames.length, 0);
    mock.timers.tick(60_000);
    assert.deepEqual([frames.length, told.ends], [0, 1]);
  });

test("a touch before it begins is one, too", () => {
  const { stage, told } = ended();
  stage.root.dispatchEvent(new Event("pointermove"));
  mock.timers.tick(5000);
  assert.deepEqual([frames.length, told.times, told.ends], [0, [], 0]);
});

test("keys, another training and another layout end it", () => {
  for (const end of [
    () => document.dispatchEvent(new Event("keydown")),
    ({ swing }) => swing.follows("done", "training"),
    ({ stage }) => {
      stage.layout = { moving: false };
      frame(0);
    },
  ]) {
    const it = ended();
    mock.timers.tick(5000);
    frame(0);
    end(it);
    assert.deepEqual([frames.length, it.told.ends], [0, 1]);
  }
});

test("what comes after the end of a training lets it go on", () => {
  const { swing, told } = ended();
  mock.timers.tick(5000);
  swing.follows("done", "done");
  frame(0);
  assert.deepEqual([told.times.length, told.ends], [1, 0]);
});

for (const [why, more] of Object.entries({
  "an earlier step is shown": { live: false },
  "time is not laid out": { layout: { moving: false } },
  "the tab is hidden": { screen: { visible: false } },
  "a recipe set the time": { clock: { time: 0.6, fixed: true } },
  "an answer plays": { clock: { time: 0.6, answers: true } },
}))
  test(`nothing swings if ${why}`, () => {
    ended(more);
    mock.timers.tick(5000);
    assert.equal(frames.length, 0);
  });

test("nothing swings for who wants no motion, nor after a training that nobody watched", () => {
  calm = true;
  ended();
  mock.timers.tick(5000);
  assert.equal(frames.length, 0);
  calm = false;
  const { swing } = ended({ live: false });
  swing.stage.live = true;
  swing.follows("idle", "done");
  mock.timers.tick(5000);
  assert.equal(frames.length, 0);
});
