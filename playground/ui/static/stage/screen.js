// The Stage's HTML canvas: as large as its element, painted at most once per animation frame.

import { hear, PAGE } from "../page/bus.js";
import { palette } from "../page/palette.js";
import { Backdrop } from "../paint/backdrop.js";
import { barRows, FOOT, layOut } from "../paint/geometry.js";
import { paint } from "../paint/paint.js";
import { newCanvas } from "../paint/scratch.js";

const LARGE = 1.85; // the smallest words then have 20 px

export class Screen {
  /** picture() gives what to paint and when, {picture, time}, or null; resized() is called when the plot has another
   * size, which a hidden tab has not; painted(n) after the n-th picture. */
  constructor(plot, { picture, resized, painted }) {
    Object.assign(this, { plot, picture, resized, painted });
    this.canvas = plot.querySelector("canvas");
    this.backdrop = new Backdrop();
    this.dirty = false;
    this.heldUntil = 0; // what was painted last stays until then
    this.count = 0;
    new ResizeObserver(() => this.resize()).observe(plot);
    hear(PAGE, "theme", () => this.redraw());
    requestAnimationFrame(() => this.tick());
  }

  get ratio() {
    return Math.min(window.devicePixelRatio || 1, 2);
  }

  // Of what is painted: in presenter mode, words and points are larger.
  get scale() {
    return this.ratio * (document.body.classList.contains("presenting") ? LARGE : 1);
  }

  resize() {
    const { width, height } = this.plot.getBoundingClientRect();
    if (!width || !height) return;
    const { canvas, ratio } = this;
    const held = performance.now() < this.heldUntil && canvas.width > 0 ? copied(canvas) : null;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    if (held) drawWithin(canvas, held);
    this.redraw();
    this.resized();
  }

  // The canvas of a hidden tab has no size, so it is not painted.
  get visible() {
    return this.canvas.width > 0 && this.canvas.offsetParent !== null;
  }

  redraw() {
    this.dirty = true;
  }

  /** Leave the picture as it is until what it lacks has come, or for so many ms: an empty one would flicker. */
  hold(ms) {
    this.heldUntil = performance.now() + ms;
    this.dirty = true;
  }

  release() {
    this.heldUntil = 0;
  }

  tick() {
    if (this.dirty && this.visible && performance.now() >= this.heldUntil) {
      this.dirty = false;
      if (this.paint()) this.painted(++this.count);
    }
    requestAnimationFrame(() => this.tick());
  }

  // Whether there was a picture to paint.
  paint() {
    const { canvas, scale: ratio, backdrop } = this;
    const now = this.picture();
    const words = now?.picture.moving ? 1 : 0; // under a journey's ends
    this.leave(now ? (barRows(now.picture.panels) + words) * FOOT : 0);
    if (now) paint(canvas, now.picture, now.time, palette(), { ratio, backdrop });
    else canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    return now !== null;
  }

  // Leave so many pixels at the bottom to the colour bars: what else is written on the plot stands above them.
  leave(foot) {
    if (foot !== this.foot) this.plot.style.setProperty("--foot", `${foot}px`);
    this.foot = foot;
  }

  /** The layout of a picture's panels on the HTML canvas. */
  views(picture) {
    return layOut(picture, this.canvas.width, this.canvas.height, this.scale);
  }

  /** The pixel of the canvas under a pointer. */
  pixel({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * this.canvas.width, ((clientY - top) / height) * this.canvas.height];
  }
}

// A canvas that is resized is empty. What is held stays, as large as it can be in the new size.

function copied(canvas) {
  const copy = newCanvas(canvas, canvas.width, canvas.height);
  copy.getContext("2d").drawImage(canvas, 0, 0);
  return copy;
}

function drawWithin(canvas, picture) {
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const g = canvas.getContext("2d");
  g.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
}
