// An experiment as a file: JSON that the server checks when it is opened (playground.ui.links.page_state).

import { keep, openStage, PAGE, say } from "../page/bus.js";
import { ask } from "./opening.js";
import { current } from "./state.js";
import { openTab } from "./tabs.js";

const LARGEST = 1_000_000; // bytes; the server reads no more
const BUDGET = ["steps", "data_points", "seed"]; // the knobs that are not of the family's config

/** Save what is seen as a file. */
export function save() {
  const state = current();
  if (!state) return;
  const { family, dataset, knobs, view, step, contestants } = state;
  const { name, settings, points, labels, on_canvas, origin, names } = dataset;
  const chosen = points ? { points, labels, on_canvas, origin, names } : { name, settings };
  const [budget, config] = split(knobs);
  const looks = view && { ...view, layers: view.layers.toSorted() }; // they are a set
  const content = contestants
    ? { race: { ...knobs, dataset: chosen, contestants } }
    : { experiment: { family, dataset: chosen, config, ...budget }, view: looks, step };
  const address = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: nameOf(family, name) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const nameOf = (family, set) => `${family}-${set ?? "drawing"}.json`.replaceAll("_", "-");

function split(knobs) {
  const sides = [BUDGET.includes.bind(BUDGET), (name) => !BUDGET.includes(name)];
  return sides.map((side) => Object.fromEntries(Object.entries(knobs).filter(([name]) => side(name))));
}

/** Open a file. The run that is there is set aside: Back comes back to it. */
export async function open(file) {
  const { state, error } = file.size > LARGEST ? { error: TOO_LARGE } : await ask("playground/state", post(file));
  if (error) return openStage()?.tell(error, "error");
  say(PAGE, "departs", {});
  keep(PAGE, "restores", { ...state, aside: true });
  await openTab(state.family);
}

const TOO_LARGE = "This file is too large; at most 1 MB is possible.";
const post = (file) => ({ method: "POST", body: file });
