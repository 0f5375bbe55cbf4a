// The keyboard shortcuts, and what pointing can do: behind "?".

import { openStage } from "../../page/bus.js";

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

let dialog = null;

export function showShortcuts() {
  dialog ??= made();
  const hint = openStage()?.root.querySelector(".hint")?.textContent;
  dialog.querySelector(".sub").textContent = hint ? `With the pointer: ${hint}` : "";
  dialog.showModal();
}

function made() {
  const dialog = document.createElement("dialog");
  dialog.className = "card shortcuts";
  dialog.innerHTML = `<header><h2>Keys</h2><button class="icon" aria-label="Close">✕</button></header><dl></dl><p class="sub"></p>`;
  const list = dialog.querySelector("dl");
  for (const [key, what] of KEYS) {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    words.textContent = what;
    list.append(term, words);
  }
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  document.querySelector(".gradio-container").append(dialog);
  return dialog;
}
