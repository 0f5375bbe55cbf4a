// The explanation of a family: its words are those of the kind of data. Who points at a symbol of its equation sees what
// it is in the picture of the model.

import { hear, say } from "../page/bus.js";
import { showCode } from "./code/code.js";

export function mount({ element, options }) {
  element.querySelector(".code-of").addEventListener("click", showCode);
  const words = element.querySelector("p");
  hear(options.slot, "recording", ({ recording }) => {
    const now = options.about[recording.kind];
    if (words.textContent !== now) words.textContent = now;
  });
  const points = (symbol) => say(options.slot, "points at", symbol);
  element.addEventListener("pointerover", ({ target }) => {
    points(target.closest("[data-symbol]")?.dataset.symbol ?? null);
  });
  element.addEventListener("pointerleave", () => points(null));
}
