// The ring that shows where the pad's tool is, and how large. It stands in per cent of the square, so that it needs no
// care when that is resized.

import { HALF } from "../paint/geometry.js";

const percent = (v) => `${(50 * v) / HALF}%`;

export class Ring {
  constructor(element) {
    this.element = element;
  }

  /** Of the chosen class. */
  colour(label) {
    this.element.style.setProperty("--mine", `var(--class-${label})`);
  }

  /** Puts it there; null takes it away. */
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
