// The visitor's own file: the server reads its points (playground.ui.routes.uploads), the page keeps them.

import { ask } from "../../links/opening.js";
import { openStage } from "../../page/bus.js";
import { Knobs } from "../knobs/knobs.js";
import { apart, differ } from "./axes.js";
import { chosenFiles } from "./dropped.js";

const LARGEST = 20_000_000; // bytes; the server reads no more
const TOO_LARGE = "This file is too large; at most 20 MB are possible.";
const READS = ".csv,.tsv,.txt,.npy,.zip,image/*";

const APART = {
  name: "apart",
  title: "Scale the axes separately",
  help: "Both axes then reach from −1 to 1, and distances are in these units. Otherwise one unit is as long on both.",
  widget: "switch",
  default: false,
};

export class Upload {
  /** chosen(dataset): the visitor has chosen the points of a file, or another scale. takeFiles(files): has chosen files. */
  constructor(chosen, takeFiles) {
    this.chosen = chosen;
    this.own = null; // the points as they are in the file
    this.dataset = null; // the data set of them
    this.note = Object.assign(document.createElement("p"), { role: "status" }); // what was read
    this.knobs = new Knobs("upload", [APART], () => this.choose());
    const [toggle] = this.knobs.parts();
    this.toggle = toggle;
    const wanted = { type: "file", accept: READS, multiple: true, hidden: true };
    this.input = Object.assign(document.createElement("input"), wanted);
    this.input.addEventListener("change", () => {
      takeFiles(chosenFiles(this.input.files));
      this.input.value = ""; // so that the same file can be chosen again
    });
  }

  /** The settings of the chosen file. */
  parts() {
    const another = Object.assign(document.createElement("button"), { type: "button", textContent: "Another file" });
    another.className = "another";
    another.addEventListener("click", () => this.browse());
    return [this.note, ...(differ(this.own.points) ? [this.toggle] : []), another];
  }

  browse() {
    this.input.click();
  }

  async read(file) {
    const { dataset, note, error } =
      file.size > LARGEST ? { error: TOO_LARGE } : await ask(addressOf(file), post(file));
    if (error) return openStage()?.tell(error, "error");
    this.take(dataset);
    this.note.textContent = note;
    this.choose();
  }

  /** Points of a file, from a link, say. */
  take(dataset) {
    if (dataset === this.dataset) return;
    this.own = this.dataset = dataset;
    this.note.textContent = "";
    this.knobs.set({ apart: false });
  }

  choose() {
    const { own } = this;
    const { hash, origin, ...rest } = own; // scaled points lie about (0, 0)
    this.dataset = this.knobs.values.apart ? { ...rest, points: apart(own.points) } : own;
    this.chosen(this.dataset);
  }
}

const addressOf = ({ name }) => `playground/upload?${new URLSearchParams({ name })}`;
const post = (file) => ({ method: "POST", body: file });
