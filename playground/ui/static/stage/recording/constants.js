// The constants of a run and its floors are asked for, since a busy browser may miss streamed values.

import { ask } from "../../page/asking.js";
import { decodeLayers } from "../../paint/codec.js";

const AGAIN = 1500; // ms until a question without an answer is repeated once

export class Constants {
  /** arrived() is called when a recording has received something. */
  constructor(stage, arrived) {
    Object.assign(this, { stage, arrived });
    this.asked = new Set();
  }

  /** Ask for the constants and floors that the recording lacks. */
  complete(recording) {
    if (!recording.run) return;
    if (!recording.complete)
      this.ask("constants", recording, (told) => {
        recording.takeConstants({ ...told, layers: decodeLayers(told.layers) });
      });
    if (recording.floorsOf !== recording.last.edits)
      this.ask("floors", recording, (told) => recording.takeFloors(told));
  }

  async ask(question, recording, take) {
    const key = `${question} ${recording.run}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    const told = await ask({ slot: this.stage.slot }, { ask: question }); // the same at each step
    const good = !told.error && told.run === recording.run;
    if (good) {
      take(told);
      this.arrived();
    } else await new Promise((later) => setTimeout(later, AGAIN));
    this.asked.delete(key);
    if (this.stage.recording === recording) this.complete(recording);
  }
}
