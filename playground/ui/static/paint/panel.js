// A panel of a picture: what is painted stays inside it, and words stand over it.

import { HALF } from "./geometry.js";

/** Paint within a panel, so that nothing spills into its neighbour. A moving panel has none. */
export function inside(g, view, paint) {
  if (view.moving) return paint();
  g.save();
  g.beginPath();
  g.rect(view.x(-HALF, 1), view.y(HALF), 2 * HALF * view.scale, 2 * HALF * view.scale);
  g.clip();
  paint();
  g.restore();
}

/** Words, centred at a pixel, readable over anything. */
export function write(g, text, x, y, view, palette) {
  g.fillStyle = palette.soft;
  g.font = `${13 * view.ratio}px system-ui, sans-serif`;
  g.textAlign = "center";
  g.strokeStyle = palette.card;
  g.lineWidth = 3 * view.ratio;
  g.strokeText(text, x, y);
  g.fillText(text, x, y);
}
