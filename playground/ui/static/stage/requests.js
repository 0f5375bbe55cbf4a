// What a Stage asks of the server, by Gradio's events.

import { kept, PAGE, say } from "../page/bus.js";

export class Requests {
  constructor(slot, trigger) {
    Object.assign(this, { slot, trigger });
    this.sent = {}; // what was last asked, by event
  }

  send(event, data = {}) {
    const sending = kept(PAGE, "sending"); // a drawing on its way to the server: the data come first
    if (sending) return void sending.then(() => setTimeout(() => this.send(event, data)));
    this.sent[event] = data;
    this.trigger(event, data);
  }

  /** The server lacks the drawing: once it has it again, ask again. */
  again(event) {
    const repeat = () => (event in this.sent ? this.send(event, this.sent[event]) : say(this.slot, "turn again", {}));
    say(PAGE, "lacks", repeat);
  }
}
