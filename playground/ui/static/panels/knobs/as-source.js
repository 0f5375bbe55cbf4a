// Points as the source of a flow: on the canvas, and few enough for a link beside the data.

import { decode, encode } from "../../pad/drawing.js";

const MOST = 1000;
const FILL = 3.2; // the twin of playground.data.canvas.Normalizer

/** The text of a drawing of these data, {points, on_canvas}. */
export function asSource({ points, on_canvas: onCanvas = true }) {
  const all = typeof points === "string" ? decode(points).points : points;
  const few = Math.max(1, all.length / MOST);
  const kept = Array.from({ length: Math.floor(all.length / few) }, (_, i) => all[Math.floor(i * few)]);
  return encode(onCanvas ? kept : fitted(kept));
}

// The middle of the points' box to 0, its longer side to ±FILL.
function fitted(points) {
  const [x, y] = [0, 1].map((k) => {
    const values = points.map((point) => point[k]);
    return [Math.min(...values), Math.max(...values)];
  });
  const scale = (2 * FILL) / Math.max(x[1] - x[0], y[1] - y[0]);
  const middle = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
  return points.map((point) => point.map((v, k) => (v - middle[k]) * scale));
}
