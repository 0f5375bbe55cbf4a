// Drawings as plain points: packed into one number each for the pad, x | y << 12 | class << 24, and as text for links.

import { HALF } from "../paint/geometry.js";

const STEPS = 512; // a unit, as in drawings.py
export const MAX_POINTS = 20_000;
const MAX_LINK = 8_000;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const step = (v) => Math.min(4095, Math.floor((Math.fround(v) + HALF) * STEPS + 0.5));
export const inside = (v) => v >= -HALF && v <= HALF; // false for NaN
export const pack = (x, y, label) => step(x) | (step(y) << 12) | (label << 24);
export const xOf = (p) => (p & 4095) / STEPS - HALF;
export const yOf = (p) => ((p >> 12) & 4095) / STEPS - HALF;
export const labelOf = (p) => p >>> 24;

// Links: the twin of Drawing.encode and Drawing.decode in playground/data/drawings.py, where the format is described.

const write = (numbers) => numbers.map((k) => DIGITS[k >> 6] + DIGITS[k & 63]).join("");
const read = (text) => text.match(/../g)?.map((pair) => DIGITS.indexOf(pair[0]) * 64 + DIGITS.indexOf(pair[1])) ?? [];

const allSame = (points) => points.every(([x, y]) => x === points[0][0] && y === points[0][1]);

/** The most points without labels that fit into a link. */
export const mostInLink = (onCanvas) => (onCanvas ? MAX_LINK / 4 : (MAX_LINK * 3) / 4 / 8);

/** Points [[x, y], …] with their labels (or null) as text for a link; null if it is too long, or if all points of a
 * drawing coincide. */
export function encode(points, labels = null, onCanvas = true) {
  if (points.length > mostInLink(onCanvas)) return null;
  const steps = onCanvas && points.map((point) => point.map(step));
  if (onCanvas && (!points.flat().every(inside) || allSame(steps))) return null;
  const runs = []; // label * 1024 + length - 1
  for (const label of labels ?? []) {
    const last = runs.length - 1;
    if (last >= 0 && runs[last] >> 10 === label && (runs[last] & 1023) < 1023) runs[last]++;
    else runs.push(label << 10);
  }
  const text = (onCanvas ? write(steps.flat()) : floats(points)) + (labels ? `.${write(runs)}` : "");
  return text.length <= MAX_LINK ? text : null;
}

// Points in data coordinates, exactly, as 32-bit floats.
function floats(points) {
  const view = new DataView(new ArrayBuffer(8 * points.length));
  for (const [i, value] of points.flat().entries()) view.setFloat32(4 * i, value, true);
  const text = String.fromCharCode(...new Uint8Array(view.buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** {points, labels} of a drawing's text; labels are null if it has none. Throws an Error for any other text. */
export function decode(text) {
  if (text.length > MAX_LINK) throw new Error("The drawing in this link is too long.");
  const [first, second] = text.split(".");
  const steps = read(first).map((k) => k / STEPS - HALF);
  const points = steps.flatMap((x, i) => (i % 2 ? [] : [[x, steps[i + 1]]]));
  const labels = second && read(second).flatMap((run) => Array((run & 1023) + 1).fill(run >> 10));
  const wellFormed = /^([\w-]{4})+(\.([\w-]{2})+)?$/.test(text);
  if (!wellFormed || allSame(points) || (labels && labels.length !== points.length)) {
    throw new Error("The drawing in this link is damaged.");
  }
  return { points, labels: labels ?? null };
}
