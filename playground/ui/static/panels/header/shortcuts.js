// The keyboard shortcuts, and what pointing can do: behind "?".

import { openStage } from "../../page/bus.js";
import { showDialog } from "../../page/dialogs.js";

const KEYS = [
  ["Space", "train, or pause; when rewound, train from there"],
  ["→", "train some steps; when rewound, forward"],
  ["←", "rewind"],
  ["R", "reset"],
  ["N", "new samples"],
  ["F", "presenter mode, and back; there B blanks the screen, Q shows a QR code"],
  ["Page ↓, Page ↑", "the next step of a lesson, the one before"],
  ["?", "this list"],
  ["Tab, arrows", "go from part to part, and within one"],
];

export function showShortcuts() {
  const dialog = showDialog({ title: "Keys", markup: `<dl></dl><p class="sub"></p>`, kind: "shortcuts" });
  const hint = openStage()?.root.querySelector(".hint")?.textContent;
  dialog.querySelector(".sub").textContent = hint ? `With the pointer: ${hint}` : "";
  const list = dialog.querySelector("dl");
  for (const [key, what] of KEYS) {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    words.textContent = what;
    list.append(term, words);
  }
}
