// The stream of the answers to the page's events. Gradio's server ends it when no event is under way, and Gradio's page
// then listens to no more. The answer to an event that is sent just then would never come: for the page, the stream is
// still open when the server has ended it. So its end is passed on only when nothing is under way.

const NEWLINE = 10;
const MOST = 64; // of the completed events, those whose names may still come
const CLOSE = "close_stream";
const COMPLETED = "process_completed";

export class EventStream {
  #joins = new Set(); // promises of the server's replies to events that are being sent
  #underWay = new Set(); // names of events
  #completed = []; // the latest last: an answer may come before the reply that names its event

  /** Send an event: send() gives the promise of the server's reply, as does this. */
  async join(send) {
    const joined = this.#join(send);
    this.#joins.add(joined);
    try {
      return await joined;
    } finally {
      this.#joins.delete(joined);
    }
  }

  async #join(send) {
    const reply = await send();
    if (!reply.ok) return reply; // refused, so that nothing is under way
    const { event_id: name } = await reply.clone().json();
    if (!this.#completed.includes(name)) this.#underWay.add(name);
    return reply;
  }

  /** What Gradio reads: this body, and those that come after it. ask() gives the promise of another body. broken() is
   * called when one breaks off: all events then end, as if the server had ended them. */
  relay(body, ask, broken) {
    let reader;
    const start = async (out) => {
      let end = "";
      try {
        for (let next = body; next; next = end === CLOSE && (await this.#busy()) && (await ask())) {
          reader = next.pipeThrough(wholeMessages()).getReader();
          end = await this.#pass(reader, out);
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          for (const name of this.#underWay)
            write(out, { msg: COMPLETED, event_id: name, success: true, output: { data: [] } });
          this.#underWay.clear();
          end = CLOSE;
          broken();
        }
      }
      if (end === CLOSE) write(out, { msg: CLOSE });
      out.close();
    };
    return new ReadableStream({ start, cancel: (why) => reader.cancel(why) });
  }

  // Pass on what comes, to the end of the body or the server's word that it ends. Returns that word, if any.
  async #pass(reader, out) {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const text = new TextDecoder().decode(part.value);
      if (!text.includes(COMPLETED) && !text.includes(CLOSE)) out.enqueue(part.value);
      else if (this.#read(text.split("\n\n").filter(Boolean), out)) return CLOSE;
    }
    return "";
  }

  // Pass on messages, and note which events they complete. Returns whether one ends the stream.
  #read(messages, out) {
    for (const text of messages) {
      const { msg, event_id: name } = JSON.parse(text.slice("data: ".length));
      if (msg === CLOSE) return true;
      if (msg === COMPLETED) {
        this.#underWay.delete(name);
        this.#completed = [...this.#completed, name].slice(-MOST);
      }
      out.enqueue(new TextEncoder().encode(`${text}\n\n`));
    }
    return false;
  }

  // Whether an event is under way, when those that are being sent have been taken.
  async #busy() {
    while (this.#joins.size) await Promise.allSettled(this.#joins);
    return this.#underWay.size > 0;
  }
}

function write(out, message) {
  out.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(message)}\n\n`));
}

// Passes on what ends with an empty line: of a message that is cut off, nothing could be read, nor of what follows it.
function wholeMessages() {
  let rest = new Uint8Array();
  return new TransformStream({
    transform(part, out) {
      const known = new Uint8Array(rest.length + part.length);
      known.set(rest);
      known.set(part, rest.length);
      let end = known.length;
      while (end > 1 && !(known[end - 1] === NEWLINE && known[end - 2] === NEWLINE)) end -= 1;
      if (end > 1) out.enqueue(known.slice(0, end));
      rest = end > 1 ? known.slice(end) : known;
    },
  });
}
