// One point of noise, sent through all models: a small square to drag it in.

import { ask } from "../../page/asking.js";
import { hear, PAGE } from "../../page/bus.js";
import { palette } from "../../page/palette.js";
import { oneAtATime, throttle } from "../../page/timing.js";
import { HALF } from "../../paint/geometry.js";

const OFTEN = 60; // ms between two questions
const AGAIN = 600; // ms between two while the models learn
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const BY = 0.1; // of a key
const SIDE = 2 * HALF;

export class Noise {
  constructor(track) {
    this.track = track;
    this.z = null; // where the point is, on the canvas; null while nobody follows one
    this.toggle = track.root.querySelector(".follow");
    this.box = track.root.querySelector(".one-noise");
    this.canvas = this.box.querySelector("canvas");
    this.send = oneAtATime(() => this.ask(), OFTEN);
    this.again = throttle(() => this.z && this.send({}), AGAIN);
    this.toggle.addEventListener("click", () => this.show(this.z === null));
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.canvas.addEventListener("pointermove", (event) => event.buttons && this.point(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    hear(PAGE, "theme", () => this.paint());
  }

  show(shown) {
    this.toggle.setAttribute("aria-pressed", shown);
    this.box.hidden = !shown;
    if (shown) this.move([0.8, 0.8]);
    else this.leave();
  }

  /** Images have more coordinates than the square. */
  suit(kind) {
    this.toggle.hidden = kind !== "points";
    if (this.toggle.hidden && this.z) this.show(false);
  }

  leave() {
    this.z = null;
    for (const lane of this.track.lanes) lane.trace = null;
    this.track.redraw();
  }

  point({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    this.move([((clientX - left) / width) * SIDE - HALF, HALF - ((clientY - top) / height) * SIDE]);
  }

  key(event) {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation(); // arrows would rewind the race
    this.move(this.z.map((value, i) => value + BY * by[i]));
  }

  move(z) {
    this.z = z.map((value) => Math.min(HALF, Math.max(-HALF, value)));
    this.canvas.setAttribute(
      "aria-label",
      `Noise at ${this.z.map((v) => v.toFixed(1)).join(", ")}; arrow keys move it`,
    );
    this.paint();
    this.send({});
  }

  // Where each model sends it. Looking back, of the models as they were.
  async ask() {
    const { z, track } = this;
    if (!z) return;
    await Promise.all(
      track.lanes.map(async (lane) => {
        const then = track.share === null || !lane.shown ? {} : { step: lane.shown.step };
        const { path, times } = await ask(lane, { ask: "send", z, ...then });
        if (this.z) lane.trace = path ? { path, times } : null;
        lane.screen.redraw();
      }),
    );
  }

  paint() {
    if (!this.z) return;
    const g = this.canvas.getContext("2d");
    const { width } = this.canvas;
    const scale = width / SIDE;
    const colours = palette();
    g.clearRect(0, 0, width, width);
    g.fillStyle = colours.noise;
    g.globalAlpha = 0.11;
    for (const sigma of [3, 2.5, 2, 1.5, 1, 0.5]) this.disc(g, [0, 0], sigma * scale, scale);
    g.globalAlpha = 1;
    g.fillStyle = colours.ink;
    this.disc(g, this.z, width / 26, scale);
  }

  disc(g, [x, y], radius, scale) {
    g.beginPath();
    g.arc((x + HALF) * scale, (HALF - y) * scale, radius, 0, 2 * Math.PI);
    g.fill();
  }
}

/** The trace of an answer {path, times} at a time (paint/paint.js). A model without paths sends its noise at once: only
 * where it lands is in its own plane. */
export function traceAt({ path, times }, time) {
  const end = path.at(-1);
  if (path.length < 3) return { path: [end, end], times: [1, 1], here: { x: end, t: 1 } };
  const after = Math.max(
    1,
    times.findIndex((t) => t >= time),
  );
  const share = (time - times[after - 1]) / (times[after] - times[after - 1]);
  const x = path[after].map((value, i) => value * share + path[after - 1][i] * (1 - share));
  return { path, times, here: { x, t: time } };
}
