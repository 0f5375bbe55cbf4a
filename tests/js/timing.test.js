import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { afterwards, oneAtATime, throttle } from "../../playground/ui/static/page/timing.js";

test("what is throttled happens at once, and once more for the last of those that came too soon", async () => {
  const seen = [];
  const see = throttle((what) => seen.push(what), 30);
  for (const what of [1, 2, 3]) see(what);
  assert.deepEqual(seen, [1]);
  while (seen.length < 2) await wait(5);
  assert.deepEqual(seen, [1, 3]);
});

test("questions wait for the answer to the one before, and only the last is asked", async () => {
  const asked = [];
  const answers = [];
  const ask = oneAtATime((question) => {
    asked.push(question);
    return new Promise((answer) => answers.push(answer));
  }, 0);
  for (const question of ["a", "b", "c"]) ask(question);
  await wait(10);
  assert.deepEqual(asked, ["a"]);
  answers[0]();
  while (asked.length < 2) await wait(1);
  assert.deepEqual(asked, ["a", "c"]);
  answers[1]();
  await wait(10);
  assert.deepEqual(asked, ["a", "c"], "and none is asked twice");
});

test("what comes to rest is told of once, afterwards", async () => {
  let told = 0;
  const rest = afterwards(() => {
    told += 1;
  }, 20);
  for (let i = 0; i < 3; i++) rest();
  assert.equal(told, 0);
  while (!told) await wait(5);
  await wait(40);
  assert.equal(told, 1);
});
