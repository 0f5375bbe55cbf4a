// Points, and the paths of points.

import { at, bracket } from "../interpolation.js";

// Points, at time t if they have times. Points of one colour are filled as one path, since thousands of fills are slow.
export function points(g, piece, view, t, palette, { alpha = 0.75, size = 1 } = {}) {
  const xy = at(piece, t);
  const radius = view.dot * size * (piece.size ?? 1);
  g.globalAlpha = alpha;
  for (const [colour, has] of groups(piece, palette)) {
    g.fillStyle = colour;
    g.beginPath();
    for (let i = 0; i < piece.n; i++) {
      if (!has(i)) continue;
      const x = view.x(xy[2 * i], t);
      const y = view.y(xy[2 * i + 1]);
      g.moveTo(x + radius, y);
      g.arc(x, y, radius, 0, 6.2832);
    }
    g.fill();
  }
  g.globalAlpha = 1;
}

function groups({ labels, colour }, palette) {
  if (!labels) return [[palette[colour], () => true]];
  const classes = [...new Set(labels)].sort();
  return classes.map((label) => [palette.classes[label % palette.classes.length], (i) => labels[i] === label]);
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
