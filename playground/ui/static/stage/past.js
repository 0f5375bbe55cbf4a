// An earlier step that is shown. Whatever is asked meanwhile is asked of the model of that step.

import { ask } from "../page/asking.js";
import { afterwards, oneAtATime } from "../page/timing.js";
import { decodeLayers } from "../paint/codec.js";

const REST = 200; // ms without scrubbing, until the picture of a step is asked for

export class Past {
  constructor(stage) {
    this.stage = stage;
    this.left = ""; // what was looked at when the newest step was left
    this.waits = null; // the run that is trained on from an earlier step, until the first frame of that
    this.ask = oneAtATime(() => this.complete(), 0);
    this.rests = afterwards(() => this.ask({}), REST);
    this.back = stage.root.querySelector(`#${stage.slot}-now`);
    this.back.addEventListener("click", () => this.rewind(stage.recording.frames.length - 1));
    // It stands on the picture, where these would ask about what is under it.
    for (const event of ["pointermove", "pointerdown", "pointerup"])
      this.back.addEventListener(event, (it) => it.stopPropagation());
  }

  /** Whether a frame is still of the run that another will take the place of. */
  outlives(frame) {
    return this.waits !== null && frame.run === this.waits;
  }

  /** What questions are about: an earlier step as it is looked at, or nothing in particular. */
  get moment() {
    const { live, shown } = this.stage;
    return live ? {} : { step: shown.step, view: this.stage.look() };
  }

  /** What tells the server to train on from the step that is shown; empty if that is the newest, or not possible. */
  get here() {
    const { live, shown, stale, recording } = this.stage;
    return live || stale || shown.step >= shown.steps ? {} : { at: shown.step, run: recording.run };
  }

  /** Show the i-th frame of the recording; the last one means live again. */
  rewind(i) {
    const { stage } = this;
    const { frames } = stage.recording;
    if (!frames[i]) return;
    const before = stage.live;
    stage.live = i === frames.length - 1;
    if (before && !stage.live) this.leaves();
    stage.pointer.forget();
    stage.show(frames[i]);
    stage.changes(stage.runState);
    stage.tellRecording();
    if (!stage.live) this.rests();
    else if (!before) this.returns();
  }

  leaves() {
    this.left = JSON.stringify(this.stage.look());
    this.stage.transport.endSlow();
  }

  returns() {
    if (JSON.stringify(this.stage.look()) !== this.left) this.stage.askLook();
  }

  /** A frame has come while an earlier step is shown: the run trains on, or a setting was changed. */
  grows(frame, edits) {
    const { stage } = this;
    stage.transport.shows(stage.shown);
    this.offer();
    if (frame.edits !== edits) this.ask({});
  }

  /** The way back to the newest step. */
  offer() {
    const { live, recording } = this.stage;
    this.back.hidden = live || this.waits !== null;
    if (!this.back.hidden) this.back.textContent = `Back to now: step ${recording.last.step.toLocaleString("en")}`;
  }

  // The frames of a training have what fits into its pace. The rest is fetched: layers that were switched on since, all
  // times from noise to data, the numbers of just this step.
  async complete() {
    const { stage } = this;
    const { recording, shown } = stage;
    if (stage.live) return;
    const found = await ask(stage, { ask: "picture" });
    if (stage.live || stage.recording !== recording || stage.shown.step !== shown.step) return;
    stage.screen.release();
    if (found.error) return stage.lacks() && stage.tell(found.error, "error");
    const { step, time, notes, scalars } = found;
    recording.measured(step, scalars);
    stage.show({ ...stage.shown, time, notes, layers: decodeLayers(found.layers), whole: true });
    stage.tellRecording();
  }
}
