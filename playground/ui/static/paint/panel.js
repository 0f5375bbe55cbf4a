// A panel of a picture: clipping, and text.

import { HALF } from "./geometry.js";

/** Paint clipped to a panel. A moving panel is not clipped, since it has no neighbour. */
export function inside(g, view, paint) {
  if (view.moving) return paint();
  g.save();
  g.beginPath();
  g.rect(view.x(-HALF, 1), view.y(HALF), 2 * HALF * view.scale, 2 * HALF * view.scale);
  g.clip();
  paint();
  g.restore();
}

/** Text centred at a pixel, legible over any background. */
export function write(g, text, x, y, view, palette) {
  g.fillStyle = palette.soft;
  g.font = `${13 * view.ratio}px system-ui, sans-serif`;
  g.textAlign = "center";
  g.strokeStyle = palette.card;
  g.lineWidth = 3 * view.ratio;
  g.strokeText(text, x, y);
  g.fillText(text, x, y);
}
