// The film of a run: the frames that the page was sent. Rewinding costs the server nothing.

const LONGEST = 480; // frames kept; a longer film loses every second one of its older half

export class Film {
  constructor() {
    this.clear();
  }

  clear() {
    this.before = null; // the film of the run that this one parted from
    this.origin = null; // where it did: { run, step }
    this.title = ""; // and with what
    this.findings = {}; // what went wrong so far
    this.frames = [];
    this.floors = {};
    this.still = {}; // layers that are sent once for a run
    this.run = null;
    this.square = { centre: [0, 0], scale: 1 };
    this.of = "points"; // or "images"
    this.history = []; // scalars of every frame, also of those that were dropped
  }

  get last() {
    return this.frames[this.frames.length - 1];
  }

  // Take in a decoded frame. Returns true if it is the first of another run.
  add(frame) {
    const other = frame.run !== undefined && frame.run !== this.run;
    if (other) {
      const source = frame.origin && this.film(frame.origin.run);
      this.clear();
      if (source) this.part(source, frame.origin);
      this.run = frame.run;
      this.history = frame.history ?? this.history;
    }
    if (frame.findings) this.findings = frame.findings;
    if (frame.square) this.square = frame.square;
    if (frame.of) this.of = frame.of;
    Object.assign(this.floors, frame.floors);
    if (frame.layers.data) this.still.data = frame.layers.data;
    if (frame.scalars) this.history.push({ step: frame.step, ...frame.scalars });
    // A pause sends the same step again with more to see; it replaces what was there.
    if (this.last && this.last.step === frame.step) this.frames.pop();
    this.frames.push(frame);
    if (this.frames.length > LONGEST) this.thin();
    return other;
  }

  // Whether what is sent once was lost on the way, as happens to a busy browser.
  lacks() {
    return !this.still.data || (this.frames.length > 4 && !Object.keys(this.floors).length);
  }

  // The film of a run: this one, or that from which it parted. A copy, that stays as it is.
  film(run) {
    if (run === this.run) return Object.assign(new Film(), this, { before: null });
    return run === this.before?.run ? this.before : null;
  }

  // Begin as another film that shares its past.
  part(source, origin) {
    Object.assign(this, { before: source, origin, still: source.still, floors: { ...source.floors }, square: source.square });
    this.history = source.history.filter(({ step }) => step <= origin.step);
  }

  // The frame that was the newest at a step.
  at(step) {
    return this.frames.findLast((frame) => frame.step <= step) ?? this.frames[0];
  }

  thin() {
    const half = this.frames.length >> 1;
    this.frames = this.frames.filter((_, i) => i >= half || i % 2 === 0);
  }

  // The layers to draw for a frame: its own, and those that stay.
  layers(frame) {
    return { ...this.still, ...frame.layers };
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

  // The newest notes up to a step: {name: {value, says}}.
  notes(step) {
    return this.frames.findLast((frame) => frame.step <= step && frame.notes)?.notes ?? {};
  }

  // The newest value of a scalar up to a step.
  scalar(name, step) {
    for (let i = this.history.length - 1; i >= 0; i--)
      if (this.history[i].step <= step && this.history[i][name] !== undefined) return this.history[i][name];
    return undefined;
  }
}
