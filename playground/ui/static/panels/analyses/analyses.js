// Analyses: figures of the model as it is, measured on demand. Folded, they are not drawn.

import { hear } from "../../page/bus.js";
import { MeasuredFigure } from "./measured-figure.js";

export function mount({ element, options, home }) {
  const { slot, figures } = options;
  const fold = element.querySelector(".analyses");
  const measured = Object.entries(figures).map(([name, about]) => new MeasuredFigure(slot, name, about, home, fold));
  element.querySelector(".figures").append(...measured.map(({ card }) => card));
  fold.addEventListener("toggle", () => {
    if (fold.open) for (const figure of measured) figure.redraw();
  });
  hear(slot, "recording", ({ recording }) => {
    const shown = measured.filter(({ about }) => about.kinds.includes(recording.kind));
    fold.hidden = !shown.length;
    element.querySelector(".sub").textContent = shown.map(({ about }) => about.title).join(" · ");
  });
}
