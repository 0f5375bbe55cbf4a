// The recording of a run: the frames that the page was sent. Rewinding costs the server nothing.

const LONGEST = 480; // frames kept; a longer recording loses every second one of its older half

export class Recording {
  run = null; // the name of the run
  origin = null; // where it parted from another: {run, step}
  frames = [];
  history = []; // scalars of every frame, also of those that were dropped
  floors = {};
  findings = {}; // what went wrong so far
  still = {}; // layers that are sent once for a run
  square = { centre: [0, 0], scale: 1 };
  of = "points"; // or "images"

  /** The recording of a run that begins with this frame; `source` is that of the run from which it parted. */
  static begin(frame, source) {
    const recording = new Recording();
    recording.run = frame.run;
    if (source) recording.#shareThePast(source, frame.origin);
    if (frame.history) recording.history = frame.history;
    recording.add(frame);
    return recording;
  }

  #shareThePast(source, origin) {
    this.origin = origin;
    this.still = { ...source.still };
    this.floors = { ...source.floors };
    this.square = source.square;
    this.history = source.history.filter(({ step }) => step <= origin.step);
  }

  /** Take in a decoded frame. */
  add(frame) {
    if (frame.findings) this.findings = frame.findings;
    if (frame.square) this.square = frame.square;
    if (frame.of) this.of = frame.of;
    Object.assign(this.floors, frame.floors);
    if (frame.layers.data) this.still.data = frame.layers.data;
    if (frame.scalars) this.history.push({ step: frame.step, ...frame.scalars });
    // A pause sends the same step again with more to see; it replaces what was there.
    if (this.last?.step === frame.step) this.frames.pop();
    this.frames.push(frame);
    if (this.frames.length > LONGEST) this.#thin();
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

  /** Whether what is sent once was lost on the way, as happens to a busy browser. */
  lacks() {
    return !this.still.data || (this.frames.length > 4 && !Object.keys(this.floors).length);
  }

  /** The layers to paint for a frame: its own, and those that stay. */
  layers(frame) {
    return { ...this.still, ...frame.layers };
  }

  /** The newest notes up to a step: {name: {value, says}}. */
  notes(step) {
    return this.frames.findLast((frame) => frame.step <= step && frame.notes)?.notes ?? {};
  }

  /** The newest value of a scalar up to a step. */
  scalar(name, step) {
    return this.history.findLast((scalars) => scalars.step <= step && scalars[name] !== undefined)?.[name];
  }

  // Between the square and the data's own coordinates (playground.data.square.Square).

  toOwn([x, y]) {
    const { centre, scale } = this.square;
    return [x / scale + centre[0], y / scale + centre[1]];
  }

  toSquare([x, y]) {
    const { centre, scale } = this.square;
    return [(x - centre[0]) * scale, (y - centre[1]) * scale];
  }
}
