// What the visitor looks at: the layers that are on, and how they are laid out. One button for each.

export class Switches {
  /** toggled(layer) and arranged(layout) are called when the visitor, or a recipe, has changed something. */
  constructor(root, { layers, layouts }, { toggled, arranged }) {
    Object.assign(this, { layers, layouts, toggled, arranged });
    this.of = "points"; // what the data are
    this.on = new Set(Object.keys(layers).filter((name) => layers[name].shown));
    this.layoutName = Object.keys(layouts)[0];
    this.layerChips = Object.entries(layers).map(([name, layer]) => this.layerChip(name, layer));
    this.layoutChips = Object.entries(layouts).map(([name, layout]) => this.layoutChip(name, layout));
    root.querySelector(".layers").append(...this.layerChips);
    root.querySelector(".layouts").append(...this.layoutChips);
    this.show();
  }

  layerChip(name, { title, help, colour }) {
    const dot = document.createElement("i");
    dot.style.setProperty("--dot", `var(--${colour})`);
    const chip = makeChip(help, [dot, title], () => this.toggle(name));
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

  // The layouts in which the data can be seen, by name.
  get possible() {
    return Object.keys(this.layouts).filter((name) => this.layouts[name].of.includes(this.of));
  }

  // Whether a layer belongs to the layout that is chosen, and to the data.
  suits(layer) {
    const { layouts, of } = this.layers[layer];
    return layouts.includes(this.layoutName) && of.includes(this.of);
  }

  /** The layers that are looked at; in the order of painting the first one is the lowest. */
  get seen() {
    const names = Object.keys(this.layers).filter((name) => this.on.has(name) && this.suits(name));
    return names.reverse();
  }

  toggle(layer) {
    if (!this.on.delete(layer)) this.on.add(layer);
    this.show();
    this.toggled(layer);
  }

  arrange(layout) {
    this.layoutName = layout;
    this.show();
    this.arranged(layout);
  }

  /** Other data may be seen otherwise. */
  suit(of) {
    this.of = of;
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
