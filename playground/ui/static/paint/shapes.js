// Shapes: rays between places, ellipses, a warped grid, words, and small images.

import { at, bracket } from "./codec.js";

// Straight lines from a place to another, at time t if they have times.
export function rays(g, layer, view, t, colours) {
  const from = at(layer, t), to = at({ ...layer, xy: layer.to }, t);
  g.strokeStyle = colours[layer.colour];
  g.lineWidth = view.line;
  g.globalAlpha = 0.5;
  g.beginPath();
  for (let i = 0; i < 2 * layer.n; i += 2) {
    const x0 = view.x(from[i], t), y0 = view.y(from[i + 1]), x1 = view.x(to[i], t), y1 = view.y(to[i + 1]);
    g.moveTo(x0, y0);
    g.lineTo(x1, y1);
    if (!layer.heads) continue;
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const reach = Math.min(0.4 * length, 5 * view.ratio) / length;
    const hx = (x1 - x0) * reach, hy = (y1 - y0) * reach;
    g.moveTo(x1 - hx - hy * 0.6, y1 - hy + hx * 0.6);
    g.lineTo(x1, y1);
    g.lineTo(x1 - hx + hy * 0.6, y1 - hy - hx * 0.6);
  }
  g.stroke();
  g.globalAlpha = 1;
}

const ARC = Array.from({ length: 65 }, (_, i) => [Math.cos((i * Math.PI) / 32), Math.sin((i * Math.PI) / 32)]);

// Ellipses, true to scale: centre + cos φ · first + sin φ · second.
export function ellipses(g, layer, view, t, colours) {
  const { xy, first, second, labels, n } = layer;
  g.lineWidth = view.line;
  for (let i = 0; i < n; i++) {
    const colour = labels ? colours.classes[labels[i] % colours.classes.length] : colours[layer.colour];
    const [x, y] = [xy[2 * i], xy[2 * i + 1]];
    const [a, b] = [first[2 * i] - x, first[2 * i + 1] - y], [c, d] = [second[2 * i] - x, second[2 * i + 1] - y];
    g.beginPath();
    for (const [cos, sin] of ARC) g.lineTo(view.x(x + cos * a + sin * c, t), view.y(y + cos * b + sin * d));
    g.fillStyle = g.strokeStyle = colour;
    g.globalAlpha = 0.1;
    g.fill();
    g.globalAlpha = 0.75;
    g.stroke();
  }
  g.globalAlpha = 1;
}

// A grid that a map has bent: cells by their opacity, then its lines.
export function mesh(g, layer, view, t, colours) {
  const { xy, n, opacity } = layer;
  const x = (i, j) => view.x(xy[2 * (i * n + j)], t), y = (i, j) => view.y(xy[2 * (i * n + j) + 1]);
  g.fillStyle = g.strokeStyle = colours[layer.colour];
  for (let i = 0; i + 1 < n; i++)
    for (let j = 0; j + 1 < n; j++) {
      g.globalAlpha = (opacity[i * (n - 1) + j] / 255) * 0.6;
      g.beginPath();
      g.moveTo(x(i, j), y(i, j));
      g.lineTo(x(i, j + 1), y(i, j + 1));
      g.lineTo(x(i + 1, j + 1), y(i + 1, j + 1));
      g.lineTo(x(i + 1, j), y(i + 1, j));
      g.fill();
    }
  g.globalAlpha = 0.45;
  g.lineWidth = view.line * 0.7;
  g.beginPath();
  for (let i = 0; i < n; i++) {
    g.moveTo(x(i, 0), y(i, 0));
    for (let j = 1; j < n; j++) g.lineTo(x(i, j), y(i, j));
    g.moveTo(x(0, i), y(0, i));
    for (let j = 1; j < n; j++) g.lineTo(x(j, i), y(j, i));
  }
  g.stroke();
  g.globalAlpha = 1;
}

// A ring and a word at each place.
export function marks(g, layer, view, t, colours) {
  g.strokeStyle = g.fillStyle = colours[layer.colour];
  g.lineWidth = 2 * view.ratio;
  g.font = `600 ${Math.max(9, Math.min(12, (0.4 * view.scale) / view.ratio)) * view.ratio}px system-ui, sans-serif`;
  g.textAlign = "center";
  const xy = at(layer, t);
  for (let i = 0; i < layer.n; i++) {
    const x = view.x(xy[2 * i], t), y = view.y(xy[2 * i + 1]);
    g.beginPath();
    g.arc(x, y, 9 * view.ratio, 0, 6.2832);
    g.stroke();
    g.fillText(layer.texts[i], x, y - 14 * view.ratio);
  }
}

let sheet; // one canvas on which a tile is made before it is enlarged

// Grey images at their places, at time t if there are several of each.
export function tiles(g, layer, view, t, colours) {
  const { n, width, height, values, xy } = layer;
  const [before, after, share] = bracket(layer.times, t);
  sheet ??= document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  const context = sheet.getContext("2d", { willReadFrequently: true });
  const image = context.createImageData(width, height);
  const ink = parseInt(colours[layer.colour].slice(1), 16), size = width * height;
  const side = layer.side * view.scale, tall = (side * height) / width;
  g.imageSmoothingEnabled = false;
  for (let i = 0; i < n; i++) {
    const a = (before * n + i) * size, b = (after * n + i) * size;
    for (let k = 0; k < size; k++) {
      image.data[4 * k] = ink >> 16;
      image.data[4 * k + 1] = (ink >> 8) & 255;
      image.data[4 * k + 2] = ink & 255;
      image.data[4 * k + 3] = values[a + k] + share * (values[b + k] - values[a + k]);
    }
    context.putImageData(image, 0, 0);
    if (layer.framed) {
      const frame = [view.x(xy[2 * i], t) - side / 2, view.y(xy[2 * i + 1]) - tall / 2, side, tall];
      g.fillStyle = colours.card;
      g.fillRect(...frame);
      g.strokeStyle = colours.line;
      g.strokeRect(...frame);
    }
    g.drawImage(sheet, view.x(xy[2 * i], t) - side / 2, view.y(xy[2 * i + 1]) - tall / 2, side, tall);
  }
  g.imageSmoothingEnabled = true;
}
