// Models on the hub: publish the one that is seen, and open one by its name (playground.ui.hub.routes).

import { opens } from "../../links/files.js";
import { heard, kept, openStage, PAGE } from "../../page/bus.js";

const TITLES = { open: "Open a model from the hub", publish: "Publish this model on the hub" };
const HELP = {
  open: "The name of a public model that somebody published here.",
  publish: "Its weights, its settings, its figures and a picture, where everybody can open them.",
};

/** Open a model of the hub by its name. Gives the sentence why it can't, if it can't. */
export async function openFromHub(name) {
  const { visitor } = await heard(PAGE, "opened");
  const found = await fetched("playground/hub/open", { visitor, name });
  if (!found.error) await opens(found);
  return found.error;
}

/** The dialog to open a model by its name. */
export const showOpening = () =>
  show("open", { label: "Name", placeholder: "owner/name", action: "Open" }, async (name, dialog) => {
    const error = await openFromHub(name);
    if (!error) dialog.close();
    return error;
  });

/** The dialog to publish the model that is seen. */
export async function showPublishing() {
  const { account, sign_in: signIn } = await fetched("playground/hub");
  const stage = openStage();
  const { name, pictures } = kept(PAGE, "dataset");
  const value = `${stage.family}-on-${name ?? (pictures ? "my-pictures" : "a-drawing")}`.replaceAll("_", "-");
  const help = HELP.publish + (pictures ? SEEN : "");
  const dialog = show("publish", { label: "Name", value, action: "Publish" }, async (name, dialog) => {
    const { visitor } = await heard(PAGE, "opened");
    const sent = { visitor, slot: stage.slot, name, picture: await picture(stage) };
    const { address, error } = await fetched("playground/hub/publish", sent);
    if (address) linked(dialog.querySelector("output"), address);
    return error;
  });
  const form = dialog.querySelector("form");
  form.hidden = !account;
  if (account) dialog.querySelector(".sub").textContent = `${help} You publish as ${account}.`;
  else if (signIn) linked(dialog.querySelector("output"), signIn, "Sign in to Hugging Face");
  else dialog.querySelector("output").textContent = UNKNOWN;
}

const SEEN = " Your pictures are part of it: everybody will see them.";

const UNKNOWN =
  "Nobody is signed in. On your own machine, run “hf auth login” first. On a Space, its owner can let visitors sign in.";

async function fetched(path, sent) {
  const headers = { "content-type": "application/json" };
  const options = sent && { method: "POST", headers, body: JSON.stringify(sent) };
  try {
    return await (await fetch(new URL(path, document.baseURI), options)).json();
  } catch {
    return { error: "The server can't be reached." };
  }
}

// A link in the place of what was said, for another tab: the page goes on here.
function linked(output, address, words = address) {
  const href = new URL(address, document.baseURI).href;
  const link = Object.assign(document.createElement("a"), { href, textContent: words, target: "_blank" });
  link.rel = "noopener";
  output.replaceChildren(link);
}

// The Stage as a PNG in base64, on the page's own ground.
async function picture(stage) {
  const seen = stage.root.querySelector("canvas");
  const canvas = Object.assign(document.createElement("canvas"), { width: seen.width, height: seen.height });
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(document.body).getPropertyValue("--card");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(seen, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}

// A dialog with one field. `act` is given its text, and gives the sentence why it failed, if it did.
function show(kind, { label, action, value = "", placeholder = "" }, act) {
  const dialog = document.createElement("dialog");
  dialog.className = "card shortcuts hub";
  dialog.setAttribute("aria-label", TITLES[kind]);
  dialog.innerHTML = `<header><h2></h2><button class="icon" aria-label="Close">✕</button></header><p class="sub"></p>
    <form class="bar"><label><span></span> <input required maxlength="200" autocomplete="off" spellcheck="false"></label>
    <button class="go"></button></form><output aria-live="polite"></output>`;
  dialog.querySelector("h2").textContent = TITLES[kind];
  dialog.querySelector(".sub").textContent = HELP[kind];
  dialog.querySelector("label span").textContent = label;
  Object.assign(dialog.querySelector("input"), { value, placeholder });
  const [button, output] = [dialog.querySelector(".go"), dialog.querySelector("output")];
  button.textContent = action;
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    output.textContent = "The hub is asked …";
    const error = await act(dialog.querySelector("input").value.trim(), dialog);
    button.disabled = false;
    if (error) output.textContent = error;
    output.classList.toggle("bad", Boolean(error));
  });
  dialog.querySelector(".icon").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => dialog.remove());
  document.querySelector(".gradio-container").append(dialog);
  dialog.showModal();
  return dialog;
}
