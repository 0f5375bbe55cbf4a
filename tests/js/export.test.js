import assert from "node:assert/strict";
import { test } from "node:test";
import { evenly, ofTime, ofTraining } from "../../playground/ui/static/export/moments.js";
import { fitting, inScript } from "../../playground/ui/static/export/player-file.js";
import { changesWithTime } from "../../playground/ui/static/stage/picture.js";

const upTo = (n) => Array.from({ length: n }, (_, i) => i);

test("a few of many are taken evenly, with both ends", () => {
  assert.deepEqual(evenly(upTo(5), 9), [0, 1, 2, 3, 4]);
  assert.deepEqual(evenly(upTo(9), 5), [0, 2, 4, 6, 8]);
  assert.deepEqual(evenly(upTo(9), 1), [8], "of one, the newest");
  const kept = evenly(upTo(1000), 100);
  assert.equal(new Set(kept).size, 100);
  assert.deepEqual([kept[0], kept.at(-1)], [0, 999]);
  const gaps = kept.slice(1).map((i, k) => i - kept[k]);
  assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1);
});

test("a film of the training has at most a hundred pictures, each with its step, and stays on the last", () => {
  const frames = upTo(250).map((i) => ({ step: 10 * i }));
  const moments = ofTraining(frames, 0.5);
  assert.equal(moments.length, 100);
  assert.deepEqual([moments[0].words, moments.at(-1).words], ["step 0", "step 2,490"]);
  assert.ok(moments.every(({ time, frame }) => time === 0.5 && frames.includes(frame)));
  assert.ok(moments.at(-1).ms > 10 * moments[0].ms);
});

test("a film of time goes from noise to data, or back where noise is added", () => {
  const times = (backwards) => ofTime({ step: 7 }, backwards).map(({ time }) => time);
  assert.deepEqual([times()[0], times().at(-1), times().length], [0, 1, 100]);
  assert.deepEqual(
    times(true),
    times().map((t) => 1 - t),
  );
});

test("what fits into a player is as much as fits", () => {
  const lane = (n, size) => ({ head: "h".repeat(10), frames: upTo(n).map(() => "f".repeat(size - 1)) });
  assert.deepEqual(fitting([lane(50, 10)], 10 + 500), { most: 50, all: 50 });
  assert.deepEqual(fitting([lane(50, 10)], 10 + 499), { most: 49, all: 50 });
  assert.deepEqual(fitting([lane(50, 10), lane(20, 10)], 20 + 600), { most: 40, all: 50 });
  assert.deepEqual(fitting([lane(50, 10)], 15), { most: 0, all: 50 }, "not even one");
  assert.deepEqual(fitting([lane(50, 10)], -5), { most: 0, all: 50 });
  const large = lane(50, 10);
  large.frames[49] = "f".repeat(300);
  const { most } = fitting([large], 500);
  assert.ok(most > 15 && most < 21, "the last frame is larger, and always there");
});

test("no text in a recording ends the script that it stands in", () => {
  const json = JSON.stringify({ title: "</script><!-- <script>", number: 1 });
  assert.doesNotMatch(inScript(json), /</);
  assert.deepEqual(JSON.parse(inScript(json)), JSON.parse(json));
});

test("a picture changes with time if something in it has several times, but for paths", () => {
  const picture = (...pieces) => ({ panels: [{ pieces: [] }, { pieces }] });
  assert.ok(changesWithTime(picture({ type: "points", times: [0, 1] })));
  assert.ok(!changesWithTime(picture({ type: "points", times: [] }, { type: "paths", times: [0, 1] })));
});
