// Share, keys and theme. The address bar always holds the link of the page's state; sharing copies it.

import { Address } from "../../links/address.js";
import { mostInLink } from "../../pad/drawing.js";
import { keep, kept, openStage, PAGE, say } from "../../page/bus.js";
import { publicAddress } from "../../page/host.js";
import { recall, remember } from "../../page/storage.js";
import { Presenting } from "../presenting/presenting.js";
import { copy, leavable } from "./copying.js";
import { fileMenu } from "./file-menu.js";
import { helpKeyboards } from "./keyboards.js";
import { lessonsMenu } from "./lessons-menu.js";

export function mount({ element, options: { space, titles, shipped, lessons } }) {
  keep(PAGE, "titles", titles);
  keep(PAGE, "shipped", shipped);
  const address = new Address(Object.keys(titles), space);
  const share = element.querySelector("#share");
  const field = element.querySelector("#link");
  leavable(field);
  share.addEventListener("click", async () => {
    const whole = address.freshen(true);
    const copied = await copy(publicAddress(space), field);
    const told = copied ? "Link copied" : "Copy it";
    const { pictures } = kept(PAGE, "dataset") ?? {};
    share.textContent = copied && !whole ? `Copied, without the ${pictures ? "pictures" : "points"}` : told;
    if (!whole) openStage()?.says.announce(pictures ? UNSHARED : tooMany(kept(PAGE, "dataset")));
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
  fileMenu(element);
  lessonsMenu(element, lessons);
  helpKeyboards(element);
  const presented = () => {
    address.freshen(true);
    return publicAddress(space);
  };
  new Presenting(element.querySelector("#present"), presented);
}

const FILE = "A file holds all of them: ⋯, Save.";

const UNSHARED = "Your pictures are in no link: whoever opens it begins with other data.";

// Why a link can't hold these points.
function tooMany({ points, on_canvas: onCanvas = true }) {
  const [n, most] = [points.length, mostInLink(onCanvas)].map((count) => count.toLocaleString("en"));
  if (points.length > mostInLink(onCanvas))
    return `${n} points are too many for a link, which holds at most ${most}. ${FILE}`;
  return `These ${n} points and their classes are too long for a link. ${FILE}`;
}
