// Fields on a grid: arrows, and heat maps with the line on which a value is met.

import { bracket, HALF } from "./codec.js";

function slice(layer, values, per, t) {
  const [before, after, share] = bracket(layer.times, t);
  const size = layer.n * layer.n * per;
  const a = before * size, b = after * size;
  return (i) => values[a + i] + share * (values[b + i] - values[a + i]);
}

// Arrows on a grid; the longest of all times is as long as 1.4 cells.
export function arrows(g, layer, view, t, colours) {
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

export function heat(g, layer, view, t, colours) {
  const value = slice(layer, layer.values, 1, t);
  const n = layer.n;
  small ??= document.createElement("canvas");
  small.width = small.height = n;
  const context = small.getContext("2d");
  const image = context.createImageData(n, n);
  const above = rgb(colours[layer.middle === undefined ? layer.colour : "data"]), below = rgb(colours.samples);
  const shade = shader(layer);
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const to = 4 * ((n - 1 - row) * n + column);
      const [side, alpha] = shade(value(row * n + column));
      image.data.set(side ? above : below, to);
      image.data[to + 3] = alpha;
    }
  context.putImageData(image, 0, 0);
  const left = view.x(-HALF, t), top = view.y(HALF);
  g.imageSmoothingEnabled = true;
  g.drawImage(small, left, top, view.x(HALF, t) - left, view.y(-HALF) - top);
  if (layer.middle !== undefined) line(g, layer, value, view, t, colours);
}

// The side and the opacity of a value of 0 … 255: one colour from nothing to much, or two from a middle outwards.
function shader({ low, high, middle }) {
  if (middle === undefined) return (v) => [true, v * 0.62];
  const span = Math.max(high - middle, middle - low) || 1;
  return (v) => {
    const from = (low + (v / 255) * (high - low) - middle) / span;
    return [from >= 0, 140 * Math.sqrt(Math.min(1, Math.abs(from)))];
  };
}

// Where the map meets its middle: marching squares between the centres of the cells.
function line(g, layer, value, view, t, colours) {
  const { n, low, high, middle } = layer;
  const cell = (2 * HALF) / n, level = ((middle - low) / (high - low || 1)) * 255;
  const place = (i) => -HALF + (i + 0.5) * cell;
  const cross = (a, b) => (level - a) / (b - a);
  g.strokeStyle = colours.ink;
  g.lineWidth = 1.8 * view.ratio;
  g.beginPath();
  for (let row = 0; row + 1 < n; row++)
    for (let column = 0; column + 1 < n; column++) {
      const i = row * n + column;
      const [a, b, c, d] = [value(i), value(i + 1), value(i + n + 1), value(i + n)];
      const ends = [];
      if (a < level !== b < level) ends.push([column + cross(a, b), row]);
      if (b < level !== c < level) ends.push([column + 1, row + cross(b, c)]);
      if (d < level !== c < level) ends.push([column + cross(d, c), row + 1]);
      if (a < level !== d < level) ends.push([column, row + cross(a, d)]);
      for (let k = 0; k + 1 < ends.length; k += 2) {
        g.moveTo(view.x(place(ends[k][0]), t), view.y(place(ends[k][1])));
        g.lineTo(view.x(place(ends[k + 1][0]), t), view.y(place(ends[k + 1][1])));
      }
    }
  g.stroke();
}

function rgb(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
