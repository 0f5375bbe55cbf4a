// The buttons for layers and layouts.

import { rove } from "../page/roving.js";

export class Switches {
  /** toggled(layer) and arranged(layout) are called when the visitor, or a recipe, has changed something. */
  constructor(root, { layers, layouts }, { toggled, arranged }) {
    Object.assign(this, { layers, layouts, toggled, arranged });
    this.kind = "points"; // the kind of the data
    this.absent = []; // the layers that mean nothing for them
    this.on = new Set(this.opening.layers);
    this.layoutName = this.opening.layout;
    this.layerChips = Object.entries(layers).map(([name, layer]) => this.layerChip(name, layer));
    this.layoutChips = Object.entries(layouts).map(([name, layout]) => this.layoutChip(name, layout));
    root.querySelector(".layers").append(...this.layerChips);
    root.querySelector(".layouts").append(...this.layoutChips);
    this.show();
    for (const bar of root.querySelectorAll(".top [role=toolbar]")) rove(bar);
  }

  layerChip(name, { title, colour }) {
    const dot = document.createElement("i");
    dot.style.setProperty("--dot", `var(--${colour})`);
    const chip = makeChip("", [dot, title], () => this.toggle(name)); // its help is that of the kind of data
    chip.dataset.layer = name;
    return chip;
  }

  layoutChip(name, { title, help }) {
    const chip = makeChip(help, [title], () => this.arrange(name));
    chip.dataset.layout = name;
    return chip;
  }

  get layout() {
    return this.layouts[this.layoutName];
  }

  /** What is on before anybody has chosen. */
  get opening() {
    const { layers, possible } = this;
    return { layers: Object.keys(layers).filter((name) => layers[name].defaultOn), layout: possible[0] };
  }

  // The layouts that have something to show of the data, by name.
  get possible() {
    const { kind, layers, absent } = this;
    const shown = Object.keys(layers).filter((name) => layers[name].kinds.includes(kind) && !absent.includes(name));
    const filled = new Set(shown.flatMap((name) => layers[name].layouts));
    return Object.keys(this.layouts).filter((name) => this.layouts[name].kinds.includes(kind) && filled.has(name));
  }

  // Whether a layer suits the chosen layout and the data.
  suits(layer) {
    const { layouts, kinds } = this.layers[layer];
    return layouts.includes(this.layoutName) && kinds.includes(this.kind) && !this.absent.includes(layer);
  }

  /** The visible layers, in painting order from the bottom. */
  get seen() {
    const names = Object.keys(this.layers).filter((name) => this.on.has(name) && this.suits(name));
    return names.reverse();
  }

  /** What is looked at, for `compose`. */
  get view() {
    const layers = this.seen.filter((name) => name !== "data");
    return { layout: this.layout, layers, data: this.on.has("data") };
  }

  toggle(layer) {
    if (!this.on.delete(layer)) this.on.add(layer);
    this.show();
    this.toggled(layer);
  }

  /** Switch on these layers, and no others. */
  switchTo(layers) {
    for (const layer of Object.keys(this.layers)) if (this.on.has(layer) !== layers.includes(layer)) this.toggle(layer);
  }

  arrange(layout) {
    this.layoutName = layout;
    this.show();
    this.arranged(layout);
  }

  /** Set all switches, without telling anybody. */
  set(layers, layout) {
    this.on = new Set(layers.filter((name) => name in this.layers));
    if (layout in this.layouts) this.layoutName = layout;
    this.show();
  }

  /** Adapt the switches to other data. */
  suit({ kind, absent }) {
    Object.assign(this, { kind, absent });
    const { possible } = this;
    if (possible.includes(this.layoutName)) this.show();
    else this.arrange(possible[0]);
  }

  show() {
    const { possible } = this;
    for (const chip of this.layoutChips) {
      const name = chip.dataset.layout;
      chip.hidden = possible.length < 2 || !possible.includes(name);
      chip.setAttribute("aria-pressed", name === this.layoutName);
    }
    for (const chip of this.layerChips) {
      const name = chip.dataset.layer;
      chip.hidden = !this.suits(name);
      chip.setAttribute("aria-pressed", this.on.has(name));
      chip.title = this.layers[name].help[this.kind] ?? "";
    }
  }
}

function makeChip(help, content, pressed) {
  const chip = document.createElement("button");
  chip.className = "chip";
  chip.title = help;
  chip.append(...content);
  chip.addEventListener("click", pressed);
  return chip;
}
