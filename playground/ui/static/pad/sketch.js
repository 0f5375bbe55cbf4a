// The points of a drawing, and its undo history. A point is one number (see `pack`) and a drawing a flat array, which
// is copied in microseconds, so undo simply keeps copies.

import { inside, labelOf, MAX_POINTS, pack, xOf, yOf } from "./drawing.js";

const MAX_UNDO = 100;

export class Sketch {
  #store = new Uint32Array(MAX_POINTS);
  #n = 0;
  #past = [];
  #future = [];

  get length() {
    return this.#n;
  }

  get full() {
    return this.#n === MAX_POINTS;
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get redoable() {
    return this.#future.length > 0;
  }

  /** [[x, y], …] in drawing order. */
  get points() {
    return Array.from(this.snapshot(), (p) => [xOf(p), yOf(p)]);
  }

  /** The class of each point, 0 … 9. */
  get labels() {
    return Array.from(this.snapshot(), labelOf);
  }

  /** The points as they are stored. */
  snapshot() {
    return this.#store.slice(0, this.#n);
  }

  /** [x, y, class] of the i-th point. */
  at(i) {
    const p = this.#store[i];
    return [xOf(p), yOf(p), labelOf(p)];
  }

  /** Starts over with these points. Points off the canvas or above the limit are left out. */
  set(points, labels = null) {
    const packed = points.flatMap(([x, y], i) => (inside(x) && inside(y) ? [pack(x, y, labels?.[i] ?? 0)] : []));
    this.#past = [];
    this.#future = [];
    this.#restore(packed.slice(0, MAX_POINTS));
  }

  #restore(packed) {
    this.#store.set(packed);
    this.#n = packed.length;
  }

  clear() {
    this.#n = 0;
  }

  /** Adds points along a segment, each with isotropic Gaussian noise. Points off the canvas are dropped. */
  spray(count, spread, label, [x0, y0], [x1, y1] = [x0, y0]) {
    for (let left = count; left > 0 && !this.full; left--) {
      const along = Math.random();
      const radius = spread * Math.sqrt(-2 * Math.log(1 - Math.random()));
      const angle = 2 * Math.PI * Math.random();
      const x = x0 + (x1 - x0) * along + radius * Math.cos(angle);
      const y = y0 + (y1 - y0) * along + radius * Math.sin(angle);
      if (inside(x) && inside(y)) this.#store[this.#n++] = pack(x, y, label);
    }
  }

  /** Removes the points within reach of a segment. Returns their number. */
  erase(reach, [x0, y0], [x1, y1] = [x0, y0]) {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length = dx * dx + dy * dy || 1;
    const before = this.#n;
    let kept = 0;
    for (let i = 0; i < before; i++) {
      const [x, y] = [xOf(this.#store[i]) - x0, yOf(this.#store[i]) - y0];
      const along = Math.max(0, Math.min(1, (x * dx + y * dy) / length));
      if (Math.hypot(x - along * dx, y - along * dy) > reach) this.#store[kept++] = this.#store[i];
    }
    this.#n = kept;
    return before - kept;
  }

  /** Makes the changes since a snapshot one undo step. Returns whether there were any. */
  commit(before) {
    if (this.#n === before.length) return false; // an edit only adds or only removes
    this.#past.push(before);
    if (this.#past.length > MAX_UNDO) this.#past.shift();
    this.#future = [];
    return true;
  }

  undo() {
    return this.#travel(this.#past, this.#future);
  }

  redo() {
    return this.#travel(this.#future, this.#past);
  }

  #travel(from, to) {
    if (!from.length) return false;
    to.push(this.snapshot());
    this.#restore(from.pop());
    return true;
  }
}
