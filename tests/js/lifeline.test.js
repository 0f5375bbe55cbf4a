import assert from "node:assert/strict";
import { test } from "node:test";
import { Lifeline } from "../../playground/ui/static/links/lifeline.js";
import { keep, PAGE, say } from "../../playground/ui/static/page/bus.js";

// A Stage, as far as a lifeline knows it.
function staged(slot, state) {
  const sent = [];
  const parts = { train: {}, step: {}, reset: {} };
  const stage = {
    slot,
    state,
    sent,
    get runState() {
      return this.state;
    },
    changes(to) {
      this.state = to;
    },
    look: () => ({}),
    send: (event) => sent.push(event),
    tell() {},
    says: { tell() {} },
    transport: {
      parts,
      get busy() {
        return stage.state === "training";
      },
    },
  };
  stage.lifeline = new Lifeline(stage);
  return stage;
}

test("a training whose connection breaks rests, and is come back to", () => {
  const stage = staged("one", "training");
  say(PAGE, "lost", {});
  assert.deepEqual([stage.state, stage.lifeline.cut, stage.transport.parts.train.disabled], ["paused", true, true]);
  say(PAGE, "found", {});
  assert.deepEqual([stage.sent, stage.lifeline.cut, stage.transport.parts.train.disabled], [["opened"], false, false]);
});

test("a connection that breaks again before the run has answered is still that of a training", () => {
  const stage = staged("two", "training");
  for (let times = 0; times < 2; times++) {
    say(PAGE, "lost", {});
    assert.deepEqual(
      [stage.state, stage.lifeline.cut],
      ["paused", true],
      "what comes late doesn't say that it goes on",
    );
    say(PAGE, "found", {});
  }
  assert.deepEqual(stage.sent, ["opened", "opened"]);
});

test("what rested before the connection broke is left alone", () => {
  const stage = staged("three", "training");
  say(PAGE, "lost", {});
  say(PAGE, "found", {});
  stage.changes("done");
  keep("three", "recording", {}); // the run has answered
  say(PAGE, "lost", {});
  assert.deepEqual([stage.state, stage.lifeline.cut], ["done", false]);
  say(PAGE, "found", {});
  assert.deepEqual(stage.sent, ["opened"]);
});
