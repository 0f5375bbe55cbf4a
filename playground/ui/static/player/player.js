// A recording that was taken home, played in a page of its own: the page's own painter, switches and screen. It asks for
// nothing: all that it shows stands in the page (static/export/player-file.js).

import { decodeLayers } from "../paint/codec.js";
import { changesWithTime, compose } from "../stage/picture.js";
import { liveLane } from "../stage/recording/lanes.js";
import { Recording } from "../stage/recording/recording.js";
import { Screen } from "../stage/screen.js";
import { Switches } from "../stage/switches.js";
import { Slider } from "./slider.js";

const TRAINING = 80; // ms for each picture
const TIME = 3000; // ms from noise to data
const MOST = 5; // steps that are named

/** Play what the page holds. */
export function play() {
  new Player(JSON.parse(document.querySelector("#recording").textContent));
}

class Player {
  constructor({ about, kept: [kept, all], lanes }) {
    this.lanes = lanes.map(read);
    this.time = about.time;
    const { recording } = liveLane(this.lanes);
    const find = (part) => document.querySelector(part);
    dress(about);
    this.switches = new Switches(find("main"), about, {
      toggled: () => this.redraw(),
      arranged: () => this.arranged(),
    });
    this.switches.suit(recording);
    this.switches.set(about.on, about.layout);
    this.training = new Slider(find("#training"), recording.frames.length - 1, TRAINING, (i) => this.step(i));
    this.clock = new Slider(find("#clock"), 1, TIME, (t) => this.at(t));
    const moving = recording.frames.filter(hasTimes).map(({ step }) => step.toLocaleString("en"));
    find("#clock").hidden = !moving.length;
    find("#training").hidden = recording.frames.length < 2;
    const told = kept < all ? [`${kept} of ${all} recorded pictures.`] : [];
    if (moving.length)
      told.push(`All times from noise to data were recorded at step ${moving.slice(-MOST).join(", ")}.`);
    find("p").textContent = told.join(" ");
    this.screen = new Screen(find(".plot"), {
      picture: () => ({ picture: this.picture(), time: this.time }),
      resized: () => {},
      painted: (n) => {
        find("main").dataset.frames = n;
      },
    });
    this.training.set(recording.placeOf(about.step));
    this.clock.set(about.time);
  }

  redraw() {
    if (!this.screen) return; // not all is there yet
    this.clock.enable(changesWithTime(this.picture()));
    this.screen.redraw();
  }

  arranged() {
    if (!this.switches.layout.moving) this.clock?.set(1);
    else if (this.time === 1) this.clock?.set(0.6);
    this.redraw();
  }

  step(i) {
    this.shown = liveLane(this.lanes).recording.frames[i];
    const { step, steps } = this.shown;
    document.querySelector("main").dataset.step = step;
    this.redraw();
    return `step ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}`;
  }

  at(t) {
    this.time = t;
    this.redraw();
    return `t = ${t.toFixed(2)}`;
  }

  picture() {
    const { switches, lanes } = this;
    const seen = switches.layout.moving ? [liveLane(lanes)] : lanes; // a journey has room for one
    return compose(seen, this.shown, switches.view);
  }
}

const hasTimes = ({ layers }) => changesWithTime({ panels: [{ pieces: Object.values(layers).flat() }] });

function read({ title, kind, absent, layers, frames }) {
  const decoded = frames.map((frame) => ({ ...frame, layers: decodeLayers(frame.layers) }));
  const recording = Object.assign(new Recording(), { kind, absent, layers: decodeLayers(layers), frames: decoded });
  return { title, recording };
}

// The colours and proportions of the page that it was taken from.
function dress({ title, colours, dark, size: [width, height] }) {
  document.title = title;
  document.querySelector("h1").textContent = title;
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  const { style } = document.body;
  for (const [name, colour] of Object.entries(colours)) style.setProperty(`--${name}`, colour);
  style.setProperty("--proportion", width / height);
}
