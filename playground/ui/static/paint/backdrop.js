// The static part of a picture: the panels' frames, the data, and in a journey the noise. Thousands of soft points are
// slow to paint, so they are cached on a separate canvas, for each size, palette and data set.

import { HALF } from "./geometry.js";
import { PAINTERS } from "./painters/painters.js";
import { inside, write } from "./panel.js";
import { newCanvas } from "./scratch.js";

/** The cached canvas, repainted only when its inputs change. */
export class Backdrop {
  #canvas = null;
  #key = [];

  of(canvas, { moving, panels }, views, palette) {
    const titled = panels.some(({ title }) => title); // titles take room from the panels
    const size = [canvas.width, canvas.height, views[0]?.ratio];
    const key = [...size, palette, moving, titled, ...panels.map(({ backdrop }) => backdrop)];
    if (key.length !== this.#key.length || key.some((part, i) => part !== this.#key[i])) {
      this.#canvas = newCanvas(canvas, canvas.width, canvas.height);
      this.#key = key;
      const g = this.#canvas.getContext("2d");
      panels.forEach(({ backdrop }, i) => {
        paintBackdrop(g, backdrop, views[i], palette);
      });
    }
    return this.#canvas;
  }
}

function paintBackdrop(g, piece, view, palette) {
  if (view.moving) paintNoise(g, view, palette);
  else paintFrame(g, view, palette);
  if (piece) inside(g, view, () => paintData(g, piece, view, palette));
  if (!view.moving) return;
  const below = g.canvas.height - 12 * view.ratio;
  write(g, "noise", view.middle(0), below, view, palette);
  write(g, "data", view.middle(1), below, view, palette);
}

function paintData(g, piece, view, palette) {
  if (piece.type !== "points") return PAINTERS[piece.type](g, piece, view, 1, palette);
  PAINTERS.points(g, piece, view, 1, palette, { alpha: 0.045, size: 4.5 });
  PAINTERS.points(g, piece, view, 1, palette, { alpha: 0.5, size: 0.85 });
}

function paintFrame(g, view, palette) {
  const side = 2 * HALF * view.scale - 1;
  g.strokeStyle = palette.line;
  g.lineWidth = view.ratio;
  g.strokeRect(view.x(-HALF, 1) + 0.5, view.y(HALF) + 0.5, side, side);
}

function paintNoise(g, view, palette) {
  g.fillStyle = palette.noise;
  g.globalAlpha = 0.11;
  for (const sigma of [3, 2.5, 2, 1.5, 1, 0.5]) {
    g.beginPath();
    g.arc(view.middle(0), view.y(0), sigma * view.scale, 0, 6.2832);
    g.fill();
  }
  g.globalAlpha = 1;
}
