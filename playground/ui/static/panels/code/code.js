// The code of the experiment that is seen: the family's own lines, and its whole script, to copy or to save.

import { download, nameOf } from "../../links/files.js";
import { current } from "../../links/state.js";
import { openStage } from "../../page/bus.js";
import { forTheEye, pieces } from "./colouring.js";

const MARKUP = `<header><h2>Code</h2><button class="icon" aria-label="Close">✕</button></header>
  <div role="group" class="bar" aria-label="Which code"><button class="chip" data-part="lines">The family's lines</button>
    <button class="chip" data-part="script">The whole script</button></div>
  <p class="sub"></p>
  <div class="listing" role="region" tabindex="0" aria-label="Code"></div>
  <div class="bar saving"><button class="copy">Copy</button><button class="py">Save .py</button>
    <button class="ipynb">Save .ipynb</button><output aria-live="polite"></output></div>`;
const HELP = {
  lines: "What learns and what samples, with these settings, as it stands in this project.",
  script:
    "It needs PyTorch and NumPy, nothing of this project. Its samples are those of a training here on a CPU, to rounding.",
};

/** Show the code of the open tab's experiment. */
export async function showCode() {
  const state = current();
  if (!state) return;
  const found = await fetched(state);
  if (!found.lines) return openStage()?.tell(found.error, "error");
  const dialog = document.createElement("dialog");
  dialog.className = "card shortcuts code";
  dialog.setAttribute("aria-label", "Code");
  dialog.innerHTML = MARKUP;
  const part = (selector) => dialog.querySelector(selector);
  const says = (words) => {
    part("output").textContent = words;
  };
  let shown = "";
  const texts = {
    lines: found.lines.map(([place, text]) => `# ${place}\n${text}`).join("\n\n\n"),
    script: found.script,
  };
  const show = (name) => {
    shown = name;
    for (const tab of dialog.querySelectorAll("[data-part]")) {
      tab.setAttribute("aria-pressed", tab.dataset.part === name);
    }
    part(".sub").textContent = name === "script" && found.error ? found.error : HELP[name];
    part(".listing").replaceChildren(...(texts[name] ? [coloured(texts[name])] : []));
    part(".listing").scrollTop = 0;
    for (const save of [".py", ".ipynb"]) part(save).hidden = name !== "script" || !found.script;
    part(".copy").hidden = !texts[name];
    says("");
  };
  for (const tab of dialog.querySelectorAll("[data-part]")) tab.addEventListener("click", () => show(tab.dataset.part));
  part(".copy").addEventListener("click", async () => says(await copied(texts[shown], part("pre"))));
  part(".py").addEventListener("click", () => download(new Blob([found.script]), nameOf(state, "py")));
  part(".ipynb").addEventListener("click", () => download(new Blob([found.notebook]), nameOf(state, "ipynb")));
  part(".icon").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => dialog.remove());
  show("lines");
  document.querySelector(".gradio-container").append(dialog);
  dialog.showModal();
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
