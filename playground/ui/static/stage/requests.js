// A Stage's requests to the server, by Gradio's events.

import { kept, PAGE, say } from "../page/bus.js";

export class Requests {
  constructor(slot, trigger) {
    Object.assign(this, { slot, trigger });
    this.sent = {}; // the last request of each event
  }

  send(event, data = {}) {
    const sending = kept(PAGE, "sending"); // a drawing being sent, which must arrive first
    if (sending) return void sending.then(() => setTimeout(() => this.send(event, data)));
    this.sent[event] = data;
    this.trigger(event, data);
  }

  /** Repeat a request once the server has a missing drawing again. */
  again(event) {
    const repeat = () => (event in this.sent ? this.send(event, this.sent[event]) : say(this.slot, "turn again", {}));
    say(PAGE, "lacks", repeat);
  }
}
