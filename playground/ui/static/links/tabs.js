// Gradio's tabs, opened as a click would.

import { kept, PAGE } from "../page/bus.js";

const STEP = 30; // ms between two looks for a tab that is not built yet
const PATIENCE = 20_000;

/** Open a family's tab, if it isn't; resolves when it is. */
export async function openTab(family) {
  const selected = () => document.querySelector(`#families [data-tab-id="${family}"][aria-selected="true"]`);
  const button = await found(() => selected() ?? buttonOf(family));
  if (button !== selected()) button?.click();
  await found(selected);
}

// Tabs that don't fit are in a menu, whose entries have no names, only their titles.
function buttonOf(family) {
  const title = kept(PAGE, "titles")?.[family];
  const inMenu = [...document.querySelectorAll("#families .overflow-dropdown button")];
  return (
    document.querySelector(`#families [data-tab-id="${family}"]`) ??
    inMenu.find((button) => button.textContent.trim() === title)
  );
}

async function found(look) {
  const until = performance.now() + PATIENCE;
  while (!look() && performance.now() < until) await new Promise((later) => setTimeout(later, STEP));
  return look();
}
