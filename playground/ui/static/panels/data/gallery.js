// Some images of the chosen data, a row of each class (playground.ui.routes.gallery).

import { ask } from "../../links/opening.js";
import { hear, kept, PAGE } from "../../page/bus.js";
import { palette } from "../../page/palette.js";
import { decodeLayers } from "../../paint/codec.js";
import { HALF } from "../../paint/geometry.js";
import { tiles } from "../../paint/painters/tiles.js";

const COLUMNS = 8;
const ROOMY = window.matchMedia("(min-width: 821px) and (min-height: 501px)"); // elsewhere they are folded

const named = ({ hash, ...rest }) => (hash ? { hash, pictures: true } : rest);

export class Gallery {
  /** told({classes, names}): the server has said which classes the data have. */
  constructor(told) {
    this.told = told;
    this.element = Object.assign(document.createElement("details"), { className: "gallery", open: ROOMY.matches });
    this.element.innerHTML = "<summary>Images to learn from</summary><div></div>";
    this.grid = this.element.querySelector("div");
    this.rows = [];
    this.shown = ""; // the data whose images these are, as text
    this.take([]);
    new ResizeObserver(() => this.paint()).observe(this.grid);
    hear(PAGE, "theme", () => this.paint());
  }

  /** Show the images of data, {name, settings} or {hash, pictures}; none of null. */
  async show(dataset) {
    const wanted = dataset ? JSON.stringify({ dataset: named(dataset) }) : "";
    if (wanted === this.shown) return;
    this.shown = wanted;
    if (!wanted) return this.take([]);
    await kept(PAGE, "sending");
    const found = await ask("playground/gallery", { method: "POST", body: wanted });
    if (wanted !== this.shown || found.error) return; // other data were chosen meanwhile
    this.take(found.rows);
    this.told(found);
  }

  take(rows) {
    this.rows = rows.map(({ name, tiles }) => {
      const row = document.createElement("div");
      const canvas = Object.assign(document.createElement("canvas"), { role: "img", ariaLabel: name || "images" });
      if (name) row.append(Object.assign(document.createElement("span"), { textContent: name, title: name }));
      row.append(canvas);
      return { row, canvas, piece: decodeLayers({ tiles }).tiles };
    });
    this.element.hidden = rows.length === 0;
    this.grid.replaceChildren(...this.rows.map(({ row }) => row));
    this.paint();
  }

  paint() {
    const ratio = window.devicePixelRatio || 1;
    for (const { canvas, piece } of this.rows) {
      const width = Math.round(canvas.clientWidth * ratio);
      if (!width) continue;
      Object.assign(canvas, { width, height: Math.round(width / COLUMNS) });
      const scale = width / (2 * HALF);
      const view = { scale, ratio, x: (x) => width / 2 + x * scale, y: () => canvas.height / 2 };
      tiles(canvas.getContext("2d"), piece, view, 1, palette());
    }
  }
}
