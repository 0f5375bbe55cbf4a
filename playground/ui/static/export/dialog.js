// The dialog of what can be taken home.

import { download, nameOf } from "../links/files.js";
import { current } from "../links/state.js";
import { kept, PAGE } from "../page/bus.js";
import { showDialog } from "../page/dialogs.js";
import { rove } from "../page/roving.js";
import { lacksFormat, THINGS } from "./things.js";

const MARKUP = `
  <div class="things" role="radiogroup" aria-label="What"></div>
  <p class="sub" aria-live="polite"></p>
  <form class="bar">
    <label>Format <select name="format"></select></label>
    <label>Size <select name="size"></select></label>
    <label>How many <input name="number" type="number" min="1" max="10000" step="1" required></label>
    <button class="go">Save</button>
  </form>
  <div class="bar making" hidden><progress max="1"></progress><button>Cancel</button></div>
  <output aria-live="polite"></output>`;

const FORMATS = { webm: "WebM", npy: "NumPy (.npy)" };

const chosen = { thing: "picture" }; // also when it is opened again, with the formats and sizes by thing

export class TakeHome {
  constructor(stage) {
    this.stage = stage;
    this.cancelled = false;
    const closed = () => {
      this.cancelled = true;
    };
    const dialog = showDialog({ title: "Take home", markup: MARKUP, kind: "shortcuts take-home", closed });
    const find = (part) => dialog.querySelector(part);
    Object.assign(this, { form: find("form"), help: find(".sub"), output: find("output"), making: find(".making") });
    this.fields = this.form.elements;
    this.buttons = Object.entries(THINGS).map(([name, { title }]) => this.button(name, title));
    find(".things").append(...this.buttons);
    rove(find(".things"));
    this.making.querySelector("button").addEventListener("click", () => {
      this.cancelled = true;
    });
    for (const field of ["format", "size", "number"])
      this.fields[field].addEventListener("change", () => {
        chosen[`${field} ${this.key}`] = this.fields[field].value;
        this.look();
      });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.make();
    });
    this.choose(chosen.thing);
  }

  button(name, title) {
    const button = Object.assign(document.createElement("button"), { className: "chip", textContent: title });
    button.setAttribute("role", "radio");
    button.dataset.thing = name;
    button.addEventListener("click", () => this.choose(name));
    button.addEventListener("focus", () => button.matches(":focus-visible") && this.choose(name)); // by arrows
    return button;
  }

  get thing() {
    return THINGS[chosen.thing];
  }

  // What has the same formats and sizes: both films, both tables.
  get key() {
    return this.thing.formats.join();
  }

  choose(name) {
    if (this.form.hidden) return; // while one is made
    chosen.thing = name;
    const { formats, sizes = {}, size, numbers } = this.thing;
    const { format, size: pixels, number } = this.fields;
    const known = (field, usual) => chosen[`${field} ${this.key}`] ?? usual;
    format.replaceChildren(...formats.map((one) => new Option(FORMATS[one] ?? one.toUpperCase(), one)));
    format.value = known("format", formats[0]);
    pixels.replaceChildren(...Object.entries(sizes).map(([title, side]) => new Option(`${title}, ${side} px`, title)));
    pixels.value = known("size", size);
    if (numbers) number.value = known("number", numbers[this.stage.recording.kind]);
    number.disabled = !numbers;
    for (const [field, hidden] of [
      [format, formats.length < 2],
      [pixels, !size],
      [number, !numbers],
    ])
      field.parentElement.hidden = hidden;
    for (const button of this.buttons) button.setAttribute("aria-checked", button.dataset.thing === name);
    this.look();
  }

  // What the choice means, or why it can't be had.
  look() {
    const { stage, thing, fields } = this;
    const lacks = thing.lacks?.(stage) || lacksFormat(fields.format.value);
    this.help.textContent = lacks || thing.help(stage);
    this.form.querySelector(".go").disabled = Boolean(lacks);
    this.says("");
  }

  says(sentence, bad = false) {
    this.output.textContent = sentence;
    this.output.classList.toggle("bad", bad);
  }

  async make() {
    const { stage, thing, fields } = this;
    const name = chosen.thing;
    const format = fields.format.value;
    const state = current();
    const choice = {
      format,
      pixels: thing.sizes?.[fields.size.value],
      number: +fields.number.value,
      title: title(state),
    };
    this.busy(true);
    try {
      const { file, told = "", error } = await thing.make(stage, choice, (share) => this.rests(share));
      if (error) this.says(error, true);
      else if (!this.cancelled) {
        const called = nameOf(state, format, name);
        download(file, called);
        this.says(`Saved ${called}, ${sized(file.size)}. ${told}`);
      }
    } catch (error) {
      this.says(error instanceof Cancelled ? "" : `This could not be made: ${error.message}`, true);
    }
    this.busy(false);
  }

  busy(busy) {
    const { form, making } = this;
    this.cancelled &&= !busy;
    form.hidden = busy;
    making.hidden = !busy;
    if (busy) this.says("");
    making.querySelector("progress").removeAttribute("value");
    (busy ? making : form).querySelector("button").focus();
  }

  // Between two pictures: the page may breathe, and the visitor may have changed their mind.
  async rests(share) {
    this.making.querySelector("progress").value = share;
    await new Promise((later) => setTimeout(later));
    if (this.cancelled) throw new Cancelled();
  }
}

class Cancelled extends Error {}

function title({ family, dataset }) {
  const data = dataset.pictures ? "own pictures" : (dataset.name ?? "a drawing").replaceAll("_", " ");
  return `${kept(PAGE, "titles")[family]}, ${data}`;
}

const sized = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
