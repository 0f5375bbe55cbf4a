// Drawings as plain points: packed into one number each for the pad, x | y << 12 | class << 24, and as text for links.

import { HALF } from "../paint/geometry.js";

const STEPS = 512; // a unit, as in link_text.py
export const MAX_POINTS = 20_000;
export const MAX_CLASSES = 10;
const MAX_LINK = 8_000;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const step = (v) => Math.min(4095, Math.floor((Math.fround(v) + HALF) * STEPS + 0.5));
export const inside = (v) => v >= -HALF && v <= HALF; // false for NaN
export const pack = (x, y, label) => step(x) | (step(y) << 12) | (label << 24);
export const xOf = (p) => (p & 4095) / STEPS - HALF;
export const yOf = (p) => ((p >> 12) & 4095) / STEPS - HALF;
export const labelOf = (p) => p >>> 24;

// Links: the twin of playground/data/link_text.py, where the format is described.

const write = (numbers) => numbers.map((k) => DIGITS[k >> 6] + DIGITS[k & 63]).join("");
const read = (text) => text.match(/../g)?.map((pair) => DIGITS.indexOf(pair[0]) * 64 + DIGITS.indexOf(pair[1])) ?? [];

const allSame = (points) => points.every(([x, y]) => x === points[0][0] && y === points[0][1]);

/** The most points without labels that fit into a link. */
export const mostInLink = (onCanvas) => (onCanvas ? MAX_LINK / 4 : (MAX_LINK * 3) / 4 / 8);

/** Points [[x, y], …] with their labels (or null) as text for a link; null if it is too long, or if all points of a
 * drawing coincide. origin: that of points in data coordinates; names: the classes' names. */
export function encode(points, labels = null, onCanvas = true, { origin, names } = {}) {
  if (points.length > mostInLink(onCanvas)) return null;
  const steps = onCanvas && points.map((point) => point.map(step));
  if (onCanvas && (!points.flat().every(inside) || allSame(steps))) return null;
  const few = labels?.every((label) => label < 4);
  const parts = [
    onCanvas ? write(steps.flat()) : base64(new Float32Array(points.flat())),
    few ? write(runs(labels, 1024)) : "",
    labels && !few ? write(runs(labels, 256)) : "",
    origin?.some((v) => v) ? base64(new Float64Array(origin)) : "",
    names ? base64(new TextEncoder().encode(names.join("\n"))) : "",
  ];
  const text = parts.join(".").replace(/\.+$/, "");
  return text.length <= MAX_LINK ? text : null;
}

// label * longest + length - 1 of each run of equal labels.
function runs(labels, longest) {
  const found = [];
  for (const label of labels) {
    const last = found.length - 1;
    const going = last >= 0 && Math.floor(found[last] / longest) === label && found[last] % longest < longest - 1;
    if (going) found[last]++;
    else found.push(label * longest);
  }
  return found;
}

// The bytes of numbers, the lowest first, as on every machine that has a browser.
function base64({ buffer }) {
  const text = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** {points, labels} of the text of a drawing on the canvas, without names; labels are null if it has none. Throws an
 * Error for any other text. */
export function decode(text) {
  if (text.length > MAX_LINK) throw new Error("The drawing in this link is too long.");
  const [first, few, many] = text.split(".");
  const steps = read(first).map((k) => k / STEPS - HALF);
  const points = steps.flatMap((x, i) => (i % 2 ? [] : [[x, steps[i + 1]]]));
  const longest = many ? 256 : 1024;
  const each = (run) => Array((run % longest) + 1).fill(Math.floor(run / longest));
  const labels = few || many ? read(few || many).flatMap(each) : null;
  const wellFormed = /^([\w-]{4})+(\.{1,2}([\w-]{2})+)?$/.test(text);
  const fit = labels === null || (labels.length === points.length && labels.every((label) => label < MAX_CLASSES));
  if (!wellFormed || allSame(points) || !fit) throw new Error("The drawing in this link is damaged.");
  return { points, labels };
}
