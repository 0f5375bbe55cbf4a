// The explanation of a family: its words are those of the kind of data.

import { hear } from "../page/bus.js";

export function mount({ element, options }) {
  const words = element.querySelector("p");
  hear(options.slot, "recording", ({ recording }) => {
    const now = options.about[recording.kind];
    if (words.textContent !== now) words.textContent = now;
  });
}
