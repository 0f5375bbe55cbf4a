// Small pictures of data: points, or images.

import { isDark, palette } from "../../page/palette.js";
import { decodeLayers } from "../../paint/codec.js";
import { HALF, layOut } from "../../paint/geometry.js";
import { tiles as paintTiles } from "../../paint/painters/tiles.js";
import { extents } from "./axes.js";

const UNIT = 255; // the value of 1 in a set's thumbnail
const DOT = 2.2;
const MARGIN = 8;
const FILLED = 0.85; // of the canvas

/** A set's {thumbnail: [x, y, …]} in 0 … UNIT or, of images, {tiles} (see playground.ui.schema). */
export function ofSet(canvas, { thumbnail, tiles }) {
  if (tiles) return ofImages(canvas, tiles);
  const points = [];
  for (let i = 0; i < thumbnail.length; i += 2) points.push([thumbnail[i] / UNIT, 1 - thumbnail[i + 1] / UNIT]);
  dots(canvas, points);
}

/** Points in canvas coordinates. */
export function ofDrawing(canvas, points) {
  dots(
    canvas,
    points.map(([x, y]) => [(x + HALF) / (2 * HALF), (HALF - y) / (2 * HALF)]),
  );
}

/** Points in any coordinates: the longer axis fills the canvas. */
export function ofPoints(canvas, points) {
  const axes = extents(points);
  const longest = Math.max(...axes.map(([low, high]) => high - low)) || 1;
  const [x, y] = axes.map(([low, high]) => (low + high) / 2);
  const place = (value, middle) => 0.5 + ((value - middle) / longest) * FILLED;
  dots(
    canvas,
    points.map((point) => [place(point[0], x), 1 - place(point[1], y)]),
  );
}

// Points in 0 … 1, y down.
function dots(canvas, points) {
  const g = cleared(canvas);
  g.globalAlpha = isDark() ? 0.75 : 0.6;
  for (const [x, y] of points) g.fillRect(x * canvas.width - DOT / 2, y * canvas.height - DOT / 2, DOT, DOT);
}

// Images that fill a panel, as encoded.
function ofImages(canvas, tiles) {
  const g = cleared(canvas);
  const side = canvas.width - 2 * MARGIN;
  g.setTransform(1, 0, 0, 1, MARGIN, MARGIN);
  const [view] = layOut({ panels: [{ title: "" }] }, side, side, 1);
  paintTiles(g, decodeLayers({ tiles }).tiles, view, 1, palette());
  g.setTransform(1, 0, 0, 1, 0, 0);
}

function cleared(canvas) {
  const g = canvas.getContext("2d");
  g.clearRect(0, 0, canvas.width, canvas.height);
  g.fillStyle = palette().data;
  return g;
}
