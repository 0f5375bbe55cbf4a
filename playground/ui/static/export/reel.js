// Pictures of a Stage for films: a canvas of any size on which they are painted as on the page, on the page's own ground.

import { palette } from "../page/palette.js";
import { Backdrop } from "../paint/backdrop.js";
import { paint } from "../paint/paint.js";

const SMALLEST = 12; // pixels of a film's words

export class Reel {
  /** longer: the longer side, in pixels; the proportions are the Stage's. Both sides are even, as video wants them. */
  constructor({ plot: { clientWidth, clientHeight } }, longer) {
    this.ratio = longer / Math.max(clientWidth, clientHeight);
    const even = (length) => 2 * Math.round((length * this.ratio) / 2);
    const size = { width: even(clientWidth), height: even(clientHeight) };
    this.canvas = Object.assign(document.createElement("canvas"), size);
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.backdrop = new Backdrop();
    this.colours = palette(); // the same in all of a film
  }

  /** Paint a moment: {picture, time, words}. */
  paint({ picture, time, words = "" }) {
    const { canvas, context: g, ratio, backdrop, colours } = this;
    paint(canvas, picture, time, colours, { ratio, backdrop });
    g.globalCompositeOperation = "destination-over";
    g.fillStyle = colours.card;
    g.fillRect(0, 0, canvas.width, canvas.height);
    g.globalCompositeOperation = "source-over";
    if (words) this.caption(words);
  }

  caption(words) {
    const { context: g, ratio, colours } = this;
    const size = Math.max(SMALLEST, 13 * ratio);
    const place = [words, size * 0.75, size * 1.4];
    g.font = `${size}px system-ui, sans-serif`;
    g.textAlign = "left";
    g.lineWidth = 3 * ratio;
    g.strokeStyle = colours.card;
    g.strokeText(...place);
    g.fillStyle = colours.soft;
    g.fillText(...place);
  }

  get pixels() {
    const { context, canvas } = this;
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  }
}
