// What the header does for keyboards: a skip link, the list of keys, arrows through the tabs.

import { hear, openStage, PAGE } from "../../page/bus.js";
import { rove } from "../../page/roving.js";
import { showShortcuts } from "./shortcuts.js";

export function helpKeyboards(header) {
  header.querySelector("#keys").addEventListener("click", showShortcuts);
  hear(PAGE, "shortcuts", showShortcuts);
  header.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    openStage()?.root.querySelector(".go:not([hidden])").focus();
  });
  let tabs = null; // Gradio's list of tabs, which stands when the first one opens
  hear(PAGE, "opens", () => {
    if (tabs) return;
    tabs = document.querySelector("#families [role=tablist]");
    rove(tabs, "[role=tab]");
  });
}
