// The connection to the server. When a stream breaks, Gradio takes no more events, and reloads the page as soon as the
// server answers, which would lose what was recorded. Here it isn't told: its events end as if the server had ended
// them, its heartbeat is taken up again, and the page comes back to its run by itself.

import { PAGE, say } from "../page/bus.js";
import { EventStream } from "./event-stream.js";

const AGAIN = 2000; // ms between two tries

const request = window.fetch.bind(window);
const events = new EventStream();
let back = null; // the promise of the server's answering again, while it doesn't

/** Watch over the page's requests from now on: before Gradio makes any. */
export function holdConnection() {
  window.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, document.baseURI);
    const ask = () => request(input, init);
    if (pathname.endsWith("/queue/join")) return events.join(() => whenItAnswers(ask));
    const whole = pathname.endsWith("/queue/data") ? answers : pathname.includes("/heartbeat/") && lasting;
    if (!whole) return ask();
    const reply = await ask().catch(unlessAborted);
    return reply && !reply.body ? reply : new Response(whole(reply?.body ?? cut(), ask), reply);
  };
}

const answers = (body, ask) => events.relay(body, async () => (await ask()).body, server);

// An event that can't be sent waits for the server.
async function whenItAnswers(ask) {
  for (;;) {
    const reply = await ask().catch(unlessAborted);
    if (reply) return reply;
    await server();
  }
}

function unlessAborted(error) {
  if (error.name === "AbortError") throw error;
}

// What comes from a server that can't be reached.
const cut = () => new ReadableStream({ start: (out) => out.error(new TypeError("The connection is lost.")) });

// A stream that, where it breaks, is asked for again.
const lasting = (body, again) =>
  relay(body, async (out) => {
    for (let broken = true; broken; ) {
      await server();
      broken = await again().then(
        (reply) => pump(reply.body.getReader(), out),
        () => true,
      );
    }
  });

/** What comes in a body, and after a break what `broken` adds. */
function relay(body, broken) {
  const reader = body.getReader();
  return new ReadableStream({
    async start(out) {
      if (await pump(reader, out)) await broken(out);
      out.close();
    },
    cancel: (why) => reader.cancel(why),
  });
}

// Pass on what comes. Returns whether it broke: it may also have ended, or been closed by the page.
async function pump(reader, out) {
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) out.enqueue(part.value);
    return false;
  } catch (error) {
    return error.name !== "AbortError";
  }
}

/** Says that the server is lost, and resolves when it answers again. */
function server() {
  back ??= waitForServer();
  return back;
}

async function waitForServer() {
  say(PAGE, "lost", {});
  const answers = () =>
    request(new URL("playground/trainers", document.baseURI)).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) await new Promise((later) => setTimeout(later, AGAIN));
  back = null;
  say(PAGE, "found", {});
}
