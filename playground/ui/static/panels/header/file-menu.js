// The menu beside Share: save what is seen, or its model, as a file, and open such a file.

import { open, save, saveModel } from "../../links/files.js";
import { openStage, PAGE, say } from "../../page/bus.js";
import { openFromHub, showOpening, showPublishing } from "../hub/models.js";
import { markMembership, showJoining } from "../wall/dialog.js";
import { folds } from "./folding.js";

export function fileMenu(header) {
  const menu = header.querySelector("#file");
  const chosen = menu.querySelector("input");
  const close = folds(menu);
  const takeHome = () => say(PAGE, "takes home", {});
  const does = {
    "take-home": takeHome,
    save,
    "save-model": saveModel,
    publish: showPublishing,
    "from-hub": showOpening,
    "join-wall": () => showJoining(),
  };
  for (const [id, act] of Object.entries(does)) {
    menu.querySelector(`#${id}`).addEventListener("click", () => {
      act();
      close();
    });
  }
  // A race has no recording that could be taken.
  menu.addEventListener("toggle", () => {
    menu.querySelector("#take-home").hidden = !openStage()?.shown;
  });
  menu.querySelector("#open").addEventListener("click", () => chosen.click());
  chosen.addEventListener("change", () => {
    if (chosen.files.length) open(chosen.files[0]);
    chosen.value = ""; // so that the same file can be opened again
    close();
  });
  markMembership(header.querySelector("#on-wall"));
  // A link may name a model of the hub.
  const wanted = new URLSearchParams(location.search).get("hub");
  if (wanted) openFromHub(wanted).then((error) => error && openStage()?.tell(error, "error"));
}
