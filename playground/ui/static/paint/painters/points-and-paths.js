// Points, and the paths of points.

import { at, bracket } from "../interpolation.js";
import { SHAPES, stampOf } from "./markers.js";

// Points, at time t if they have times. Points of one colour are filled as one path, since thousands of fills are slow.
// Each class has its colour and its shape; all but circles are stamped, since thousands of corners in a path are slow,
// too. halo: a rim in the colour of the paper, for points on a map: squares, which cost a fifth of circles.
export function points(g, piece, view, t, palette, { alpha = 0.75, size = 1, halo = false, shaped = true } = {}) {
  const xy = at(piece, t);
  const radius = view.dot * size * (piece.size ?? 1);
  const each = (draw) => {
    for (let i = 0; i < piece.n; i++) draw(view.x(xy[2 * i], t), view.y(xy[2 * i + 1]), i);
  };
  if (halo) {
    const half = 0.93 * (radius + HALO * view.ratio);
    g.globalAlpha = 0.85;
    g.fillStyle = palette.card;
    g.beginPath();
    each((x, y) => g.rect(x - half, y - half, 2 * half, 2 * half));
    g.fill();
  }
  g.globalAlpha = alpha;
  for (const [colour, shape, has] of groups(piece, palette)) {
    if (shape && shaped) {
      const stamp = stampOf(g, shape, colour, radius);
      const half = stamp.width / 2;
      each((x, y, i) => has(i) && g.drawImage(stamp, x - half, y - half));
      continue;
    }
    g.fillStyle = colour;
    g.beginPath();
    each((x, y, i) => has(i) && circle(g, x, y, radius));
    g.fill();
  }
  g.globalAlpha = 1;
}

const HALO = 0.9; // CSS pixels

function circle(g, x, y, radius) {
  g.moveTo(x + radius, y);
  g.arc(x, y, radius, 0, 6.2832);
}

// Groups of points: [colour, shape, whether a point belongs to it].
function groups({ labels, colour }, palette) {
  if (!labels) return [[palette[colour], 0, () => true]];
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const { length } = palette.classes;
  return classes.map((label) => [palette.classes[label % length], label % SHAPES, (i) => labels[i] === label]);
}

// Paths: in full colour up to time t, faint beyond it.
export function paths(g, piece, view, t, palette) {
  const { xy, times, n, size, backwards, colour } = piece;
  const [before, after] = bracket(times, t);
  const [begin, walked] = backwards ? [times.length - 1, after] : [0, before];
  const here = at(piece, t);
  const place = (step, i) => {
    const k = 2 * (step * n + i);
    return [view.x(xy[k], times[step]), view.y(xy[k + 1])];
  };
  g.strokeStyle = palette[colour];
  g.lineWidth = view.line * (size ?? 1);
  g.lineJoin = "round";
  g.globalAlpha = size ? 0.35 : 0.14;
  g.beginPath();
  for (let i = 0; i < n; i++) {
    g.moveTo(...place(0, i));
    for (let step = 1; step < times.length; step++) g.lineTo(...place(step, i));
  }
  g.stroke();
  g.globalAlpha = size ? 0.9 : 0.6;
  g.beginPath();
  for (let i = 0; i < n; i++) {
    g.moveTo(...place(begin, i));
    const towards = Math.sign(walked - begin);
    for (let step = begin; step !== walked; step += towards) g.lineTo(...place(step + towards, i));
    g.lineTo(view.x(here[2 * i], t), view.y(here[2 * i + 1]));
  }
  g.stroke();
  g.globalAlpha = 1;
}
