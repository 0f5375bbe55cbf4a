// The Stage: a canvas that draws the newest frame, or an older one, at any time between noise and data.

import { decode, HALF } from "./codec.js";
import { Film } from "./film.js";
import { PAINTERS } from "./layers.js";
import { colours, hear, keep, openStage, stages, throttle } from "./bus.js";
import { Transport } from "./transport.js";
import { Pointer } from "./pointer.js";

const SPREAD = 3.3; // half the width that data or noise takes: what a journey keeps clear of the other end

export function mount({ element, props, trigger, watch, options }) {
  const stage = new Stage(element.querySelector(".stage"), options, trigger);
  stages.set(options.family, stage);
  const take = () => props.value && stage.take(props.value);
  watch("value", take);
  take();
}

export class Stage {
  constructor(root, { family, layers, timed }, trigger) {
    Object.assign(this, { root, family, layers, trigger });
    this.canvas = root.querySelector(".plot canvas");
    this.plot = root.querySelector(".plot");
    this.says = root.querySelector(".says");
    this.film = new Film();
    this.shown = null; // the frame that is drawn
    this.live = true; // whether that is always the newest
    this.time = 1;
    this.layout = "place";
    this.trace = null; // a path to be pointed out
    this.drawn = 0;
    this.backdrop = null;
    this.toldUntil = 0;
    this.stale = false;
    this.on = new Set(Object.keys(layers).filter((name) => layers[name].shown));
    root.querySelector(".layers").append(...Object.entries(layers).map(([name, layer]) => this.chip(name, layer)));
    root.classList.toggle("timeless", !timed);
    this.askLook = throttle(() => this.send("look", this.look()), 120);
    this.transport = new Transport(this);
    this.pointer = new Pointer(this);
    this.listen();
    requestAnimationFrame(() => this.tick());
  }

  listen() {
    for (const chip of this.root.querySelectorAll("[data-layout]"))
      chip.addEventListener("click", () => this.arrange(chip.dataset.layout));
    new ResizeObserver(() => this.resize()).observe(this.plot);
    hear("page", "theme", () => this.redraw());
    hear("page", "dataset", () => (this.backdrop = null));
  }

  // The switch of a layer.
  chip(name, { title, help, colour }) {
    const chip = document.createElement("button");
    chip.className = "chip";
    chip.dataset.layer = name;
    chip.title = help;
    chip.setAttribute("aria-pressed", this.on.has(name));
    const dot = document.createElement("i");
    dot.style.setProperty("--dot", `var(--${colour})`);
    chip.append(dot, title);
    chip.addEventListener("click", () => this.toggle(name));
    return chip;
  }

  // What the visitor looks at, for the server: playground.views.scene.Look.
  look() {
    return { layers: [...this.on], time: this.time };
  }

  send(event, data = {}) {
    this.trigger(event, data);
  }

  toggle(layer) {
    const chip = this.root.querySelector(`[data-layer="${layer}"]`);
    const on = !this.on.has(layer);
    on ? this.on.add(layer) : this.on.delete(layer);
    chip.setAttribute("aria-pressed", on);
    if (on && !(layer in this.film.layers(this.shown ?? { layers: {} }))) this.askLook();
    else if (this.state === "training") this.askLook();
    this.redraw();
  }

  arrange(layout) {
    this.layout = layout;
    for (const chip of this.root.querySelectorAll("[data-layout]"))
      chip.setAttribute("aria-pressed", chip.dataset.layout === layout);
    if (layout === "journey" && this.time === 1) this.transport.setTime(0.6);
    if (layout === "place" && this.state !== "training") this.transport.setTime(1);
    this.redraw();
  }

  setTime(t) {
    this.time = t;
    if (this.state === "training") this.askLook();
    this.dirty = true;
  }

  get state() {
    return this.root.dataset.state;
  }

  // A frame has come, or a notice without a picture, or an error.
  take(text) {
    let frame;
    try {
      frame = decode(text);
    } catch {
      return;
    }
    if (frame.error) {
      this.root.dataset.state = this.film.last?.state === "training" ? "paused" : (this.film.last?.state ?? "idle");
      this.transport.buttons();
      return this.tell(frame.error, "error");
    }
    if (frame.step !== undefined && Object.keys(frame.layers).length) {
      const another = this.film.add(frame);
      if (another) {
        this.stale = false;
        this.toldUntil = 0; // what was said of the run before is over
        this.live = true;
        this.backdrop = null;
        this.trace = null;
      }
      if (frame.layers.data) this.backdrop = null;
      if (this.live) this.show(this.film.last);
    }
    if (frame.stale) this.stale = true; // a setting was changed that this run can't take
    if (frame.state) this.root.dataset.state = frame.state;
    this.transport.buttons();
    if (frame.message) this.tell(frame.message, frame.state === "failed" ? "error" : "note");
    else if (performance.now() > this.toldUntil) this.tell("");
    keep(this.family, "film", { film: this.film, step: this.shown?.step ?? 0, frame });
  }

  // A sentence over the picture; it stays long enough to be read.
  tell(sentence, kind = "note") {
    this.toldUntil = performance.now() + 4000;
    this.says.hidden = !sentence;
    this.says.textContent = sentence;
    this.says.dataset.kind = kind;
  }

  show(frame) {
    this.shown = frame;
    this.root.dataset.step = frame.step;
    this.dirty = true;
    this.transport.shows(frame);
  }

  // Rewind: show the i-th frame of the film; the last one means live again.
  rewind(i) {
    this.live = i >= this.film.frames.length - 1;
    const frame = this.film.frames[i];
    if (!frame) return;
    this.show(frame);
    keep(this.family, "film", { film: this.film, step: frame.step, frame: this.film.last });
  }

  // Drawing.

  resize() {
    const { width, height } = this.plot.getBoundingClientRect();
    if (!width || !height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.redraw();
  }

  redraw() {
    this.backdrop = null;
    this.dirty = true;
  }

  // How the square lies on the canvas: in place, once in the middle; as a journey, moving from left to right with time.
  view() {
    const { width, height } = this.canvas;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const journey = this.layout === "journey";
    const scale = journey ? Math.min(height / (2 * HALF), width / (4 * SPREAD + 0.6)) : Math.min(width, height) / (2 * HALF);
    const left = journey ? Math.max(SPREAD * scale, width * 0.2) : width / 2;
    const right = journey ? width - Math.max(SPREAD * scale, width * 0.22) : width / 2;
    const middle = (t) => left + (right - left) * t;
    return {
      scale, journey, middle,
      x: (x, t) => middle(t) + x * scale,
      y: (y) => height / 2 - y * scale,
      dot: Math.max(1.1 * ratio, scale * 0.026),
      line: Math.max(1, ratio * 1.1),
      ratio,
    };
  }

  tick() {
    // A hidden tab's canvas has no size: nothing is drawn, and nothing is lost.
    if (this.dirty && this.canvas.width && this.root.offsetParent !== null) {
      this.dirty = false;
      this.draw();
      this.drawn += 1;
      this.root.dataset.frames = this.drawn;
    }
    requestAnimationFrame(() => this.tick());
  }

  draw() {
    const g = this.canvas.getContext("2d");
    const view = this.view(), palette = colours();
    g.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.shown) return;
    const layers = this.film.layers(this.shown);
    g.drawImage((this.backdrop ??= this.paintBackdrop(layers, view, palette)), 0, 0);
    for (const name of Object.keys(this.layers).reverse()) {
      const layer = layers[name];
      if (!layer || name === "data" || !this.on.has(name)) continue;
      // What was measured at one time is drawn at that time.
      const t = layer.times.length > 1 || name === "exact" ? this.time : (layer.times[0] ?? this.shown.time ?? 1);
      PAINTERS[layer.kind](g, layer, view, t, palette);
    }
    if (this.trace) this.paintTrace(g, view, palette);
  }

  // What doesn't move: the data, and in a journey the noise. Painted once for a size, a theme and a data set.
  paintBackdrop(layers, view, palette) {
    const canvas = document.createElement("canvas");
    canvas.width = this.canvas.width;
    canvas.height = this.canvas.height;
    const g = canvas.getContext("2d");
    const left = view.middle(0), centre = view.y(0);
    if (view.journey) {
      g.fillStyle = palette.noise;
      g.globalAlpha = 0.11;
      for (const sigma of [3, 2.5, 2, 1.5, 1, 0.5]) {
        g.beginPath();
        g.arc(left, centre, sigma * view.scale, 0, 6.2832);
        g.fill();
      }
    } else {
      g.strokeStyle = palette.line;
      g.lineWidth = view.ratio;
      g.strokeRect(view.x(-HALF, 1) + 0.5, view.y(HALF) + 0.5, 2 * HALF * view.scale - 1, 2 * HALF * view.scale - 1);
    }
    g.globalAlpha = 1;
    if (layers.data && this.on.has("data")) {
      PAINTERS.points(g, layers.data, view, 1, palette, { alpha: 0.045, size: 4.5 });
      PAINTERS.points(g, layers.data, view, 1, palette, { alpha: 0.5, size: 0.85 });
    }
    if (view.journey) {
      g.fillStyle = palette.soft;
      g.font = `${13 * view.ratio}px system-ui, sans-serif`;
      g.textAlign = "center";
      g.fillText("noise", left, canvas.height - 12 * view.ratio);
      g.fillText("data", view.middle(1), canvas.height - 12 * view.ratio);
    }
    return canvas;
  }

  paintTrace(g, view, palette) {
    const { path, times, here } = this.trace;
    g.strokeStyle = palette.ink;
    g.lineWidth = 2.2 * view.ratio;
    g.lineJoin = "round";
    g.beginPath();
    path.forEach(([x, y], i) => g.lineTo(view.x(x, times[i]), view.y(y)));
    g.stroke();
    const ends = [[path[0], 0, palette.noise], [path[path.length - 1], 1, palette.samples], [here.x, here.t, palette.ink]];
    for (const [[x, y], t, colour] of ends) {
      g.fillStyle = colour;
      g.strokeStyle = palette.card;
      g.beginPath();
      g.arc(view.x(x, t), view.y(y), 5.5 * view.ratio, 0, 6.2832);
      g.fill();
      g.stroke();
    }
  }
}

// Keys work wherever the focus is, except where they mean something else.
document.addEventListener("keydown", (event) => {
  const stage = openStage();
  const busy = event.target.closest?.("input, textarea, select, button, dialog, [contenteditable], .pad");
  if (!stage || event.ctrlKey || event.metaKey || event.altKey) return;
  if (busy && !(event.target.matches("button.chip, .go") && event.key !== " ")) return;
  if (stage.transport.key(event.key)) event.preventDefault();
});
