// Who points at a symbol of an equation, wherever on the page it stands, sees on the open Stage what it is. A finger that
// is lifted points on, until it touches something else.

import { openStage, say } from "../../page/bus.js";

export function listenToSymbols() {
  let [slot, symbol] = [null, null];
  const point = (to) => {
    if (to === symbol) return;
    slot = to === null ? slot : openStage()?.slot;
    symbol = to;
    if (slot) say(slot, "points at", symbol);
  };
  document.addEventListener("pointerover", ({ target }) => {
    point(target.closest?.("[data-symbol]")?.dataset.symbol ?? null);
  });
  document.documentElement.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && point(null));
}
