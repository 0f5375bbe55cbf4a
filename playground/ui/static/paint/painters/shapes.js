// Shapes: straight lines, ellipses, a warped grid, and texts.

import { HALF } from "../geometry.js";
import { at, between } from "../interpolation.js";
import { arrow } from "./heat-and-arrows.js";

// Straight lines between two points each, at time t if they have times. Where each has an opacity, each is a path of its
// own. In a journey, the ends may lie at another time.
export function rays(g, piece, view, t, palette) {
  const { n, opacity, ends = t, size = 1 } = piece;
  const from = at(piece, t);
  const to = at({ ...piece, xy: piece.to }, t);
  g.strokeStyle = palette[piece.colour];
  g.lineWidth = view.line * size;
  g.globalAlpha = size === 1 ? 0.5 : 0.9;
  const shown = opacity && between(piece, opacity, 1, t);
  const line = (i) => {
    const [x0, y0] = [view.x(from[2 * i], t), view.y(from[2 * i + 1])];
    const [x1, y1] = [view.x(to[2 * i], ends), view.y(to[2 * i + 1])];
    if (piece.heads) {
      const length = Math.hypot(x1 - x0, y1 - y0) || 1;
      arrow(g, x0, y0, x1, y1, Math.min(0.4 * length, 5 * size * view.ratio) / length);
    } else {
      g.moveTo(x0, y0);
      g.lineTo(x1, y1);
    }
  };
  g.beginPath();
  for (let i = 0; i < n; i++) {
    if (shown) {
      if (shown[i] < FAINTEST) continue;
      g.globalAlpha = shown[i] / 255;
      g.beginPath();
    }
    line(i);
    if (shown) g.stroke();
  }
  if (!shown) g.stroke();
  g.globalAlpha = 1;
}

const FAINTEST = 2; // of 255: fainter lines are not painted

const ARC = Array.from({ length: 65 }, (_, i) => [Math.cos((i * Math.PI) / 32), Math.sin((i * Math.PI) / 32)]);

// Ellipses, true to scale: centre + cos φ · first + sin φ · second.
export function ellipses(g, piece, view, t, palette) {
  const { xy, first, second, labels, n } = piece;
  g.lineWidth = view.line;
  for (let i = 0; i < n; i++) {
    const colour = labels ? palette.classes[labels[i] % palette.classes.length] : palette[piece.colour];
    const [x, y] = [xy[2 * i], xy[2 * i + 1]];
    const [a, b] = [first[2 * i] - x, first[2 * i + 1] - y];
    const [c, d] = [second[2 * i] - x, second[2 * i + 1] - y];
    g.beginPath();
    for (const [cos, sin] of ARC) g.lineTo(view.x(x + cos * a + sin * c, t), view.y(y + cos * b + sin * d));
    g.fillStyle = colour;
    g.strokeStyle = colour;
    g.globalAlpha = 0.1;
    g.fill();
    g.globalAlpha = 0.75;
    g.stroke();
  }
  g.globalAlpha = 1;
}

// A warped grid: cells by their opacity, then its lines.
export function mesh(g, piece, view, t, palette) {
  const { xy, n, opacity, colour } = piece;
  const place = (i, j) => [view.x(xy[2 * (i * n + j)], t), view.y(xy[2 * (i * n + j) + 1])];
  g.fillStyle = palette[colour];
  g.strokeStyle = palette[colour];
  for (let i = 0; i + 1 < n; i++)
    for (let j = 0; j + 1 < n; j++) {
      g.globalAlpha = (opacity[i * (n - 1) + j] / 255) * 0.6;
      g.beginPath();
      g.moveTo(...place(i, j));
      g.lineTo(...place(i, j + 1));
      g.lineTo(...place(i + 1, j + 1));
      g.lineTo(...place(i + 1, j));
      g.fill();
    }
  g.globalAlpha = 0.45;
  g.lineWidth = view.line * 0.7;
  g.beginPath();
  for (let i = 0; i < n; i++) {
    g.moveTo(...place(i, 0));
    for (let j = 1; j < n; j++) g.lineTo(...place(i, j));
    g.moveTo(...place(0, i));
    for (let j = 1; j < n; j++) g.lineTo(...place(j, i));
  }
  g.stroke();
  g.globalAlpha = 1;
}

const RING = 9; // CSS pixels
const ABOVE = 14; // from the middle of a ring to the foot of its text
const ROWS = 3; // that a text may be farther away to find room

// A ring and a text at each position. Texts stay within their panel and evade each other.
export function marks(g, piece, view, t, palette) {
  const { ratio } = view;
  const size = Math.max(9, Math.min(12, (0.4 * view.scale) / ratio)) * ratio;
  g.strokeStyle = palette[piece.colour];
  g.lineWidth = 2 * ratio;
  g.font = `600 ${size}px system-ui, sans-serif`;
  g.textAlign = "center";
  const xy = at(piece, t);
  const rings = Array.from({ length: piece.n }, (_, i) => [view.x(xy[2 * i], t), view.y(xy[2 * i + 1])]);
  for (const [x, y] of rings) {
    g.beginPath();
    g.arc(x, y, RING * ratio, 0, 6.2832);
    g.stroke();
  }
  g.fillStyle = palette[piece.colour];
  g.strokeStyle = palette.card;
  g.lineWidth = 3 * ratio;
  const taken = [];
  for (const [i, [x, y]] of rings.entries()) {
    if (!piece.texts[i]) continue;
    const place = freePlace(x, y, g.measureText(piece.texts[i]).width, size, view, taken);
    taken.push(place);
    g.strokeText(piece.texts[i], place.x, place.y);
    g.fillText(piece.texts[i], place.x, place.y);
  }
}

// Where a text is to stand, {x, y, half, size}: over its ring or under it, as near as the texts before leave room.
function freePlace(x, y, width, size, view, taken) {
  const half = width / 2;
  const [left, right] = [view.x(-HALF, 1) + half + 2, view.x(HALF, 1) - half - 2];
  const [top, bottom] = [view.y(HALF) + size, view.y(-HALF) - 2];
  const within = view.moving || left > right ? x : Math.min(right, Math.max(left, x));
  const places = Array.from({ length: ROWS }, (_, row) => [
    y - ABOVE * view.ratio - row * size,
    y + ABOVE * view.ratio + (row + 0.8) * size,
  ]).flat();
  const free = (at) =>
    at >= top &&
    at <= bottom &&
    taken.every((o) => Math.abs(o.x - within) >= o.half + half + 4 || Math.abs(o.y - at) >= size);
  return { x: within, y: places.find(free) ?? places[0], half, size };
}
