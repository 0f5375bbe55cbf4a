// A Stage's requests to the server, by Gradio's events.

import { kept, PAGE, say } from "../page/bus.js";
import { startingTrainers } from "../page/trainers.js";

const LATE = 700; // ms after which an answer is late
const LONG = 3000; // ms after which an answer takes long
const ANSWERED = ["train", "step", "reset", "look", "opened"];

export class Requests {
  constructor(slot, trigger) {
    Object.assign(this, { slot, trigger });
    this.sent = {}; // the last request of each event
    this.late = null; // the timer until the answer is late
    this.answer = Promise.resolve(); // to the last request, or that it takes long
    this.settle = () => {};
  }

  send(event, data = {}) {
    const sending = kept(PAGE, "sending"); // a drawing being sent, which must arrive first
    if (sending) return void sending.then(() => setTimeout(() => this.send(event, data)));
    this.sent[event] = data;
    this.trigger(event, data);
    if (!ANSWERED.includes(event)) return;
    this.expect();
    this.answer = new Promise((settle) => {
      this.settle = settle;
      setTimeout(settle, LONG);
    });
  }

  expect() {
    clearTimeout(this.late);
    this.late = setTimeout(() => this.explain(), LATE);
  }

  answered() {
    clearTimeout(this.late);
    this.late = null;
    this.settle();
  }

  // An answer is late: perhaps the server has only just started.
  async explain() {
    const { late } = this;
    const sentence = await startingTrainers();
    if (!sentence || late !== this.late) return; // or it came meanwhile
    say(this.slot, "tells", sentence);
    this.expect();
  }

  /** Repeat a request once the server has a missing drawing again. */
  again(event) {
    const repeat = () => (event in this.sent ? this.send(event, this.sent[event]) : say(this.slot, "turn again", {}));
    say(PAGE, "lacks", repeat);
  }
}
