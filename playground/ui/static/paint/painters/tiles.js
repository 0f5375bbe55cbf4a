// Images at their positions, at time t if there are several of each: in one colour, or each pixel in its own.

import { bracket } from "../interpolation.js";
import { rgb, scratch } from "../scratch.js";

export function tiles(g, piece, view, t, palette) {
  const { n, width, height, channels, values, xy, times, framed } = piece;
  const [before, after, share] = bracket(times, t);
  const small = scratch(g, width, height);
  const image = small.createImageData(width, height);
  const size = width * height * (channels ?? 1);
  const side = piece.side * view.scale;
  const tall = (side * height) / width;
  const ink = rgb(palette[piece.colour]);
  if (channels) image.data.fill(255);
  else for (let k = 0; k < size; k++) image.data.set(ink, 4 * k);
  // A grey value is how opaque the ink is; of a coloured pixel, three values in turn are how much of each light it has.
  const at = channels ? (k) => 4 * Math.floor(k / 3) + (k % 3) : (k) => 4 * k + 3;
  g.imageSmoothingEnabled = false;
  for (let i = 0; i < n; i++) {
    const a = (before * n + i) * size;
    const b = (after * n + i) * size;
    for (let k = 0; k < size; k++) image.data[at(k)] = values[a + k] + share * (values[b + k] - values[a + k]);
    small.putImageData(image, 0, 0);
    const box = [view.x(xy[2 * i], t) - side / 2, view.y(xy[2 * i + 1]) - tall / 2, side, tall];
    if (framed) {
      g.fillStyle = palette.card;
      g.fillRect(...box);
      g.strokeStyle = palette.line;
      g.strokeRect(...box);
    }
    g.drawImage(small.canvas, ...box);
  }
  g.imageSmoothingEnabled = true;
}
