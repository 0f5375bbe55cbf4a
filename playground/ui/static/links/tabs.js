// Gradio's tabs, opened as a click would.

import { kept, PAGE } from "../page/bus.js";

const STEP = 30; // ms between two looks
const AGAIN = 300; // ms between two clicks: the first may come before Gradio listens, or while it moves the button
const PATIENCE = 60_000;

/** Open a family's tab, if it isn't; resolves when it is. */
export async function openTab(family) {
  const begin = performance.now();
  let clicked = Number.NEGATIVE_INFINITY;
  for (let now = begin; !isOpen(family) && now < begin + PATIENCE; now = performance.now()) {
    const button = now >= clicked + AGAIN && buttonOf(family);
    if (button) {
      clicked = now;
      button.click();
    }
    await new Promise((later) => setTimeout(later, STEP));
  }
}

const isOpen = (family) => document.querySelector(`#families [data-tab-id="${family}"][aria-selected="true"]`) !== null;

// Tabs that don't fit are in a menu, whose entries have no names, only their titles.
function buttonOf(family) {
  const title = kept(PAGE, "titles")?.[family];
  const inMenu = [...document.querySelectorAll("#families .overflow-dropdown button")];
  return (
    document.querySelector(`#families [data-tab-id="${family}"]`) ??
    inMenu.find((button) => button.textContent.trim() === title)
  );
}
