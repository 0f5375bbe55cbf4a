// The points of a drawing, and how it came to be. A point is one number (see `pack`), a whole drawing a flat array that
// is copied in microseconds, which is why undo simply keeps copies.

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

  /** [[x, y], …] in the order they were drawn. */
  get points() {
    return Array.from(this.snapshot(), (p) => [xOf(p), yOf(p)]);
  }

  /** The class of each, 0 … 3. */
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

  /** Begins anew with these points. Those outside the square, and those too many, are left out. */
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

  /** Points along a segment, each off it by a Gaussian of two sides' spread. Outside the square they are lost. */
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

  /** Removes what lies within reach of a segment; how many that were. */
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

  /** Makes what was done since a snapshot one step that can be undone; whether that was anything. */
  commit(before) {
    if (this.#n === before.length) return false; // since an edit only adds or only removes
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
