// The settings of a contestant, in a dialog: its name, its family, and the knobs of that.

import { kept, PAGE } from "../page/bus.js";
import { Knobs } from "../panels/knobs/knobs.js";

const MARKUP = `
  <header><h2>Contestant</h2><button class="icon close" aria-label="Close">✕</button></header>
  <label class="knob"><span>Family</span><select></select></label>
  <label class="knob"><span>Name</span><input class="name" maxlength="24"></label>
  <div class="knobs"></div>
  <div class="bar ends"><button class="go done">Done</button><button class="twin">Add one like it</button>
    <button class="remove">Remove</button></div>`;

export class ContestantDialog {
  /** families: {name: {title, controls, kinds}}. changed(contestant), removed() and twin(contestant) are called at the end. */
  constructor(families, { changed, removed, twin }) {
    Object.assign(this, { families, changed });
    this.element = document.createElement("dialog");
    this.element.className = "card contestant";
    this.element.innerHTML = MARKUP;
    const find = (part) => this.element.querySelector(part);
    Object.assign(this, {
      select: find("select"),
      name: find(".name"),
      knobs: find(".knobs"),
      remove: find(".remove"),
    });
    this.twinButton = find(".twin");
    for (const [name, { title }] of Object.entries(families)) this.select.add(new Option(title, name));
    this.select.addEventListener("change", () => this.fill(this.select.value, {}));
    const closes = (part, act) =>
      find(part).addEventListener("click", () => {
        this.element.close();
        act();
      });
    closes(".done", () => this.tell());
    closes(".close", () => this.tell());
    closes(".twin", () => {
      this.tell();
      twin(this.value);
    });
    closes(".remove", removed);
    this.element.addEventListener("cancel", () => this.tell());
  }

  open({ family, name, config }, removable, room) {
    this.select.value = family;
    this.name.value = name;
    this.fill(family, config);
    this.remove.disabled = !removable;
    this.twinButton.disabled = !room;
    this.before = JSON.stringify(this.value);
    if (!this.element.isConnected) document.querySelector(".gradio-container").append(this.element);
    this.element.showModal();
  }

  fill(family, config) {
    const { title, controls, kinds } = this.families[family];
    this.name.placeholder = title;
    this.of = new Knobs("contestant", controls, () => {}, kinds);
    this.knobs.replaceChildren(...this.of.parts());
    this.of.set({ ...this.of.defaults(kept(PAGE, "kind")), ...config });
    this.of.offer(kept(PAGE, "classes") ?? 1);
  }

  get value() {
    const { kind, ...config } = this.of.values;
    return { family: this.select.value, name: this.name.value.trim(), config };
  }

  tell() {
    if (JSON.stringify(this.value) !== this.before) this.changed(this.value);
  }
}
