// What stays the same throughout a run, and its floors, come by asking: a busy browser misses what is only streamed.

import { ask } from "../../page/asking.js";
import { decodeLayers } from "../../paint/codec.js";

const AGAIN = 1500; // ms until a question that brought nothing is asked once more

export class Constants {
  /** arrived() is called when a recording has been told something. */
  constructor(stage, arrived) {
    Object.assign(this, { stage, arrived });
    this.asked = new Set();
  }

  /** Ask for what the recording lacks. */
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
    const told = await ask(this.stage, { ask: question });
    const good = !told.error && told.run === recording.run;
    if (good) {
      take(told);
      this.arrived();
    } else await new Promise((later) => setTimeout(later, AGAIN));
    this.asked.delete(key);
    if (this.stage.recording === recording) this.complete(recording);
  }
}
