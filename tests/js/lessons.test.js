import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, measured, rightOf } from "../../playground/ui/static/lessons/answers.js";
import { Walk } from "../../playground/ui/static/lessons/walk.js";
import { Recording } from "../../playground/ui/static/stage/recording/recording.js";

const CHOICES = [
  { says: "few", range: [0, 3], among: [] },
  { says: "many", range: [4, null], among: [] },
];
const QUESTION = { asks: "?", measure: { what: "value", scalar: "modes" }, choices: CHOICES, reveals: null };

const state = (family, name) => ({ family, name });
const LESSON = {
  title: "Mine",
  code: "mine",
  steps: [
    { state: state("gan", "first"), question: null },
    { state: state("gan", "second"), question: QUESTION },
    { state: state("vae", "third"), question: { ...QUESTION, reveals: state("vae", "answer") } },
  ],
};

// A page that does at once what it is asked to, unless it is to wait.
function paged(waits = false) {
  const page = {
    did: [],
    now: null,
    told: 0,
    current: () => page.now,
    show: (it, anew) => {
      page.did.push(`${it.name}${anew ? " anew" : ""}${it.run ? ` run ${it.run}` : ""}`);
      page.now = { ...it, run: `run of ${it.name}` };
      return waits ? new Promise(() => {}) : Promise.resolve(true);
    },
    train: () => page.did.push("train"),
    tell: () => {
      page.told += 1;
    },
    look: () => {},
    leaves: () => {},
  };
  return page;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function begun(at = 0) {
  const page = paged();
  const walk = new Walk(page);
  walk.begin(LESSON, at);
  return { page, walk };
}

// What a Stage says of a recording: its run, its state, and the scalars of its frames.
function told(run, state, ...modes) {
  const recording = new Recording();
  recording.run = run;
  modes.forEach((value, step) => {
    recording.add({ step, kind: "points", layers: {}, state, edits: 0, scalars: { modes: value } });
  });
  return { recording, frame: recording.last, step: modes.length - 1 };
}

test("a lesson begins with a step's state, and goes on and back within its ends", async () => {
  const { page, walk } = begun();
  assert.deepEqual(page.did, ["first anew"]);
  assert.equal(walk.back(), false);
  assert.equal(walk.next(), true);
  assert.equal(walk.next(), true);
  assert.equal(walk.next(), false);
  assert.equal(walk.at, 2);
  assert.deepEqual(page.did.slice(1), ["second", "third"]);
});

test("a step that was left comes back as it was left, with its run; again shows it anew", async () => {
  const { page, walk } = begun();
  page.now = { ...state("gan", "played with"), run: "mine" };
  walk.next();
  walk.back();
  assert.equal(page.did.at(-1), "played with run mine");
  walk.again();
  assert.equal(page.did.at(-1), "first anew");
});

test("a prediction trains, and the run answers when it is done", async () => {
  const { page, walk } = begun(1);
  await settled();
  walk.hears("gan", told("before", "paused", 0));
  walk.predict(0);
  assert.equal(page.did.at(-1), "train");
  walk.hears("gan", told("new", "training", 0, 7));
  assert.equal(walk.revealed, false);
  walk.hears("vae", told("another tab's", "done", 0, 7));
  assert.equal(walk.revealed, false);
  walk.hears("gan", told("new", "done", 0, 7));
  assert.deepEqual([walk.answer.found, walk.answer.right, walk.answer.predicted], [7, 1, 0]);
  walk.predict(1);
  assert.equal(walk.answer.predicted, 0, "it is too late to predict");
});

test("who trains without a prediction gets the answer, too", async () => {
  const { walk } = begun(1);
  await settled();
  walk.hears("gan", told("new", "done", 0, 2));
  assert.deepEqual([walk.answer.predicted, walk.answer.right], [null, 0]);
});

test("another state answers, not the one that was there", async () => {
  const { page, walk } = begun(2);
  await settled();
  walk.hears("vae", told("shipped", "done", 0, 8));
  assert.equal(walk.revealed, false);
  walk.predict(1);
  assert.equal(page.did.at(-1), "answer anew");
  await settled();
  assert.equal(walk.revealed, false, "the run is that of before");
  walk.hears("vae", told("other", "done", 0, 3));
  assert.deepEqual([walk.answer.found, walk.answer.right], [3, 0]);
});

test("until a state is there, nothing can be predicted, and nothing answers", () => {
  const page = paged(true);
  const walk = new Walk(page);
  walk.begin(LESSON, 1);
  walk.hears("gan", told("of the step before", "done", 0, 8));
  walk.predict(0);
  assert.equal(walk.answer.predicted, null);
  assert.equal(walk.revealed, false);
});

test("Back of the browser shows a step without changing what the page shows", () => {
  const { page, walk } = begun(1);
  const before = page.did.length;
  walk.returns(LESSON, 0);
  assert.equal(walk.at, 0);
  assert.equal(page.did.length, before);
  walk.returns(null, 0);
  assert.equal(walk.step, null);
});

test("a number is measured at the step that is shown, beside the first or beside a perfect model's", () => {
  const { recording } = told("run", "done", 2, 4, 8);
  recording.floors = { modes: 16 };
  const by = (what, step) => measured({ what, scalar: "modes" }, recording, step);
  assert.deepEqual([by("value", 2), by("value", 1), by("ratio", 2), by("floors", 2)], [8, 4, 4, 0.5]);
  assert.equal(measured({ what: "value", scalar: "none" }, recording, 2), undefined);
  recording.floors = {};
  assert.equal(by("floors", 2), undefined, "its floor is still to come");
});

test("modes with samples are those that are not marked as lost", () => {
  const recording = new Recording();
  recording.floors = { modes: 3 };
  const lost = { type: "marks", texts: ["mode 1: no samples", "mode 3: only samples beside it"] };
  recording.add({ step: 0, layers: { lost } });
  assert.deepEqual(measured({ what: "mode" }, recording, 0), [2]);
});

test("the detector's last word, or nothing", () => {
  const recording = new Recording();
  assert.equal(measured({ what: "alert" }, recording, 0), "");
  recording.alerts = { collapse: { title: "Cycling" } };
  assert.equal(measured({ what: "alert" }, recording, 0), "Cycling");
});

test("the right choice is the one that holds what was measured", () => {
  assert.deepEqual(
    [3, 4, 100, 3.5].map((found) => rightOf(CHOICES, found)),
    [0, 1, 1, -1],
  );
  const modes = [{ among: [1, 2] }, { among: [3, 4] }];
  assert.deepEqual(
    [[4], [2, 4], []].map((found) => rightOf(modes, found)),
    [1, 0, -1],
  );
  assert.equal(rightOf([{ among: ["Cycling"] }, { among: [""] }], ""), 1);
});

test("what was measured, in words", () => {
  assert.equal(inWords({ what: "value", title: "Modes captured", unit: "count" }, 7), "Modes captured: 7.");
  assert.equal(inWords({ what: "floors", title: "Distance" }, 16.4), "Distance: 16.4 times a perfect model's.");
  assert.equal(inWords({ what: "alert" }, ""), "The detector says nothing.");
  assert.equal(inWords({ what: "mode" }, [3]), "Samples are on mode 3.");
});
