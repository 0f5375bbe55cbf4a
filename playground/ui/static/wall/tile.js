// A tile of the wall: a member's run, painted as on their Stage. Names are theirs: they are shown as text, never as HTML.

import { decodeLayers } from "../paint/codec.js";
import { compose } from "../stage/picture.js";
import { Recording } from "../stage/recording/recording.js";
import { Screen } from "../stage/screen.js";
import { wordsOf } from "./words.js";

const LAYOUT = { panels: [""], data: null, moving: false };
const MARKUP = `<p class="name"></p><p class="about"></p><div class="picture"><canvas aria-hidden="true"></canvas></div>
  <p class="came"><span class="step"></span> <span class="of"></span> <b></b> <i></i></p>`;

export class Tile {
  constructor(painted) {
    this.recording = new Recording();
    this.version = "";
    this.element = document.createElement("div");
    Object.assign(this.element, { className: "tile", tabIndex: 0, innerHTML: MARKUP });
    this.element.setAttribute("role", "button");
    const find = (part) => this.element.querySelector(part);
    Object.assign(this, {
      name: find(".name"),
      about: find(".about"),
      step: find(".step"),
      of: find(".of"),
      big: find("b"),
    });
    Object.assign(this, { floor: find("i"), canvas: find("canvas") });
    this.screen = new Screen(find(".picture"), {
      picture: () => this.recording.last && { picture: this.picture(), time: 1 },
      resized: () => {},
      painted,
    });
  }

  /** What the server says of it (playground.ui.wall.tiles). */
  take(told) {
    const { run, kind = "points", samples, data, version } = told;
    if (run !== this.recording.run) this.recording = Object.assign(new Recording(), { run, kind });
    if (data) this.recording.layers = decodeLayers({ data });
    if (samples) this.recording.frames = [{ step: told.step, layers: { samples: flat(samples) } }];
    if (version !== this.version) this.screen.redraw();
    this.version = version;
    const words = wordsOf(told);
    set(this.name, told.name);
    set(this.about, words.about);
    set(this.step, words.step);
    set(this.of, words.of);
    set(this.big, words.number);
    set(this.floor, words.floor);
    const spoken = `${told.name}: ${[words.about, [words.step, words.of].join(" ")].filter(Boolean).join(", ")}`;
    if (this.element.getAttribute("aria-label") !== spoken) this.element.setAttribute("aria-label", spoken);
  }

  picture() {
    const { recording } = this;
    const view = { layout: LAYOUT, layers: ["samples"], data: recording.kind !== "images" };
    return compose([{ recording, title: "" }], recording.last, view);
  }

  enlarge(large) {
    this.element.classList.toggle("large", large);
    this.element.setAttribute("aria-pressed", large);
  }
}

// In its layout, a layer may stand in another panel.
const flat = (samples) => ({ ...decodeLayers({ samples }).samples, panel: 0, title: "" });

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
