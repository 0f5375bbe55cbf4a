// The code of the experiment that is seen: the family's own lines, and its whole script, to copy or to save.

import { download, nameOf } from "../../links/files.js";
import { current } from "../../links/state.js";
import { openStage } from "../../page/bus.js";
import { showDialog } from "../../page/dialogs.js";
import { forTheEye, pieces } from "./colouring.js";

const MARKUP = `
  <div role="group" class="bar" aria-label="Which code"><button class="chip" data-part="lines" aria-pressed="true">The family's lines</button>
    <button class="chip" data-part="script" aria-pressed="false">The whole script</button></div>
  <p class="sub">It is being written …</p>
  <div class="listing" role="region" tabindex="0" aria-label="Code"></div>
  <div class="bar saving"><button class="copy">Copy</button><button class="py">Save .py</button>
    <button class="ipynb">Save .ipynb</button><output aria-live="polite"></output></div>`;
const HELP = {
  lines: "What learns and what samples, with these settings, as it stands in this project.",
  script:
    "It needs PyTorch and NumPy, nothing of this project. On a CPU, and with these settings throughout, a training here makes the same samples, to rounding.",
};

/** Show the code of the open tab's experiment. */
export async function showCode() {
  const state = current();
  if (!state) return;
  const dialog = made();
  const part = (selector) => dialog.querySelector(selector);
  const found = await fetched(state);
  if (!found.lines) {
    dialog.close();
    return openStage()?.tell(found.error, "error");
  }
  const lines = found.lines.map(([place, text]) => `# ${place}\n${text}`).join("\n\n\n");
  const texts = { lines, script: found.script };
  const help = { ...HELP, ...(found.error && { script: found.error }) };
  let shown = "";
  const show = (name) => {
    shown = name;
    for (const choice of dialog.querySelectorAll("[data-part]"))
      choice.setAttribute("aria-pressed", choice.dataset.part === name);
    part(".sub").textContent = help[name];
    part(".listing").replaceChildren(...(texts[name] ? [coloured(texts[name])] : []));
    part(".listing").scrollTop = 0;
    part(".copy").hidden = !texts[name];
    for (const save of [".py", ".ipynb"]) part(save).hidden = name !== "script" || !found.script;
    part("output").textContent = "";
  };
  for (const choice of dialog.querySelectorAll("[data-part]"))
    choice.addEventListener("click", () => show(choice.dataset.part));
  part(".copy").addEventListener("click", async () => {
    part("output").textContent = await copied(texts[shown], part("pre"));
  });
  part(".py").addEventListener("click", () => download(new Blob([found.script]), nameOf(state, "py")));
  part(".ipynb").addEventListener("click", () => download(new Blob([found.notebook]), nameOf(state, "ipynb")));
  show("lines");
}

// The dialog, open, before its code has come.
function made() {
  const dialog = showDialog({ title: "Code", markup: MARKUP, kind: "shortcuts code" });
  for (const button of dialog.querySelectorAll(".saving button")) button.hidden = true;
  return dialog;
}

function coloured(code) {
  const listing = document.createElement("pre");
  for (const [kind, text] of pieces(forTheEye(code))) {
    listing.append(kind ? Object.assign(document.createElement("span"), { className: kind, textContent: text }) : text);
  }
  return listing;
}

async function copied(text, listing) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    getSelection().selectAllChildren(listing); // no permission, or no secure context
    return "The browser refused. It is selected: copy it by hand.";
  }
}

async function fetched({ family, dataset, knobs }) {
  const { name, settings, points, labels, on_canvas, origin, names, hash } = dataset;
  const pictures = dataset.pictures && { hash, pictures: true };
  const data = pictures || (points ? { points, labels, on_canvas, origin, names } : { name, settings });
  const body = JSON.stringify({ family, dataset: JSON.stringify(data), knobs: JSON.stringify(knobs) });
  const headers = { "content-type": "application/json" };
  try {
    return await (await fetch(new URL("playground/code", document.baseURI), { method: "POST", headers, body })).json();
  } catch {
    return { error: "The server can't be reached." };
  }
}
