// The shapes of classes, a second code beside their colours. All have about the same area.

import { newCanvas } from "../scratch.js";

const turned = (corners, turns) => {
  const [sin, cos] = [Math.sin(2 * Math.PI * turns), Math.cos(2 * Math.PI * turns)];
  return corners.map(([x, y]) => [cos * x - sin * y, sin * x + cos * y]);
};
// A star of equally spaced corners, alternately at these distances; the first points up (pixels grow downwards).
const star = (corners, ...distances) =>
  Array.from({ length: corners }, (_, i) => turned([[0, -distances[i % distances.length]]], i / corners)[0]);

const square = star(4, 1.25);
const triangle = star(3, 1.55);
const [arm, edge] = [1.3, 0.43];
const quarter = [
  [-edge, -arm],
  [edge, -arm],
  [edge, -edge],
];
const plus = [0, 1, 2, 3].flatMap((i) => turned(quarter, i / 4));

// By class: none, which is a circle; square, triangle, diamond, cross, triangle downwards, plus, star, hexagon, bar.
const CORNERS = [
  [],
  turned(square, 1 / 8),
  triangle,
  square,
  turned(plus, 1 / 8),
  turned(triangle, 1 / 2),
  plus,
  star(10, 1.6, 0.7),
  star(6, 1.1),
  [
    [-1.6, -0.5],
    [1.6, -0.5],
    [1.6, 0.5],
    [-1.6, 0.5],
  ],
];

export const SHAPES = CORNERS.length;

const MOST = 60; // stamps kept: those of two themes and some sizes
const stamps = new Map();

/** A small canvas with a shape, by its number 1 … SHAPES − 1. radius: of the circle of the same area, in pixels. */
export function stampOf({ canvas }, shape, colour, radius) {
  const key = `${shape} ${colour} ${radius.toFixed(2)}`;
  if (stamps.size > MOST) stamps.clear();
  if (!stamps.has(key)) {
    const side = 2 * Math.ceil(1.7 * radius) + 2;
    const stamp = newCanvas(canvas, side, side);
    const g = stamp.getContext("2d");
    g.fillStyle = colour;
    g.beginPath();
    for (const [x, y] of CORNERS[shape]) g.lineTo(side / 2 + x * radius, side / 2 + y * radius);
    g.fill();
    stamps.set(key, stamp);
  }
  return stamps.get(key);
}
