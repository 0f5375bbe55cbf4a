// The static part of a picture: the panels' frames, the data, and in a journey the noise, or another source. Thousands
// of soft points are slow to paint, so they are cached on a separate canvas, for each size, palette and data set. It is
// transparent, since it lies on maps; on these the data have a halo.

import { barRows, HALF } from "./geometry.js";
import { hasMap, PAINTERS } from "./painters/painters.js";
import { inside, write } from "./panel.js";
import { newCanvas } from "./scratch.js";

/** The cached canvas, repainted only when its inputs change. */
export class Backdrop {
  #canvas = null;
  #key = [];

  of(canvas, { moving, panels }, views, palette) {
    const titled = panels.some(({ title }) => title); // titles take room from the panels
    const size = [canvas.width, canvas.height, views[0]?.ratio, titled, barRows(panels)];
    const key = [...size, palette, moving, ...panels.flatMap((panel) => [panel.backdrop, panel.source, hasMap(panel)])];
    if (key.length !== this.#key.length || key.some((part, i) => part !== this.#key[i])) {
      this.#canvas = newCanvas(canvas, canvas.width, canvas.height);
      this.#key = key;
      const g = this.#canvas.getContext("2d");
      panels.forEach((panel, i) => {
        paintBackdrop(g, panel, views[i], palette);
      });
    }
    return this.#canvas;
  }
}

function paintBackdrop(g, panel, view, palette) {
  const { backdrop: piece, source } = panel;
  if (source) PAINTERS.points(g, source, view, 0, palette, { alpha: 0.5, size: 0.85 });
  else if (view.moving) paintNoise(g, view, palette);
  else paintFrame(g, view, palette);
  if (piece) inside(g, view, () => paintData(g, piece, view, palette, hasMap(panel)));
  if (!view.moving) return;
  const below = 2 * view.y(0) - 12 * view.ratio; // the panel's lower edge
  write(g, source ? "source" : "noise", view.middle(0), below, view, palette);
  write(g, "data", view.middle(1), below, view, palette);
}

const SHAPED = 1.35; // classes have shapes, which need some pixels

function paintData(g, piece, view, palette, halo) {
  if (piece.type !== "points") return PAINTERS[piece.type](g, piece, view, 1, palette);
  const shaped = piece.labels ? SHAPED : 1;
  if (!halo) PAINTERS.points(g, piece, view, 1, palette, { alpha: 0.045, size: 4.5, shaped: false });
  PAINTERS.points(g, piece, view, 1, palette, { alpha: halo ? 0.8 : 0.5, size: 0.85 * shaped, halo });
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
