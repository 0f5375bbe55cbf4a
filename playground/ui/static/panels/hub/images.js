// Sets of images on the hub: the server fetches one by its name, and says how much has come
// (playground.ui.hub.routes).

import { ask } from "./dialog.js";

const FETCH = {
  title: "Images from the hub",
  help: "The name of a public data set of images on Hugging Face, such as ylecun/mnist.",
  placeholder: "owner/name",
  action: "Fetch",
};

/** The dialog to fetch a set. took(name, found): it has come. Closing the dialog stops it. */
export function showImages(took) {
  const leaving = new AbortController();
  ask(
    FETCH,
    async (name, dialog, says) => {
      const told = (share) => says(share ? `${Math.round(100 * share)}% has come …` : "The hub is asked …");
      const found = await fetchImages(name, {}, told, leaving.signal);
      if (leaving.signal.aborted || found.error) return found.error;
      took(name, found);
      dialog.close();
    },
    () => leaving.abort(),
  );
}

/** A set by its name, {dataset, note} or {error}; with settings {side, colour}, or as suits it. */
export async function fetchImages(name, settings, told = () => {}, signal = undefined) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name, ...settings });
  try {
    const reply = await fetch(new URL("playground/hub/images", document.baseURI), {
      method: "POST",
      headers,
      body,
      signal,
    });
    return await lastLine(reply.body, told);
  } catch {
    return { error: "The server can't be reached." };
  }
}

// The last of the lines that the server sends; the others say what share has come.
async function lastLine(stream, told) {
  let text = "";
  for await (const part of parts(stream.pipeThrough(new TextDecoderStream()))) {
    const lines = (text + part).split("\n");
    text = lines.pop();
    for (const found of lines.map((line) => JSON.parse(line))) {
      if (!("share" in found)) return found;
      told(found.share);
    }
  }
  return JSON.parse(text);
}

// Not all browsers iterate over a stream.
async function* parts(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
