// The visitor's own pictures: several files, a zip, or a set on the hub. The server makes images of them
// (playground.ui.routes.uploads) and keeps those; the page keeps the files, or the set's name, to ask for them again
// with other settings or of a server that has forgotten them.

import { ask } from "../../links/opening.js";
import { openStage } from "../../page/bus.js";
import { fetchImages } from "../hub/images.js";
import { Knobs } from "../knobs/knobs.js";

const LARGEST = 20_000_000; // bytes; the server reads no more
const TOO_LARGE = "These files are too large; at most 20 MB are possible in all.";
const UNREADABLE = "A file can't be read any more. Choose them again.";
const PRIVATE = "Only this server has them, for a while. No link holds them; the file of a saved model does.";

const CONTROLS = [
  {
    name: "side",
    title: "Pixels",
    help: "Each picture is cropped to a square in its middle and reduced to so many pixels on each side.",
    widget: "choice",
    options: ["8", "16", "28"],
    words: { 8: "8 × 8", 16: "16 × 16", 28: "28 × 28" },
    default: "16",
  },
  {
    name: "colour",
    title: "In colour",
    help: "Otherwise they are ink on paper, which is whatever most of their edges are.",
    widget: "switch",
    default: false,
  },
];

export class Pictures {
  /** chosen(dataset): the visitor has chosen pictures, or how they are read. browse(): asks for others. */
  constructor(chosen, browse) {
    Object.assign(this, { chosen, browse });
    this.source = null; // [{name, file}, …], or the name of a set on the hub
    this.dataset = null; // {hash, pictures: {shape, count, classes, names, tiles}}
    this.note = Object.assign(document.createElement("p"), { role: "status" }); // what was read
    this.knobs = new Knobs("pictures", CONTROLS, () => this.read(this.source, this.knobs.values));
    this.controls = this.knobs.parts();
  }

  /** The settings of the chosen pictures. */
  parts() {
    const hint = Object.assign(document.createElement("p"), { textContent: PRIVATE });
    const another = Object.assign(document.createElement("button"), { type: "button", textContent: "Other pictures" });
    another.className = "another";
    another.addEventListener("click", () => this.browse());
    return [this.note, ...(this.source ? this.controls : []), hint, another];
  }

  /** Read files, or a set on the hub; without settings, as suits them. */
  async read(source, settings = {}) {
    this.note.textContent = "Reading …";
    this.found(source, await this.send(source, settings));
  }

  /** What was read of them, {dataset, note} or {error}. */
  found(source, { dataset, note, error }) {
    if (error) {
      this.note.textContent = this.dataset ? this.said : "";
      if (this.dataset) this.show();
      return openStage()?.tell(error, "error");
    }
    this.source = source;
    this.dataset = dataset;
    this.note.textContent = this.said = note;
    this.show();
    this.chosen(dataset);
  }

  async send(source, settings) {
    if (typeof source !== "string") return this.sendFiles(source, settings);
    const side = settings.side && Number(settings.side);
    return fetchImages(source, side ? { side, colour: settings.colour } : {});
  }

  async sendFiles(files, { side, colour }) {
    const size = files.reduce((sum, { file }) => sum + file.size, 0);
    if (size > LARGEST) return { error: TOO_LARGE };
    const names = JSON.stringify(files.map(({ name, file }) => [name, file.size]));
    const query = new URLSearchParams({ ...(side && { side }), ...(side && { colour }) });
    // A folder, or a file that was deleted since, has no content.
    const body = await new Blob([`${names}\n`, ...files.map(({ file }) => file)]).arrayBuffer().catch(() => null);
    if (!body) return { error: UNREADABLE };
    return ask(`playground/pictures?${query}`, { method: "POST", body });
  }

  /** The hash of the pictures on a server that had forgotten them; null if the page doesn't know where they are from. */
  async again() {
    const { dataset } = this.source ? await this.send(this.source, this.knobs.values) : {};
    return dataset?.hash ?? null;
  }

  /** Pictures that the page comes back to. */
  take(dataset) {
    if (dataset.hash === this.dataset?.hash) return;
    Object.assign(this, { dataset, source: null });
    this.note.textContent = "";
  }

  show() {
    const [height, , channels] = this.dataset.pictures.shape;
    this.knobs.set({ side: String(height), colour: channels === 3 });
  }
}
