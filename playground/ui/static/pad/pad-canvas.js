// The canvas of the pad. An update costs only as much as what has changed.

import { HALF } from "../paint/geometry.js";
import { MAX_CLASSES } from "./drawing.js";

const WHOLE = [-HALF, -HALF, HALF, HALF];

export class PadCanvas {
  #painted = 0; // how many points of the sketch are on the canvas
  #wiped = null; // the part erased since then: [left, bottom, right, top] in canvas coordinates
  #dots = [];

  constructor(canvas, sketch) {
    Object.assign(this, { canvas, sketch });
  }

  /** Fits the canvas to its element and the screen's pixels, and prepares a dot per class in the theme's colours. */
  dress() {
    const { canvas } = this;
    const size = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== size) canvas.width = canvas.height = size;
    const radius = devicePixelRatio * Math.max(1.2, canvas.clientWidth / 380);
    const style = getComputedStyle(canvas);
    this.#dots = Array.from({ length: MAX_CLASSES }, (_, i) => dot(radius, style.getPropertyValue(`--class-${i}`)));
    this.repaint();
  }

  /** Marks everything as changed. */
  repaint() {
    this.#painted = Infinity;
  }

  /** Notes that the eraser removed this many points within reach of a segment. */
  wipe(removed, reach, [x0, y0], [x1, y1]) {
    const [left, bottom, right, top] = this.#wiped ?? [HALF, HALF, -HALF, -HALF];
    this.#wiped = [
      Math.min(left, x0 - reach, x1 - reach),
      Math.min(bottom, y0 - reach, y1 - reach),
      Math.max(right, x0 + reach, x1 + reach),
      Math.max(top, y0 + reach, y1 + reach),
    ];
    this.#painted -= removed; // all of them were painted: a stroke only adds or only removes
  }

  show() {
    const { canvas, sketch } = this;
    if (!canvas.width || !this.#dots.length) return;
    if (this.#painted > sketch.length) this.#paint(0, WHOLE);
    else {
      if (this.#wiped) this.#paint(0, this.#wiped);
      if (this.#painted < sketch.length) this.#paint(this.#painted, WHOLE);
    }
    this.#wiped = null;
    this.#painted = sketch.length;
  }

  // Paints the points in a part of the canvas, beginning with the given index; at index 0 it clears that part first.
  #paint(from, [left, bottom, right, top]) {
    const g = this.canvas.getContext("2d");
    const scale = g.canvas.width / (2 * HALF);
    const middle = this.#dots[0].width / 2;
    // Dots extend beyond their part, so a margin is cleared and repainted too. Whole pixels avoid a visible seam.
    const edge = (2 * middle + 1) / scale;
    const [x0, y0] = [Math.floor((left + HALF) * scale - middle), Math.floor((HALF - top) * scale - middle)];
    const [x1, y1] = [Math.ceil((right + HALF) * scale + middle), Math.ceil((HALF - bottom) * scale + middle)];
    g.save();
    g.beginPath();
    g.rect(x0, y0, x1 - x0, y1 - y0);
    g.clip();
    if (!from) g.clearRect(0, 0, g.canvas.width, g.canvas.height);
    for (let i = from; i < this.sketch.length; i++) {
      const [x, y, label] = this.sketch.at(i);
      if (x < left - edge || x > right + edge || y < bottom - edge || y > top + edge) continue;
      g.drawImage(this.#dots[label], (x + HALF) * scale - middle, (HALF - y) * scale - middle);
    }
    g.restore();
  }
}

function dot(radius, colour) {
  const dot = document.createElement("canvas");
  dot.width = dot.height = Math.ceil(2 * radius + 2);
  const g = dot.getContext("2d");
  g.fillStyle = colour;
  g.globalAlpha = 0.7;
  g.arc(dot.width / 2, dot.width / 2, radius, 0, 7);
  g.fill();
  return dot;
}
