// An experiment as a file: JSON, or a trained model as safetensors; or a lesson. The server checks both when they are opened
// (playground.ui.links.page_state, playground.training.model_file).

import { ask as question } from "../page/asking.js";
import { heard, keep, openStage, PAGE, say } from "../page/bus.js";
import { ask } from "./opening.js";
import { current } from "./state.js";
import { openTab } from "./tabs.js";

const LARGEST = { json: 1_000_000, safetensors: 16_000_000 }; // bytes; the server reads no more
const BUDGET = ["steps", "data_points", "seed"]; // the knobs that are not of the family's config

/** Save what is seen as a file. */
export function save() {
  const state = current();
  if (!state) return;
  if (state.dataset.pictures) return openStage()?.tell(UNSAVED, "error");
  const { family, dataset, knobs, view, step, contestants } = state;
  const { name, settings, points, labels, on_canvas, origin, names } = dataset;
  const chosen = points ? { points, labels, on_canvas, origin, names } : { name, settings };
  const [budget, config] = split(knobs);
  const looks = view && { ...view, layers: view.layers.toSorted() }; // they are a set
  const content = contestants
    ? { race: { ...knobs, dataset: chosen, contestants } }
    : { experiment: { family, dataset: chosen, config, ...budget }, view: looks, step };
  download(new Blob([JSON.stringify(content)], { type: "application/json" }), nameOf(state, "json"));
}

/** Save the model that is seen, as it is at the step that is shown, as a file. */
export async function saveModel() {
  const [state, stage] = [current(), openStage()];
  if (!state) return;
  const { file, error } = await fileOf(stage, { ask: "model" });
  if (error) return stage.tell(error, "error");
  download(file, nameOf(state, "safetensors"));
}

/** A file that the server makes of a Stage's run, {file}, or {error}. */
export async function fileOf(stage, asked) {
  const { model, table, error } = await question(stage, asked);
  if (error) return { error };
  const bytes = Uint8Array.from(atob(model ?? table), (letter) => letter.charCodeAt(0));
  return { file: new Blob([bytes], { type: "application/octet-stream" }) };
}

/** Let the browser save a Blob. */
export function download(content, name) {
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The name of a file: of what state, of which type, and what it holds of it. */
export function nameOf({ family, dataset }, type, what = "") {
  const data = dataset.name ?? (dataset.pictures ? "pictures" : "drawing");
  return `${[family, data, what].filter(Boolean).join("-")}.${type}`.replaceAll("_", "-");
}

function split(knobs) {
  const ofPage = ["kind"]; // of the data, for the knobs alone
  const sides = [(name) => BUDGET.includes(name), (name) => ![...BUDGET, ...ofPage].includes(name)];
  return sides.map((side) => Object.fromEntries(Object.entries(knobs).filter(([name]) => side(name))));
}

/** Open a file. The run that is there is set aside: Back comes back to it. */
export async function open(file) {
  const type = file.name.toLowerCase().endsWith(".safetensors") ? "safetensors" : "json";
  const found = file.size > LARGEST[type] ? { error: tooLarge(type) } : await ask(await route(type), post(file));
  opens(found);
}

/** Open what the server found in a file: {state, run}, the run if it holds a model; {lesson, at}; or {error}. */
export async function opens({ state, run, error, lesson, at }) {
  if (error) return openStage()?.tell(error, "error");
  if (lesson) return say(PAGE, "teaches", { lesson, at });
  say(PAGE, "departs", { family: state.family });
  keep(PAGE, "restores", { ...state, run, aside: true });
  await openTab(state.family);
}

const UNSAVED = "Your pictures are too large for this file. Save the model: its file holds them.";

async function route(type) {
  if (type === "json") return "playground/state";
  const { visitor } = await heard(PAGE, "opened"); // a model has a run, which is the visitor's
  return `playground/model?${new URLSearchParams({ visitor })}`;
}

const tooLarge = (type) => `This file is too large; at most ${LARGEST[type] / 1_000_000} MB are possible.`;
const post = (file) => ({ method: "POST", body: file });
