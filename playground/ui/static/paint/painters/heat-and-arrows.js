// Fields on a grid: arrows, and heat maps with a contour line.

import { HALF } from "../geometry.js";
import { bracket } from "../interpolation.js";
import { rgb, scratch } from "../scratch.js";

// Returns the i-th number of a field at time t, interpolated. Each of the n × n cells has `per` numbers.
function slice({ n, times }, values, per, t) {
  const [before, after, share] = bracket(times, t);
  const a = before * n * n * per;
  const b = after * n * n * per;
  return (i) => values[a + i] + share * (values[b + i] - values[a + i]);
}

// Arrows on a grid. The longest over all times is a little longer than a cell.
export function arrows(g, piece, view, t, palette) {
  const { n, uv, colour } = piece;
  const value = slice(piece, uv, 2, t);
  const cell = (2 * HALF) / n;
  g.strokeStyle = palette[colour];
  g.lineWidth = view.line;
  g.globalAlpha = 0.65;
  g.beginPath();
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const i = 2 * (row * n + column);
      // Square roots of lengths, so that slow and fast regions are both visible.
      const u = value(i) / 127;
      const v = value(i + 1) / 127;
      const length = Math.hypot(u, v);
      if (length < 0.004) continue;
      const scale = (1.15 * cell * Math.sqrt(length)) / length;
      const x = -HALF + (column + 0.5) * cell;
      const y = -HALF + (row + 0.5) * cell;
      const dx = (u * scale) / 2;
      const dy = (v * scale) / 2;
      arrow(g, view.x(x - dx, t), view.y(y - dy), view.x(x + dx, t), view.y(y + dy), 0.3);
    }
  g.stroke();
  g.globalAlpha = 1;
}

// A line with an arrowhead; head: its share of the length.
export function arrow(g, x0, y0, x1, y1, head) {
  const hx = (x1 - x0) * head;
  const hy = (y1 - y0) * head;
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.moveTo(x1 - hx - hy * 0.6, y1 - hy + hx * 0.6);
  g.lineTo(x1, y1);
  g.lineTo(x1 - hx + hy * 0.6, y1 - hy - hx * 0.6);
}

// One pixel per cell, on a small canvas that the browser smooths when it is enlarged.
export function heat(g, piece, view, t, palette) {
  const { n, middle } = piece;
  const value = slice(piece, piece.values, 1, t);
  const small = scratch(g, n, n);
  const image = small.createImageData(n, n);
  const shade = shades(piece, palette);
  const colours = Array.from({ length: 256 }, (_, v) => shade(v));
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      image.data.set(colours[Math.round(value(row * n + column))], 4 * ((n - 1 - row) * n + column));
    }
  small.putImageData(image, 0, 0);
  const left = view.x(-HALF, t);
  const top = view.y(HALF);
  g.imageSmoothingEnabled = true;
  g.drawImage(small.canvas, left, top, view.x(HALF, t) - left, view.y(-HALF) - top);
  if (middle !== undefined) contour(g, piece, value, view, t, palette);
}

/** The colours of a map: gives [red, green, blue, opacity] for a value 0 … 255. One colour that grows denser from low to
 * high, or two from the middle outwards. */
export function shades({ colour, below, low, high, middle }, palette) {
  const above = rgb(palette[colour]);
  if (middle === undefined) return (v) => [...above, Math.round(v)];
  const under = rgb(palette[below]);
  const span = Math.max(high - middle, middle - low) || 1;
  return (v) => {
    const from = (low + (v / 255) * (high - low) - middle) / span;
    return [...(from < 0 ? under : above), Math.round(255 * Math.sqrt(Math.min(1, Math.abs(from))))];
  };
}

// The contour line of the middle value, by marching squares between the centres of the cells.
function contour(g, { n, low, high, middle }, value, view, t, palette) {
  const cell = (2 * HALF) / n;
  const level = ((middle - low) / (high - low || 1)) * 255;
  const place = (i) => -HALF + (i + 0.5) * cell;
  const cross = (a, b) => (level - a) / (b - a);
  g.strokeStyle = palette.ink;
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
