// The visitor's own source of a flow: "Use data as source" keeps the data as they are now. The value is the
// text of a drawing on the canvas, as in a link (playground.data.link_text).

import { decode } from "../../pad/drawing.js";
import { hear, kept, PAGE } from "../../page/bus.js";
import { ofDrawing } from "../data/thumbnails.js";
import { asSource } from "./as-source.js";

export function source(_, box, changed, knobs) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = "Use data as source";
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 96;
  box.append(element, canvas);
  const select = knobs.inputs.source;
  const own = select.querySelector('[value="drawing"]');
  let text = "";

  const set = (value) => {
    text = value;
    own.hidden = own.disabled = canvas.hidden = !text;
    if (text) ofDrawing(canvas, decode(text).points);
  };
  hear(PAGE, "theme", () => set(text));
  hear(PAGE, "dataset", ({ name, points }) => {
    const known = points || Array.from(select.options, (option) => option.value).includes(name); // images are no source
    element.disabled = !known;
  });
  element.addEventListener("click", () => {
    const { name, ...data } = kept(PAGE, "dataset");
    if (!name) set(asSource(data));
    knobs.set({ source: name ?? "drawing" });
    changed(text, true);
  });
  return { element, set };
}
