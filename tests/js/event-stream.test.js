// The stream of answers: none is lost where the server ends it while an event is being sent.

import assert from "node:assert/strict";
import test from "node:test";
import { EventStream } from "../../playground/ui/static/links/event-stream.js";

const encoder = new TextEncoder();
const message = (msg, name) => `data: ${JSON.stringify({ msg, event_id: name ?? null })}\n\n`;
const reply = (name) => new Response(JSON.stringify({ event_id: name }));

/** A body that says so many texts and ends, or breaks off. */
function body(texts, breaks = false) {
  return new ReadableStream({
    start(out) {
      for (const text of texts) out.enqueue(encoder.encode(text));
      if (!breaks) out.close();
    },
    pull: (out) => breaks && out.error(new TypeError("broken")),
  });
}

async function read(stream) {
  const text = await new Response(stream).text();
  const messages = text.split("\n\n").filter(Boolean);
  return messages.map((one) => JSON.parse(one.slice("data: ".length))).map(({ msg, event_id: name }) => [msg, name]);
}

const never = () => assert.fail("nothing more is asked for");

test("messages pass as they are, until the server ends the stream", async () => {
  const events = new EventStream();
  await events.join(async () => reply("a"));
  const said = [message("process_generating", "a"), message("process_completed", "a") + message("close_stream")];
  assert.deepEqual(await read(events.relay(body(said), never, never)), [
    ["process_generating", "a"],
    ["process_completed", "a"],
    ["close_stream", undefined],
  ]);
});

test("an event that is sent while the server ends the stream is answered", async () => {
  const events = new EventStream();
  await events.join(async () => reply("a"));
  let taken;
  const sent = events.join(() => new Promise((resolve) => (taken = resolve)));
  const asked = [];
  const next = async () => {
    asked.push("again");
    return body([message("process_completed", "b"), message("close_stream")]);
  };
  const heard = read(events.relay(body([message("process_completed", "a") + message("close_stream")]), next, never));
  setTimeout(() => taken(reply("b")), 10);
  assert.deepEqual(await heard, [
    ["process_completed", "a"],
    ["process_completed", "b"],
    ["close_stream", undefined],
  ]);
  assert.equal((await (await sent).json()).event_id, "b", "the reply can still be read");
  assert.deepEqual(asked, ["again"]);
});

test("an answer may come before the reply that names its event", async () => {
  const events = new EventStream();
  let taken;
  const sent = events.join(() => new Promise((resolve) => (taken = resolve)));
  const heard = read(events.relay(body([message("process_completed", "a") + message("close_stream")]), never, never));
  setTimeout(() => taken(reply("a")), 10);
  assert.deepEqual(await heard, [
    ["process_completed", "a"],
    ["close_stream", undefined],
  ]);
  await sent;
});

test("where a stream breaks off, events end, and what was cut in half is dropped", async () => {
  const events = new EventStream();
  for (const name of ["a", "b", "c"]) await events.join(async () => reply(name));
  await events.join(async () => new Response("{}", { status: 422 })); // refused
  let broke = 0;
  const texts = [message("process_completed", "a"), message("process_generating", "b"), 'data: {"msg": "proc'];
  const heard = read(events.relay(body(texts, true), never, () => broke++));
  assert.deepEqual(await heard, [
    ["process_completed", "a"],
    ["process_generating", "b"],
    ["process_completed", "b"],
    ["process_completed", "c"],
    ["close_stream", undefined],
  ]);
  assert.equal(broke, 1);
});

test("a message that comes in parts is passed on whole", async () => {
  const events = new EventStream();
  const whole = message("process_generating", "a");
  const parts = [whole.slice(0, 9), whole.slice(9, -1), whole.slice(-1) + message("close_stream")];
  assert.deepEqual(await read(events.relay(body(parts), never, never)), [
    ["process_generating", "a"],
    ["close_stream", undefined],
  ]);
});
