// Whoever asks to take something home is shown the dialog of the open Stage.

import { hear, openStage, PAGE } from "../page/bus.js";
import { TakeHome } from "./dialog.js";

function takeHome() {
  const stage = openStage();
  if (stage?.shown) new TakeHome(stage);
}

hear(PAGE, "takes home", takeHome);
document.addEventListener("click", ({ target }) => target.closest(".stage .take") && takeHome());
