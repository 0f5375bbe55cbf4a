// Models on the hub: publish the one that is seen, and open one by its name (playground.ui.hub.routes).

import { opens } from "../../links/files.js";
import { heard, kept, openStage, PAGE } from "../../page/bus.js";
import { ask } from "./dialog.js";

const OPEN = {
  title: "Open a model from the hub",
  help: "The name of a public model that somebody published here.",
  placeholder: "owner/name",
  action: "Open",
};
const PUBLISH = {
  title: "Publish this model on the hub",
  help: "Its weights, its settings, its figures and a picture, where everybody can open them.",
  action: "Publish",
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
  ask(OPEN, async (name, dialog) => {
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
  const help = PUBLISH.help + (pictures ? SEEN : "");
  const dialog = ask({ ...PUBLISH, help, value }, async (name, dialog) => {
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
