import assert from "node:assert/strict";
import { test } from "node:test";
import { keep, PAGE } from "../../playground/ui/static/page/bus.js";
import { Recording } from "../../playground/ui/static/stage/recording/recording.js";
import { Rested } from "../../playground/ui/static/stage/recording/rested.js";

keep(PAGE, "opened", { visitor: "ann" });
globalThis.document = { baseURI: "http://page/" };
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A Stage with one frame, whose distance is 1, and the questions that it asks; the answers are 2, 3, … */
function stageAt(step, runState) {
  const recording = Object.assign(new Recording(), { run: "run" });
  const stage = {
    slot: `${step} ${runState}`,
    recording,
    live: true,
    runState,
    requests: {},
    transport: {},
    asked: [],
  };
  globalThis.fetch = async (_, { body }) => {
    stage.asked.push(JSON.parse(body).question.ask);
    return { json: async () => ({ scalars: { distance: 1 + stage.asked.length } }) };
  };
  stage.tellRecording = () => keep(stage.slot, "recording", {});
  stage.show = (frame) => {
    recording.add({ step, edits: 0, scalars: { distance: 1 }, ...frame });
    stage.shown = recording.last;
    stage.tellRecording();
  };
  stage.shown = { step };
  new Rested(stage);
  return stage;
}

function trains(stage) {
  stage.runState = "training";
  stage.show({});
  stage.runState = "paused";
}

test("a model at rest has the distance of several samples, also after others are drawn", async () => {
  const stage = stageAt(7, "paused");
  trains(stage);
  stage.show({});
  await soon();
  assert.equal(stage.recording.scalar("distance", 7), 2);
  stage.show({});
  await soon();
  assert.equal(stage.recording.scalar("distance", 7), 2);
  assert.deepEqual(stage.asked, ["distance"]);
  stage.show({ edits: 1 });
  await soon();
  assert.equal(stage.recording.scalar("distance", 7), 3, "with other settings it is another");
});

for (const [step, state] of [
  [7, "training"],
  [0, "paused"],
  [7, "done"], // as a shipped model is that nobody has trained here
])
  test(`nothing is asked at step ${step} of a model that is ${state}`, async () => {
    const stage = stageAt(step, state);
    stage.show({});
    await soon();
    assert.deepEqual(stage.asked, []);
  });
