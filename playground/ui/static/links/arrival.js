// Who the visitor is: a secret that a page leaves in its browser tab when it goes, for the page that comes back there
// (playground.engine.visits.visitors). While the page is open the tab holds no secret, so that a duplicate of it is a stranger.

import { hear, keep, kept, PAGE, stages } from "../page/bus.js";
import { leave, take } from "../page/storage.js";
import { holdConnection } from "./connection.js";

const NAME = "visitor";
const left = JSON.parse(take(NAME) ?? "{}"); // {token, wanted, pictures} of the page that was here before

// What the address asks for, but for the view and the step, which change until the last moment.
const wanted = () => {
  const parts = [...new URLSearchParams(location.search)];
  return JSON.stringify(parts.filter(([name]) => name !== "step" && !name.startsWith("view.")));
};

// A page that is reloaded just after its address was written is asked for under the address before.
const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";

/** Whether this page comes back to where another one was: by a reload, or by Back from another site. */
export const RETURNS = left.token !== undefined && (reloaded || left.wanted === wanted());

/** The pictures that the page comes back to, as its data: no link holds them. Null if it had none. */
export const PICTURES = (RETURNS && left.pictures) || null;

const token = RETURNS ? left.token : uuid();

holdConnection();

window.addEventListener("pagehide", () => {
  const asked = [...stages.values()].some(({ requests }) => Object.keys(requests.sent).length > 0);
  const dataset = kept(PAGE, "dataset");
  const pictures = dataset?.pictures && dataset;
  if (asked) leave(NAME, JSON.stringify({ token, wanted: wanted(), pictures })); // else there is no run to come back to
});
window.addEventListener("pageshow", (event) => event.persisted && take(NAME));

// Who leaves a training is asked first. Gradio doesn't hear of it: it would close its connection before anybody has
// answered. If the page goes, the browser closes it.
window.addEventListener("leaving", ({ detail: event }) => {
  if (![...stages.values()].some(({ state }) => state === "training")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
});

export function mount({ props, trigger, watch }) {
  watch("value", () => props.value && keep(PAGE, "opened", JSON.parse(props.value)));
  trigger("greets", { token });
  hear(PAGE, "found", () => trigger("greets", { token })); // or the server takes the visitor for gone
}

// As crypto.randomUUID gives it, which a page without encryption lacks.
function uuid() {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
