// Images at their positions, at time t if there are several of each: shades of one colour, or in colours of their own,
// with an edge that says what they are.

import { bracket } from "../interpolation.js";
import { rgb, scratch } from "../scratch.js";

const EDGE = 1; // CSS pixels

export function tiles(g, piece, view, t, palette) {
  const { n, width, height, channels, values, xy, times, framed } = piece;
  const [before, after, share] = bracket(times, t);
  const small = scratch(g, width, height);
  const image = small.createImageData(width, height);
  const fill = channels === 3 ? inColour : shade;
  const size = width * height * channels;
  const side = piece.side * view.scale;
  const tall = (side * height) / width;
  const ink = [...rgb(palette[piece.colour]), 255];
  for (let k = 0; k < width * height; k++) image.data.set(ink, 4 * k);
  g.imageSmoothingEnabled = false;
  g.lineWidth = EDGE * view.ratio;
  for (let i = 0; i < n; i++) {
    const a = (before * n + i) * size;
    const b = (after * n + i) * size;
    fill(image.data, size, (k) => values[a + k] + share * (values[b + k] - values[a + k]));
    small.putImageData(image, 0, 0);
    const box = [view.x(xy[2 * i], t) - side / 2, view.y(xy[2 * i + 1]) - tall / 2, side, tall];
    if (framed) {
      g.fillStyle = palette.card;
      g.fillRect(...box);
    }
    g.drawImage(small.canvas, ...box);
    if (!framed && channels === 1) continue;
    g.strokeStyle = channels === 1 ? palette.line : palette[piece.colour];
    g.strokeRect(...box);
  }
  g.imageSmoothingEnabled = true;
}

// The ink's opacity.
function shade(data, size, value) {
  for (let k = 0; k < size; k++) data[4 * k + 3] = value(k);
}

// Red, green and blue.
function inColour(data, size, value) {
  for (let k = 0; k < size; k += 3) {
    const at = (4 * k) / 3;
    for (let c = 0; c < 3; c++) data[at + c] = value(k + c);
  }
}
