// The film of a run: the frames that the page was sent. Rewinding costs the server nothing.

const LONGEST = 480; // frames kept; a longer film loses every second one of its older half

export class Film {
  constructor() {
    this.clear();
  }

  clear() {
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
      this.clear();
      this.run = frame.run;
      this.history = frame.history ?? [];
    }
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

  // The newest value of a scalar up to a step.
  scalar(name, step) {
    for (let i = this.history.length - 1; i >= 0; i--)
      if (this.history[i].step <= step && this.history[i][name] !== undefined) return this.history[i][name];
    return undefined;
  }
}
