// The ring that shows the position and the size of the pad's tool. Its units are per cent of the canvas, so that it
// scales with it.

import { HALF } from "../paint/geometry.js";

const percent = (v) => `${(50 * v) / HALF}%`;

export class Ring {
  constructor(element) {
    this.element = element;
  }

  /** Sets the colour of the chosen class. */
  colour(label) {
    this.element.style.setProperty("--mine", `var(--class-${label})`);
  }

  /** Moves the ring; null hides it. */
  point(at, { reach, erases, byKeys }) {
    const { classList, style } = this.element;
    classList.toggle("on", Boolean(at));
    classList.toggle("keys", byKeys);
    classList.toggle("erase", erases);
    if (!at) return;
    const [left, top, width] = [at[0] + HALF, HALF - at[1], 2 * reach].map(percent);
    Object.assign(style, { left, top, width });
  }

  get byKeys() {
    return this.element.classList.contains("keys");
  }
}
