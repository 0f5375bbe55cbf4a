// The model over the picture: what is trained, as boxes and arrows. A box switches its layers, says how large it is, and
// lights up while it learns.

import { hear } from "../../page/bus.js";
import { rove } from "../../page/roving.js";
import { recall, remember } from "../../page/storage.js";
import { listenToSymbols } from "../pointing/symbols.js";
import { draw, note } from "./diagram.js";

const ROOM = { width: 821, height: 900 }; // px from which it is there from the start
const WIDE = { pitch: [84, 40], below: 8 };
const SHOWS = "model";
const DECODER = "decoder"; // a network of those that move latents

listenToSymbols();

export class ModelBand {
  /** diagram: see playground.lessons.diagram. */
  constructor(stage, diagram) {
    Object.assign(this, { stage, diagram });
    this.element = stage.root.querySelector(".model-band");
    this.draws(diagram);
    this.switch = this.makeSwitch();
    const usual = innerWidth >= ROOM.width && innerHeight >= ROOM.height;
    this.show((recall(SHOWS) ?? (usual ? "shown" : "hidden")) === "shown");
    hear(stage.slot, "recording", ({ recording, frame }) => this.takes(recording, frame)); // at every frame
    hear(stage.slot, "points at", (symbol) => this.marks(symbol));
  }

  draws(diagram) {
    if (this.current === diagram) return;
    Object.assign(this, { current: diagram, boxes: diagram.boxes });
    this.drawn = draw(diagram, WIDE);
    this.drawn.setAttribute("role", "group"); // its boxes can be pressed
    this.element.replaceChildren(this.drawn);
    this.groups = new Map(this.boxes.map(({ id }) => [id, this.drawn.querySelector(`[data-box="${id}"]`)]));
    for (const box of this.boxes) if (this.layersOf(box).length) this.becomesButton(box);
    for (const box of this.boxes) this.points(box);
    rove(this.drawn, "[role=button]");
  }

  makeSwitch() {
    const chip = document.createElement("button");
    chip.className = "chip shows-model";
    chip.textContent = "Model";
    chip.title = "What is trained, as boxes and arrows";
    chip.addEventListener("click", () => {
      this.show(this.element.hidden);
      remember(SHOWS, this.element.hidden ? "hidden" : "shown");
    });
    this.stage.root.querySelector(".layouts").append(chip);
    return chip;
  }

  show(shown) {
    this.element.hidden = !shown;
    this.stage.root.toggleAttribute("data-model", shown);
    this.switch.setAttribute("aria-pressed", shown);
  }

  // The layers of a box that this family has.
  layersOf({ layers }) {
    return layers.filter((name) => name in this.stage.switches.layers);
  }

  points(box) {
    const group = this.groups.get(box.id);
    group.addEventListener("pointerenter", () => this.onStage([box]));
    group.addEventListener("pointerleave", () => this.onStage([]));
  }

  becomesButton(box) {
    const group = this.groups.get(box.id);
    const titles = this.layersOf(box).map((name) => this.stage.switches.layers[name].title);
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", `${box.text}: ${titles.join(", ")}`);
    group.addEventListener("click", () => this.press(box));
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.press(box);
    });
  }

  // What of a box can be seen goes on, or off if all of it is on. If another layout shows it, that comes.
  press(box) {
    const { switches } = this.stage;
    const names = this.layersOf(box);
    let seen = names.filter((name) => switches.suits(name));
    if (!seen.length) {
      const layout = switches.possible.find((name) => names.some((n) => switches.layers[n].layouts.includes(name)));
      if (!layout) return;
      switches.arrange(layout);
      seen = names.filter((name) => switches.suits(name) && !switches.on.has(name));
    } else if (!seen.every((name) => switches.on.has(name))) seen = seen.filter((name) => !switches.on.has(name));
    for (const name of seen) switches.toggle(name);
    this.pressed();
  }

  pressed() {
    const { switches } = this.stage;
    for (const box of this.boxes) {
      const seen = this.layersOf(box).filter((name) => switches.suits(name));
      const on = seen.length > 0 && seen.every((name) => switches.on.has(name));
      const group = this.groups.get(box.id);
      if (group.hasAttribute("role") && group.getAttribute("aria-pressed") !== String(on))
        group.setAttribute("aria-pressed", on);
    }
  }

  takes(recording, frame) {
    const { parts, sizes } = recording.anatomy;
    this.draws((DECODER in parts && this.diagram.in_latents) || this.diagram);
    const training = frame?.state === "training";
    for (const box of this.boxes) {
      const group = this.groups.get(box.id);
      const count = parts[box.id];
      note(group, count === undefined ? (sizes[box.size] ?? "") : `${count.toLocaleString("en")} weights`);
      const moves = training && box.kind === "network" && (!frame.moved || frame.moved === box.id);
      group.classList.toggle("moves", moves);
    }
    this.pressed();
  }

  // A symbol of the equation, or none, is pointed at.
  marks(symbol) {
    const boxes = this.boxes.filter(({ symbols }) => symbols.includes(symbol));
    for (const box of this.boxes) this.groups.get(box.id).classList.toggle("marked", boxes.includes(box));
    const layers = new Set(boxes.flatMap((box) => this.layersOf(box)));
    for (const chip of this.stage.switches.layerChips) chip.classList.toggle("marked", layers.has(chip.dataset.layer));
    this.onStage(boxes);
  }

  // Mark on the Stage what these boxes are, as far as it can be seen there.
  onStage(boxes) {
    const { stage } = this;
    const marks = boxes.flatMap((box) => [...this.layersOf(box), ...box.marks]);
    stage.marks = marks.filter((mark) => stage.switches.suits(mark.split("@")[0]));
    stage.screen.redraw();
  }
}
