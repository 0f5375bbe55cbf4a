// The distance of a model at rest: that of several samples, not only of those that are shown. It is asked for once the
// picture is there, and again when what it is of has changed; not of a shipped model that is only looked at, since the
// server has no run of it until somebody asks.

import { ask } from "../../page/asking.js";
import { hear } from "../../page/bus.js";

export class Rested {
  constructor(stage) {
    this.stage = stage;
    this.trained = null; // the run that has trained here
    this.asked = "";
    this.known = { of: "", scalars: {} };
    hear(stage.slot, "recording", () => this.fill());
  }

  // What the distance is of: the run, its step and settings, and whether the weights are averaged.
  get of() {
    const { recording, shown, transport } = this.stage;
    return [recording.run, shown?.step, shown?.edits, transport.apart].join();
  }

  get rests() {
    const { live, runState, shown, recording } = this.stage;
    const known = recording.scalar("distance", shown?.step) !== undefined;
    const trained = this.trained === recording.run;
    return live && known && trained && shown.step > 0 && ["paused", "done"].includes(runState);
  }

  fill() {
    const { recording, runState } = this.stage;
    if (runState === "training") this.trained = recording.run;
    if (!this.rests) return;
    const { of, known, asked } = this;
    if (known.of === of) this.tell();
    else if (asked !== of) this.measure(of);
  }

  async measure(of) {
    this.asked = of;
    await this.stage.requests.answer; // a tab shows its model before the server has its run
    if (this.of !== of || !this.rests) return;
    const { scalars } = await ask(this.stage, { ask: "distance" });
    if (!scalars || this.of !== of || !this.rests) return;
    this.known = { of, scalars };
    this.tell();
  }

  // A frame of the same step, as after new samples are drawn, brings the distance of just these.
  tell() {
    const { recording, shown } = this.stage;
    const { distance } = this.known.scalars;
    if (recording.scalar("distance", shown.step) === distance) return;
    recording.measured(shown.step, { distance });
    this.stage.tellRecording();
  }
}
