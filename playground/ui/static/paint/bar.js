// The colour bar of a map, under its panel: the map's name, its colours, and the numbers at both ends.

import { FOOT, HALF } from "./geometry.js";
import { bracket } from "./interpolation.js";
import { shades } from "./painters/heat-and-arrows.js";

const [LENGTH, HEIGHT, PARTS] = [84, 8, 42]; // in CSS pixels; and the number of flat colours
const SPACE = 6;

/** row: counted from the panel's edge. t: the time at which the map is painted, since its numbers may depend on it. */
export function paintBar(g, piece, view, row, t, palette) {
  const { ratio } = view;
  const { title, low, high, words = ["", ""] } = piece.bar;
  const length = LENGTH * ratio;
  const left = (view.moving ? g.canvas.width / 2 : view.x(0, 1)) - length / 2;
  const bottom = view.moving ? 2 * view.y(0) : view.y(-HALF);
  const middle = bottom + (row + 0.5) * FOOT * ratio;
  const top = middle - (HEIGHT / 2) * ratio;
  const shade = shades(piece, palette);
  for (let i = 0; i < PARTS; i++) {
    const [r, g_, b, a] = shade((255 * i) / (PARTS - 1));
    g.fillStyle = `rgb(${r} ${g_} ${b} / ${(a / 255).toFixed(3)})`;
    g.fillRect(left + (i * length) / PARTS, top, length / PARTS, HEIGHT * ratio);
  }
  g.strokeStyle = palette.soft;
  g.lineWidth = ratio;
  g.strokeRect(left, top, length, HEIGHT * ratio);
  g.fillStyle = palette.soft;
  g.font = `${11 * ratio}px system-ui, sans-serif`;
  g.textBaseline = "middle";
  g.textAlign = "right";
  g.fillText(spaced(title, number(now(low, piece.times, t)), words[0]), left - SPACE * ratio, middle);
  g.textAlign = "left";
  g.fillText(spaced(number(now(high, piece.times, t)), words[1]), left + length + SPACE * ratio, middle);
  g.textBaseline = "alphabetic";
}

const spaced = (...words) => words.filter(Boolean).join(" ");

// A number of the bar: the same at all times, or one for each.
function now(value, times, t) {
  if (!Array.isArray(value)) return value;
  const [before, after, share] = bracket(times, t);
  return value[before] + share * (value[after] - value[before]);
}

function number(value) {
  const size = Math.abs(value);
  if (value === 0) return "0";
  return (size >= 0.01 && size < 1000 ? String(Number(value.toPrecision(2))) : value.toExponential(0)).replace(
    /-/g,
    "−",
  );
}
