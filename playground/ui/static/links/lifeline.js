// A Stage without its server: what was recorded stays and can be rewound, and when the server is back, so is the run.

import { hear, PAGE } from "../page/bus.js";

const LOST = "The connection to the server is lost. What was recorded stays, and can be rewound; the page tries again.";

export class Lifeline {
  constructor(stage) {
    this.stage = stage;
    this.cut = false; // whether a stream was cut: what is still on its way says what was before
    this.returns = false; // whether it has asked for its run again, without an answer yet
    hear(PAGE, "lost", () => this.lose());
    hear(PAGE, "found", () => this.find());
    hear(stage.slot, "recording", () => this.answered());
  }

  /** The server has answered. */
  answered() {
    this.returns &&= this.cut;
  }

  lose() {
    const { stage } = this;
    this.cut = this.returns || stage.transport.busy;
    stage.changes(this.cut ? "paused" : stage.runState);
    this.allow(false);
    stage.says.tell(LOST, "error", null, Number.POSITIVE_INFINITY);
  }

  // Come back to the run, if it is still there.
  find() {
    const { stage } = this;
    this.allow(true);
    stage.tell("");
    if (this.cut) stage.send("opened", { ...stage.look(), back: true, again: true });
    this.returns = this.cut;
    this.cut = false;
  }

  // Whether the buttons that need the server can be pressed.
  allow(possible) {
    const { train, step, reset } = this.stage.transport.parts;
    for (const button of [train, step, reset].filter(Boolean)) button.disabled = !possible; // a race has no steps
  }
}
