import assert from "node:assert/strict";
import { test } from "node:test";
import { hear, heard, keep, kept, say } from "../../playground/ui/static/page/bus.js";

test("what is kept is heard by those who come later, what is said is not", () => {
  const told = [];
  say("a slot", "news", 1);
  keep("a slot", "state", 2);
  hear("a slot", "news", (news) => told.push(news));
  hear("a slot", "state", (state) => told.push(state));
  keep("a slot", "state", 3);
  say("another slot", "news", 4);
  assert.deepEqual(told, [2, 3]);
  assert.equal(kept("a slot", "state"), 3);
});

test("what is or will be kept is waited for once: whoever asks often leaves no listeners behind", async () => {
  const add = EventTarget.prototype.addEventListener;
  const added = [];
  EventTarget.prototype.addEventListener = function (name, ...rest) {
    added.push([name, rest[1]?.once]);
    return add.call(this, name, ...rest);
  };
  const later = heard("waiting", "visitor");
  keep("waiting", "visitor", "ann");
  assert.equal(await later, "ann");
  keep("waiting", "visitor", "bob");
  for (let i = 0; i < 100; i++) assert.equal(await heard("waiting", "visitor"), "bob");
  EventTarget.prototype.addEventListener = add;
  assert.deepEqual(added, [["visitor", true]]);
});
