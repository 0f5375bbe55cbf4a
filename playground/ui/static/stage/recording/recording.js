// The recording of a run: the frames that the page was sent. Rewinding costs the server nothing.

const LONGEST = 480; // frames kept; a longer recording loses every second one of its older half

export class Recording {
  run = null; // the name of the run
  origin = null; // where it parted from another: {run, step}
  kind = "points"; // what the data are; or "images"
  frames = [];
  curves = []; // scalars of every frame, also of those that were dropped
  alerts = {}; // what went wrong so far
  // What is asked for instead of being streamed (playground.questions.constants), and whether it is this run's own:
  layers = {}; // those that are constant
  normalizer = { centre: [0, 0], scale: 1 };
  complete = false;
  floors = {};
  floorsOf = -1; // for how many edits they were measured

  /** The recording of a run that begins with this frame; `source` is that of the run from which it parted. `like` is
   * one of the same data: it lends what this one has not been told yet, so that nothing flickers. */
  static begin(frame, source, like = source) {
    const recording = new Recording();
    recording.run = frame.run;
    if (like) Object.assign(recording, { layers: like.layers, normalizer: like.normalizer, floors: like.floors });
    if (source) {
      recording.origin = frame.origin;
      recording.curves = source.curves.filter(({ step }) => step <= frame.origin.step);
    }
    recording.add(frame);
    return recording;
  }

  /** Take in a decoded frame. */
  add(frame) {
    if (frame.constants) this.takeConstants(frame.constants);
    if (frame.floors) this.takeFloors(frame);
    if (frame.alerts) this.alerts = frame.alerts;
    if (frame.kind) this.kind = frame.kind;
    if (frame.scalars) this.curves.push({ step: frame.step, ...frame.scalars });
    // A pause sends the same step again with more to see; it replaces what was there.
    if (this.last?.step === frame.step) this.frames.pop();
    this.frames.push(frame);
    if (this.frames.length > LONGEST) this.#thin();
  }

  /** Take in what stays the same throughout the run; `layers` are decoded. */
  takeConstants({ layers, normalizer, curves }) {
    Object.assign(this, { layers, normalizer, complete: true });
    if (curves.length) this.curves = [...curves, ...this.curves.filter(({ step }) => step > curves.at(-1).step)];
  }

  takeFloors({ floors, edits }) {
    Object.assign(this, { floors, floorsOf: edits });
  }

  #thin() {
    const half = this.frames.length >> 1;
    this.frames = this.frames.filter((_, i) => i >= half || i % 2 === 0);
  }

  get last() {
    return this.frames.at(-1);
  }

  /** The frame that was the newest at a step. */
  at(step) {
    return this.frames.findLast((frame) => frame.step <= step) ?? this.frames[0];
  }

  /** The layers to paint for a frame: its own, and those that are constant. */
  layersOf(frame) {
    return { ...this.layers, ...frame.layers };
  }

  /** The newest notes up to a step: {name: {value, says}}. */
  notes(step) {
    return this.frames.findLast((frame) => frame.step <= step && frame.notes)?.notes ?? {};
  }

  /** The newest value of a scalar up to a step. */
  scalar(name, step) {
    return this.curves.findLast((scalars) => scalars.step <= step && scalars[name] !== undefined)?.[name];
  }

  // Between the canvas and the data's own coordinates (playground.data.canvas.Normalizer).

  fromCanvas([x, y]) {
    const { centre, scale } = this.normalizer;
    return [x / scale + centre[0], y / scale + centre[1]];
  }

  toCanvas([x, y]) {
    const { centre, scale } = this.normalizer;
    return [(x - centre[0]) * scale, (y - centre[1]) * scale];
  }
}
