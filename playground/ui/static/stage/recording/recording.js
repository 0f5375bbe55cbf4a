// The recording of a run: the frames that the page received. Rewinding needs no server.

const LONGEST = 480; // most frames kept; a longer recording drops every second frame of its older half

export class Recording {
  run = null; // the name of the run
  origin = null; // the source of a fork: {run, step}
  kind = "points"; // the kind of the data: "points" or "images"
  frames = [];
  curves = []; // the scalars of all frames, including dropped ones
  alerts = {}; // the alerts so far
  // What is asked for, not streamed (playground.questions.constants), and whether it is of this run:
  layers = {}; // the constant layers
  normalizer = { centre: [0, 0], scale: 1 };
  absent = []; // the views that mean nothing for the data
  anatomy = { parts: {}, sizes: {} }; // how many weights each network has, and of how many numbers data and latents are
  complete = false;
  floors = {};
  floorsOf = -1; // the number of edits when the floors were measured

  /** The recording of a run that begins with this frame. `source` is the recording that it was forked from. `like` is a
   * recording of the same data, whose constants are used until this run's arrive, so that nothing flickers. */
  static begin(frame, source, like = source) {
    const recording = new Recording();
    recording.run = frame.run;
    if (like) Object.assign(recording, pick(like));
    if (source) {
      recording.origin = frame.origin;
      recording.curves = source.curves.filter(({ step }) => step <= frame.origin.step);
    }
    recording.add(frame);
    return recording;
  }

  /** The recording of a run that goes on from an earlier step of another, and takes its place: the same up to there. */
  static goesOn(frame, source) {
    const { origin, complete, kind } = source;
    const until = frame.origin.step;
    const recording = Object.assign(new Recording(), { run: frame.run, origin, complete, kind, ...pick(source) });
    recording.frames = source.frames.filter(({ step }) => step <= until);
    recording.curves = source.curves.filter(({ step }) => step <= until);
    recording.add(frame);
    return recording;
  }

  /** Add a decoded frame. */
  add(frame) {
    if (frame.constants) this.takeConstants(frame.constants);
    if (frame.floors) this.takeFloors(frame);
    if (frame.alerts) this.alerts = frame.alerts;
    if (frame.kind) this.kind = frame.kind;
    if (frame.scalars) this.curves.push({ step: frame.step, ...frame.scalars });
    // A pause sends the same step again as a whole frame, which replaces the live one.
    if (this.last?.step === frame.step) this.frames.pop();
    this.frames.push(frame);
    if (this.frames.length > LONGEST) this.#thin();
  }

  /** Set the constants of the run; `layers` are decoded. */
  takeConstants({ layers, normalizer, curves, absent, anatomy }) {
    Object.assign(this, { layers, normalizer, absent, anatomy, complete: true });
    const last = curves.at(-1);
    if (!last) return;
    // What a frame of the last step has measured is newer than the checkpoint: it may be of other samples.
    const same = this.curves.filter(({ step }) => step === last.step);
    const later = this.curves.filter(({ step }) => step > last.step);
    this.curves = [...curves.slice(0, -1), Object.assign({}, last, ...same), ...later];
  }

  takeFloors({ floors, edits }) {
    Object.assign(this, { floors, floorsOf: edits });
  }

  /** Scalars that were measured at an earlier step later on. */
  measured(step, scalars) {
    const i = this.curves.findLastIndex((known) => known.step <= step);
    const known = this.curves[i]?.step === step;
    this.curves.splice(known ? i : i + 1, known ? 1 : 0, { ...(known ? this.curves[i] : { step }), ...scalars });
  }

  /** The place of a step among the frames: that of the newest frame up to it. */
  placeOf(step) {
    return Math.max(
      0,
      this.frames.findLastIndex((frame) => frame.step <= step),
    );
  }

  #thin() {
    const half = this.frames.length >> 1;
    this.frames = this.frames.filter((_, i) => i >= half || i % 2 === 0);
  }

  get last() {
    return this.frames.at(-1);
  }

  /** The newest frame up to a step. */
  at(step) {
    return this.frames.findLast((frame) => frame.step <= step) ?? this.frames[0];
  }

  /** The layers to paint for a frame: its own and the constant ones. */
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

  // Conversions between canvas coordinates and the data's own (playground.data.canvas.Normalizer).

  fromCanvas([x, y]) {
    const { centre, scale } = this.normalizer;
    return [x / scale + centre[0], y / scale + centre[1]];
  }

  toCanvas([x, y]) {
    const { centre, scale } = this.normalizer;
    return [(x - centre[0]) * scale, (y - centre[1]) * scale];
  }
}

// What a recording of the same data shares.
const pick = ({ layers, normalizer, absent, floors, anatomy }) => ({ layers, normalizer, absent, floors, anatomy });
