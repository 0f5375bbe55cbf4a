// Keyboard shortcuts. They work for any focus, except on elements that use the keys themselves.

import { openStage, PAGE, say } from "../page/bus.js";

const MEANS_SOMETHING = "input, textarea, select, button, dialog, [contenteditable], .pad";

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const stage = openStage();
    const busy = event.target.closest?.(MEANS_SOMETHING);
    if (!stage || event.ctrlKey || event.metaKey || event.altKey) return;
    if (busy && !(event.target.matches("button.chip, .go") && event.key !== " ")) return;
    if (event.key === "?") say(PAGE, "shortcuts", {});
    else if (stage.transport.key(event.key)) event.preventDefault();
  });
}
