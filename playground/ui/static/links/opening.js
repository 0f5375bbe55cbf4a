// What the page opens with: what its link asks for, fetched before Gradio has built the page, or nothing.

import { PICTURES } from "./arrival.js";
import { openTab } from "./tabs.js";

/** The parameters of a link, without those that a host adds, and a wall's code (panels/wall/dialog.js). */
const own = (search) => [...new URLSearchParams(search)].filter(([name]) => !name.startsWith("__") && name !== "wall");

/** Whether the link may ask for something. The picture that every visitor finds then waits for what it says. */
export const LINKED = own(location.search).length > 0;

/** The answer to a link, {state} (playground.ui.links.page_state) or {error, family}, when its tab is open. */
export const opening = LINKED ? open() : Promise.resolve({});

async function open() {
  const found = await stateOf(location.search);
  if (found.state && PICTURES) found.state.dataset = PICTURES;
  const family = found.state?.family ?? found.family;
  if (family) await openTab(family);
  return found;
}

/** What a link asks for, {state} or {error}. */
export async function stateOf(search) {
  return ask(`playground/state?${new URLSearchParams(own(search))}`);
}

/** The server's answer, {error} if it gives none. */
export async function ask(path, options) {
  try {
    return await (await fetch(new URL(path, document.baseURI), options)).json();
  } catch {
    return { error: "The server can't be reached." };
  }
}
