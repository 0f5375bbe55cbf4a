// Share, keys and theme. The address bar always holds the link of the page's state; sharing copies it.

import { hear, openStage, PAGE, say } from "../../page/bus.js";
import { follow, publicAddress } from "../../page/host.js";
import { recall, remember } from "../../page/storage.js";
import { copy, leavable } from "./copying.js";
import { helpKeyboards } from "./keyboards.js";

export function mount({ element, options: { space } }) {
  let whole = true; // whether the link holds the whole drawing
  const share = element.querySelector("#share");
  const field = element.querySelector("#link");
  leavable(field);
  // The view changes without the server. Before sharing, it is therefore put into the link.
  for (const event of ["pointerenter", "focus"]) share.addEventListener(event, () => openStage()?.tab.share());
  share.addEventListener("click", async () => {
    const copied = await copy(publicAddress(space), field);
    const told = copied ? "Link copied" : "Copy it";
    share.textContent = whole ? told : "Copied, without the points: too many";
    setTimeout(() => {
      share.textContent = "Share";
    }, 2500);
  });
  const chosen = recall("theme");
  if (chosen) document.body.classList.toggle("dark", chosen === "dark");
  element.querySelector("#theme").addEventListener("click", () => {
    const dark = document.body.classList.toggle("dark");
    remember("theme", dark ? "dark" : "light");
  });
  const themes = new MutationObserver(() => say(PAGE, "theme", {}));
  themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  helpKeyboards(element);
  hear(PAGE, "link", (link) => {
    whole = link.whole;
    // Parameters that a host adds to the address are kept.
    const kept = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("__"));
    const all = new URLSearchParams([...new URLSearchParams(link.query), ...kept]);
    history.replaceState(null, "", `${location.pathname}?${all}${location.hash}`);
    follow(space, location.search);
  });
}
