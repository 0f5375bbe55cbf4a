// How each kind of layer is painted. `view` maps the square to the canvas (see painting.js).

import { at, bracket } from "./codec.js";
import { arrows, heat } from "./heat-and-arrows.js";
import { ellipses, marks, mesh, rays, tiles } from "./shapes.js";

export const PAINTERS = { points, paths, arrows, heat, rays, ellipses, mesh, marks, tiles };

// Points, at time t if they have times. Squares of a few pixels: thousands of arcs would be slow.
function points(g, layer, view, t, colours, { alpha = 0.75, size = 1 } = {}) {
  const xy = at(layer, t);
  const side = view.dot * size * (layer.size ?? 1);
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
  return classes.map((label) => [colours.classes[label % colours.classes.length], (i) => layer.labels[i] === label]);
}

// Paths: walked so far in full colour, still to walk faintly.
function paths(g, layer, view, t, colours) {
  const k = layer.times.length, size = 2 * layer.n;
  const [before, after] = bracket(layer.times, t);
  const [begin, walked] = layer.backwards ? [k - 1, after] : [0, before];
  const here = at(layer, t);
  g.strokeStyle = colours[layer.colour];
  g.lineWidth = view.line * (layer.size ?? 1);
  g.lineJoin = "round";
  const place = (step, i) => [view.x(layer.xy[step * size + 2 * i], layer.times[step]), view.y(layer.xy[step * size + 2 * i + 1])];
  g.globalAlpha = layer.size ? 0.35 : 0.14;
  g.beginPath();
  for (let i = 0; i < layer.n; i++) {
    g.moveTo(...place(0, i));
    for (let step = 1; step < k; step++) g.lineTo(...place(step, i));
  }
  g.stroke();
  g.globalAlpha = layer.size ? 0.9 : 0.6;
  g.beginPath();
  for (let i = 0; i < layer.n; i++) {
    g.moveTo(...place(begin, i));
    for (let step = begin; step !== walked; ) g.lineTo(...place((step += Math.sign(walked - begin)), i));
    g.lineTo(view.x(here[2 * i], t), view.y(here[2 * i + 1]));
  }
  g.stroke();
  g.globalAlpha = 1;
}
