// The explanation of a family: its words are those of the kind of data.

import { hear } from "../page/bus.js";
import { showCode } from "./code/code.js";

export function mount({ element, options }) {
  element.querySelector(".code-of").addEventListener("click", showCode);
  const words = element.querySelector("p");
  hear(options.slot, "recording", ({ recording }) => {
    const now = options.about[recording.kind];
    if (words.textContent !== now) words.textContent = now;
  });
}
