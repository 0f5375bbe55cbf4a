// The data rail: thumbnails of the sets, the settings of the chosen one, and the drawing pad, which opens on the Stage.

import { opening } from "../../links/opening.js";
import { decode } from "../../pad/drawing.js";
import { Pad } from "../../pad/pad.js";
import { hear, keep, openStage, PAGE, say } from "../../page/bus.js";
import { rove } from "../../page/roving.js";
import { send } from "../../page/sending.js";
import { showImages } from "../hub/images.js";
import { Knobs } from "../knobs/knobs.js";
import { arePictures, droppedFiles } from "./dropped.js";
import { Gallery } from "./gallery.js";
import { Pictures } from "./pictures.js";
import { ofDrawing, ofPoints, ofSet } from "./thumbnails.js";
import { Upload } from "./upload.js";

export function mount({ element, props, watch, data }) {
  let sent = null; // the data set that the server has or is receiving
  const hashes = new WeakMap(); // by which the server knows what was sent
  const name = (value, hash) => {
    if (hash) hashes.set(value, hash);
    const known = value.pictures ? { hash, pictures: true } : { hash };
    props.value = JSON.stringify(hash ? known : value);
  };

  // A drawing is sent first. Requests of the Stages wait for it meanwhile (Requests.send).
  async function settle(value) {
    sent = value;
    const sending = "points" in value && !value.hash && send(value);
    keep(PAGE, "sending", sending || null);
    const hash = sending ? await sending : value.hash;
    if (sent !== value) return; // another data set was chosen meanwhile
    keep(PAGE, "sending", null);
    name(value, hash);
    say(PAGE, "chosen", {}); // the open tab starts over; other tabs do when they are opened
  }

  const rail = new Rail(element.querySelector(".data"), data.sets, settle);
  const take = () => {
    const value = props.value ? JSON.parse(props.value) : {};
    if (!value.name && !value.points && !value.pictures?.shape) return; // empty, or the hash set above
    if (value.hash) name(value, value.hash);
    rail.take(value);
  };
  let again = null; // the drawing that was sent again
  // The server evicted the drawing. The second time there may be several servers, so each request then contains it.
  hear(PAGE, "lacks", async (repeat) => {
    if (rail.value.pictures) {
      const found = again === rail.value ? null : await rail.pictures.again();
      again = rail.value;
      return found === rail.value.hash ? repeat() : openStage()?.tell(GONE, "error");
    }
    const { hash, ...value } = rail.value;
    name(value, again === rail.value ? null : await send(value));
    again = rail.value;
    repeat();
  });
  // What a link, a file or the history asks for.
  const restore = ({ dataset }) => {
    sent = dataset;
    keep(PAGE, "sending", null);
    name(dataset, dataset.hash ?? hashes.get(dataset));
    rail.take(dataset);
  };
  const defaults = ({ controls }) => Object.fromEntries(controls.map((control) => [control.name, control.default]));
  keep(PAGE, "settings", Object.fromEntries(Object.entries(data.sets).map(([name, set]) => [name, defaults(set)])));
  watch("value", take);
  opening.then(({ state }) => (state ? restore(state) : take()));
  hear(PAGE, "restores", restore);
}

const GONE = "The server no longer has your pictures. Choose them again.";

class Rail {
  constructor(root, sets, changed) {
    Object.assign(this, { root, sets, changed });
    this.thumbs = root.querySelector(".thumbs");
    this.settings = root.querySelector(".settings");
    this.pad = new Pad({ onchange: () => this.drawn(), onclose: () => this.close() });
    this.upload = new Upload(
      (dataset) => this.uploaded(dataset),
      (files) => this.takeFiles(files),
    );
    this.pictures = new Pictures(
      (dataset) => this.uploaded(dataset),
      () => this.upload.browse(),
    );
    this.lastFile = this.upload; // which of the two the tile shows
    this.gallery = new Gallery(({ classes, names }) => keep(PAGE, "classes", { count: classes, names }));
    this.settings.before(this.gallery.element);
    this.value = null;
    this.drawing = this.tile("draw", "Draw", "Draw your own distribution");
    this.drawing.addEventListener("click", () => this.openPad());
    this.file = this.tile("upload", "Upload", "Upload points, or pictures");
    this.file.addEventListener("click", () => this.openFile());
    this.hub = this.tile("hub", "Hub", "Fetch images from the Hugging Face hub");
    this.hub.addEventListener("click", () => showImages((name, found) => this.pictures.found(name, found)));
    for (const own of [this.drawing, this.file, this.hub]) own.id = own.dataset.set;
    for (const [name, set] of Object.entries(sets)) {
      const tile = this.tile(name, "", set.title);
      tile.addEventListener("click", () => this.choose(name));
    }
    root.append(this.upload.input);
    takeDropped(root, (files) => this.takeFiles(files));
    rove(this.thumbs);
    this.paint();
    hear(PAGE, "theme", () => this.paint());
    hear(PAGE, "begin", () => this.putAway()); // the pad would hide the training
  }

  tile(name, text, title) {
    const tile = document.createElement("button");
    tile.dataset.set = name;
    tile.setAttribute("role", "radio");
    tile.setAttribute("aria-label", title);
    tile.title = title;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 96;
    const caption = document.createElement("span");
    caption.textContent = text;
    tile.append(canvas, caption);
    this.thumbs.append(tile);
    return tile;
  }

  paint() {
    const canvasOf = (tile) => tile.querySelector("canvas");
    for (const [name, set] of Object.entries(this.sets)) {
      ofSet(canvasOf(this.thumbs.querySelector(`[data-set="${name}"]`)), set);
    }
    ofDrawing(canvasOf(this.drawing), this.pad.points);
    this.drawing.classList.toggle("empty", this.pad.points.length === 0);
    const { dataset } = this.lastFile;
    if (dataset?.pictures) ofSet(canvasOf(this.file), dataset.pictures);
    else if (dataset?.on_canvas) ofDrawing(canvasOf(this.file), dataset.points);
    else ofPoints(canvasOf(this.file), dataset?.points ?? []);
    this.file.classList.toggle("empty", !dataset);
  }

  /** Whether the data are those of a file. A picture's are, too, until somebody draws. */
  get ofFile() {
    if (this.value?.pictures) return true;
    return Boolean(this.value?.points) && this.value.points === this.upload.dataset?.points;
  }

  // One file holds points, several or a zip hold pictures.
  takeFiles(files) {
    if (arePictures(files)) this.pictures.read(files);
    else if (files.length) this.upload.read(files[0].file);
  }

  mark() {
    const chosen = this.value?.name ?? (this.ofFile ? "upload" : "draw");
    for (const tile of this.thumbs.children) {
      tile.setAttribute("aria-checked", tile.dataset.set === chosen);
      if (tile.dataset.set === chosen) bringIntoView(this.thumbs, tile);
    }
  }

  // A value from Python: what a link or a file of an experiment asks for.
  take(value) {
    this.value = value;
    if (value.pictures) this.takeFrom(this.pictures, value);
    else if (value.on_canvas === false) this.takeFrom(this.upload, value);
    else if (value.points) this.padTakes(typeof value.points === "string" ? decode(value.points) : value);
    this.pad.detach();
    this.showSettings();
    this.mark();
    this.paint();
    keep(PAGE, "dataset", value);
    this.tellKnobs();
  }

  takeFrom(file, value) {
    file.take(value);
    this.lastFile = file;
  }

  padTakes({ points, labels }) {
    this.pad.set(points, labels ?? points.map(() => 0));
  }

  // The points of a file, or pictures. The points of a picture can be drawn on.
  uploaded(dataset) {
    this.value = dataset;
    this.lastFile = dataset.pictures ? this.pictures : this.upload;
    if (dataset.on_canvas) this.padTakes(dataset);
    this.pad.detach();
    this.showSettings();
    this.paint();
    this.settle();
  }

  // Back to the file's points or pictures, or to another file.
  openFile() {
    const { dataset } = this.lastFile;
    if (!dataset || this.ofFile) this.upload.browse();
    else if (dataset.pictures) this.uploaded(dataset);
    else this.upload.choose();
  }

  choose(name) {
    this.pad.detach();
    this.value = { name, settings: {} };
    this.showSettings();
    this.settle();
  }

  showSettings() {
    if (this.ofFile) {
      return this.settings.replaceChildren(...(this.value.pictures ? this.pictures : this.upload).parts());
    }
    const controls = this.sets[this.value.name]?.controls ?? [];
    this.knobs = new Knobs("data", controls, () => {
      this.value = { name: this.value.name, settings: { ...this.knobs.values } };
      this.settle();
    });
    this.settings.replaceChildren(...this.knobs.parts());
    this.knobs.set(this.value.settings ?? {});
  }

  // Tell the knobs the kind of the data, whose defaults they have, and the number of classes, so that they offer no others.
  // Of images the server says which classes there are.
  tellKnobs() {
    const { name, labels, points, names, pictures } = this.value;
    const set = this.sets[name];
    const drawn = (typeof points === "string" ? decode(points).labels : labels) ?? [];
    const most = drawn.reduce((most, label) => Math.max(most, label), 0);
    const fixed = set ?? pictures;
    const known = fixed ? { count: fixed.classes, names: fixed.names } : { count: most + 1, names };
    const images = Boolean(pictures) || set?.kind === "images";
    const asks = set?.kind === "images" && Object.keys(this.value.settings ?? {}).length > 0;
    keep(PAGE, "kind", images ? "images" : "points");
    if (!asks) keep(PAGE, "classes", known); // otherwise the settings may say that there are more, or fewer
    this.gallery.show(images ? this.value : null);
  }

  settle() {
    this.mark();
    keep(PAGE, "dataset", this.value);
    this.tellKnobs();
    this.changed(this.value);
  }

  openPad() {
    const stage = openStage();
    if (!stage) return;
    this.settings.replaceChildren(); // a drawing has none; removing them at the first stroke would move the pad
    // The pad's tools replace the layers' switches, so that the whole canvas is free.
    stage.plot.style.setProperty("--draw-above", `${stage.root.querySelector(".top").offsetHeight}px`);
    this.pad.attach(stage.plot);
    stage.comeIntoView();
    if (this.pad.points.length && this.value.name) this.drawn(); // back to the previous drawing
  }

  putAway() {
    this.pad.detach();
    if (this.value) this.showSettings();
  }

  close() {
    if (!this.pad.points.length) openStage()?.tell("Nothing is drawn, so the data stay as they were.");
    this.putAway();
    this.drawing.focus({ preventScroll: true });
  }

  drawn() {
    this.paint();
    const { points, labels } = this.pad;
    this.value = { points, labels: labels.some((label) => label) ? labels : null, on_canvas: true };
    this.showSettings();
    this.settle();
  }
}

// On a phone the tiles are one row, of which only some are seen.
function bringIntoView(row, tile) {
  const from = tile.offsetLeft - row.offsetLeft;
  const seen = from >= row.scrollLeft && from + tile.offsetWidth <= row.scrollLeft + row.clientWidth;
  if (!seen) row.scrollLeft = from - (row.clientWidth - tile.offsetWidth) / 2;
}

// Files that are dropped on the rail.
function takeDropped(root, take) {
  root.addEventListener("dragover", (event) => {
    event.preventDefault(); // or the browser would open the file
    root.classList.add("over");
  });
  root.addEventListener("dragleave", () => root.classList.remove("over"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("over");
    droppedFiles(event.dataTransfer).then(take);
  });
}
