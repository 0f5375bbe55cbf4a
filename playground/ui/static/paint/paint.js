// What the Stage's canvas shows: its squares side by side, the data behind everything, the layers, and what is pointed out.

import { HALF } from "./codec.js";
import { PAINTERS } from "./painters.js";
import { colours } from "../page/bus.js";

const SPREAD = 3.3; // half the width that data or noise takes: what a journey keeps clear of the other end
const GAP = 0.25; // between two squares, in units of the square
const HEAD = 22; // pixels above a row of squares for their titles, if they have any

export class Painting {
  constructor(stage) {
    this.stage = stage;
    this.plot = stage.root.querySelector(".plot");
    this.canvas = this.plot.querySelector("canvas");
    this.backdrop = null;
    this.headed = false; // whether squares have titles
    new ResizeObserver(() => this.resize()).observe(this.plot);
  }

  resize() {
    const { width, height } = this.plot.getBoundingClientRect();
    if (!width || !height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.stage.resized();
  }

  // How one square lies on the canvas. In a journey it moves from left to right with time; else the squares stand side by
  // side, in as many rows as make them largest.
  view(panel = 0, panels = this.panels().length) {
    const { width, height } = this.canvas;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    if (this.stage.layout.moving) {
      const scale = Math.min(height / (2 * HALF), width / (4 * SPREAD + 0.6));
      const left = Math.max(SPREAD * scale, width * 0.2), right = width - Math.max(SPREAD * scale, width * 0.22);
      return lay(scale, (t) => left + (right - left) * t, height / 2, ratio, true);
    }
    const head = this.headed ? HEAD * ratio : 0;
    let best = { scale: 0 };
    for (let columns = 1; columns <= panels; columns++) {
      const rows = Math.ceil(panels / columns);
      const scale = Math.min(width / (columns * (2 * HALF + GAP) - GAP), (height - rows * head) / (rows * (2 * HALF + GAP) - GAP));
      if (scale > best.scale) best = { scale, columns, rows };
    }
    const { scale, columns, rows } = best;
    const pitch = (2 * HALF + GAP) * scale;
    const column = panel % columns, row = Math.floor(panel / columns);
    const x = width / 2 + (column - (columns - 1) / 2) * pitch, y = (height + head) / 2 + (row - (rows - 1) / 2) * (pitch + head);
    return lay(scale, () => x, y, ratio, false);
  }

  // The titles of the squares: those of the layout, and those that layers bring along; or two runs side by side.
  panels() {
    const { film, shown, compares } = this.stage;
    if (compares) {
      const { before } = film, over = shown && before.last.step < shown.step;
      return [`as it was${over ? `, step ${before.last.step.toLocaleString("en")}` : ""}`, film.title.toLowerCase()];
    }
    const titles = [...this.stage.layout.panels];
    for (const part of this.parts()) {
      titles[part.panel ?? 0] ??= "";
      if (part.title) titles[part.panel ?? 0] = part.title;
    }
    return Array.from(titles, (title) => title ?? "");
  }

  // What is painted: all layers that are on, and what is pointed out.
  parts() {
    return [...this.shown(), ...this.pointedOut()];
  }

  pointedOut() {
    return Object.values(this.stage.pointedOut ?? {}).flat();
  }

  // The pieces of all layers that are on, in the order of painting.
  shown() {
    const { stage } = this;
    if (!stage.shown) return [];
    const { film, shown } = stage;
    if (!stage.compares) return this.pieces(film, shown);
    const first = (pieces, panel) => pieces.filter((part) => !part.panel).map((part) => ({ ...part, panel, title: "" }));
    return [...first(this.pieces(film.before, film.before.at(shown.step)), 0), ...first(this.pieces(film, shown), 1)];
  }

  pieces(film, frame) {
    const { stage } = this;
    const layers = film.layers(frame);
    return Object.keys(stage.layers)
      .reverse()
      .filter((name) => name !== "data" && stage.on.has(name) && stage.suits(name))
      .flatMap((name) => layers[name] ?? []);
  }

  draw() {
    const { stage, canvas } = this;
    const g = canvas.getContext("2d");
    const palette = colours();
    g.clearRect(0, 0, canvas.width, canvas.height);
    if (!stage.shown) return;
    const titles = this.panels();
    this.headed = titles.some(Boolean);
    const views = titles.map((_, panel) => this.view(panel, titles.length));
    if (this.backdrop?.key !== titles.join("|")) this.backdrop = this.paintBackdrop(titles, views, palette);
    g.drawImage(this.backdrop.canvas, 0, 0);
    const paint = (part) => {
      // What was measured at one time is drawn at that time.
      const t = part.times.length > 1 ? stage.time : (part.times[0] ?? stage.shown.time ?? 1);
      inside(g, views[part.panel ?? 0], () => PAINTERS[part.kind](g, part, views[part.panel ?? 0], t, palette));
    };
    this.shown().forEach(paint);
    if (stage.root.classList.contains("plays")) for (const view of views) paintVeil(g, view, palette);
    this.pointedOut().forEach(paint);
    // Titles stand above their squares, since tiles and heat maps fill these.
    views.forEach((view, i) => titles[i] && !view.journey && write(g, titles[i], view.x(0, 1), view.y(HALF) - 7 * view.ratio, view, palette));
    if (stage.trace) this.paintTrace(g, views[0], palette);
  }

  // What doesn't move: frames, titles, the data, and in a journey the noise. Painted once for a size, a theme and a set.
  paintBackdrop(titles, views, palette) {
    const canvas = document.createElement("canvas");
    canvas.width = this.canvas.width;
    canvas.height = this.canvas.height;
    const g = canvas.getContext("2d");
    const { stage } = this;
    const { data } = stage.film.layers(stage.shown);
    views.forEach((view, panel) => {
      if (view.journey) paintNoise(g, view, palette);
      else paintFrame(g, view, palette);
      const behind = stage.compares || stage.layout.data === null || stage.layout.data.includes(panel);
      if (data && behind && stage.on.has("data"))
        inside(g, view, () => {
          if (data.kind !== "points") return PAINTERS[data.kind](g, data, view, 1, palette);
          PAINTERS.points(g, data, view, 1, palette, { alpha: 0.045, size: 4.5 });
          PAINTERS.points(g, data, view, 1, palette, { alpha: 0.5, size: 0.85 });
        });
      if (view.journey) {
        write(g, "noise", view.middle(0), canvas.height - 12 * view.ratio, view, palette);
        write(g, "data", view.middle(1), canvas.height - 12 * view.ratio, view, palette);
      }
    });
    return { canvas, key: titles.join("|") };
  }

  paintTrace(g, view, palette) {
    const { path, times, here } = this.stage.trace;
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

// Places of the square to places on the canvas.
function lay(scale, middle, y, ratio, journey) {
  return {
    scale, journey, middle, ratio,
    x: (x, t) => middle(t) + x * scale,
    y: (v) => y - v * scale,
    dot: Math.max(1.1 * ratio, scale * 0.026),
    line: Math.max(1, ratio * 1.1),
  };
}

// Paint within a square, so that nothing spills into its neighbour.
function inside(g, view, paint) {
  if (view.journey) return paint();
  g.save();
  g.beginPath();
  g.rect(view.x(-HALF, 1), view.y(HALF), 2 * HALF * view.scale, 2 * HALF * view.scale);
  g.clip();
  paint();
  g.restore();
}

function paintFrame(g, view, palette) {
  g.strokeStyle = palette.line;
  g.lineWidth = view.ratio;
  g.strokeRect(view.x(-HALF, 1) + 0.5, view.y(HALF) + 0.5, 2 * HALF * view.scale - 1, 2 * HALF * view.scale - 1);
}

// Everything steps back behind an answer that plays.
function paintVeil(g, view, palette) {
  g.globalAlpha = 0.6;
  g.fillStyle = palette.card;
  inside(g, view, () => g.fillRect(0, 0, g.canvas.width, g.canvas.height));
  g.globalAlpha = 1;
}

function paintNoise(g, view, palette) {
  g.fillStyle = palette.noise;
  g.globalAlpha = 0.11;
  for (const sigma of [3, 2.5, 2, 1.5, 1, 0.5]) {
    g.beginPath();
    g.arc(view.middle(0), view.y(0), sigma * view.scale, 0, 6.2832);
    g.fill();
  }
  g.globalAlpha = 1;
}

function write(g, text, x, y, view, palette) {
  g.fillStyle = palette.soft;
  g.font = `${13 * view.ratio}px system-ui, sans-serif`;
  g.textAlign = "center";
  g.strokeStyle = palette.card;
  g.lineWidth = 3 * view.ratio;
  g.strokeText(text, x, y);
  g.fillText(text, x, y);
}
