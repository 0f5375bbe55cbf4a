// How each kind of layer is painted. `view` maps the square to the canvas (see views in stage.js).

import { at, bracket, HALF } from "./codec.js";

export const PAINTERS = { points, paths, arrows, heat };

// Points, at time t if they have times. Squares of a few pixels: thousands of arcs would be slow.
function points(g, layer, view, t, colours, { alpha = 0.75, size = 1 } = {}) {
  const xy = at(layer, t);
  const side = view.dot * size;
  g.globalAlpha = alpha;
  for (const [colour, has] of groups(layer, colours)) {
    g.fillStyle = colour;
    g.beginPath();
    for (let i = 0; i < layer.n; i++) {
      if (!has(i)) continue;
      const x = view.x(xy[2 * i], t), y = view.y(xy[2 * i + 1]);
      g.moveTo(x + side, y);
      g.arc(x, y, side, 0, 6.2832);
    }
    g.fill();
  }
  g.globalAlpha = 1;
}

function groups(layer, colours) {
  if (!layer.labels) return [[colours[layer.colour], () => true]];
  const classes = [...new Set(layer.labels)].sort();
  return classes.map((label) => [colours.classes[label % 4], (i) => layer.labels[i] === label]);
}

// Paths: walked so far in full colour, still to walk faintly.
function paths(g, layer, view, t, colours) {
  const k = layer.times.length, size = 2 * layer.n;
  const [before] = bracket(layer.times, t);
  const here = at(layer, t);
  g.strokeStyle = colours[layer.colour];
  g.lineWidth = view.line;
  g.lineJoin = "round";
  const place = (step, i) => [view.x(layer.xy[step * size + 2 * i], layer.times[step]), view.y(layer.xy[step * size + 2 * i + 1])];
  g.globalAlpha = 0.14;
  g.beginPath();
  for (let i = 0; i < layer.n; i++) {
    g.moveTo(...place(0, i));
    for (let step = 1; step < k; step++) g.lineTo(...place(step, i));
  }
  g.stroke();
  g.globalAlpha = 0.6;
  g.beginPath();
  for (let i = 0; i < layer.n; i++) {
    g.moveTo(...place(0, i));
    for (let step = 1; step <= before; step++) g.lineTo(...place(step, i));
    g.lineTo(view.x(here[2 * i], t), view.y(here[2 * i + 1]));
  }
  g.stroke();
  g.globalAlpha = 1;
}

function slice(layer, values, per, t) {
  const [before, after, share] = bracket(layer.times, t);
  const size = layer.n * layer.n * per;
  const a = before * size, b = after * size;
  return (i) => values[a + i] + share * (values[b + i] - values[a + i]);
}

// Arrows on a grid; the longest of all times is as long as 1.4 cells.
function arrows(g, layer, view, t, colours) {
  const value = slice(layer, layer.uv, 2, t);
  const cell = (2 * HALF) / layer.n;
  g.strokeStyle = colours[layer.colour];
  g.lineWidth = view.line;
  g.globalAlpha = 0.65;
  g.beginPath();
  for (let row = 0; row < layer.n; row++)
    for (let column = 0; column < layer.n; column++) {
      const i = 2 * (row * layer.n + column);
      // Square roots of lengths: slow and fast places are both readable.
      const u = value(i) / 127, v = value(i + 1) / 127;
      const length = Math.hypot(u, v);
      if (length < 0.004) continue;
      const scale = (1.15 * cell * Math.sqrt(length)) / length;
      const x = -HALF + (column + 0.5) * cell, y = -HALF + (row + 0.5) * cell;
      const dx = (u * scale) / 2, dy = (v * scale) / 2;
      const x0 = view.x(x - dx, t), y0 = view.y(y - dy), x1 = view.x(x + dx, t), y1 = view.y(y + dy);
      g.moveTo(x0, y0);
      g.lineTo(x1, y1);
      const hx = (x1 - x0) * 0.3, hy = (y1 - y0) * 0.3;
      g.moveTo(x1 - hx - hy * 0.6, y1 - hy + hx * 0.6);
      g.lineTo(x1, y1);
      g.lineTo(x1 - hx + hy * 0.6, y1 - hy - hx * 0.6);
    }
  g.stroke();
  g.globalAlpha = 1;
}

let small; // one canvas for all heat maps; the browser smooths it when it is drawn larger

function heat(g, layer, view, t, colours) {
  const value = slice(layer, layer.values, 1, t);
  const n = layer.n;
  small ??= document.createElement("canvas");
  small.width = small.height = n;
  const context = small.getContext("2d");
  const image = context.createImageData(n, n);
  const [r, green, b] = rgb(colours.accent);
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const to = 4 * ((n - 1 - row) * n + column);
      image.data[to] = r;
      image.data[to + 1] = green;
      image.data[to + 2] = b;
      image.data[to + 3] = value(row * n + column) * 0.62;
    }
  context.putImageData(image, 0, 0);
  const left = view.x(-HALF, t), top = view.y(HALF);
  g.imageSmoothingEnabled = true;
  g.drawImage(small, left, top, view.x(HALF, t) - left, view.y(-HALF) - top);
}

function rgb(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
