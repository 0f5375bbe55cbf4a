// A lane of a race: the run in a slot of its own, painted as on a Stage.

import { ask } from "../page/asking.js";
import { palette } from "../page/palette.js";
import { decodeLayers } from "../paint/codec.js";
import { compose } from "../stage/picture.js";
import { Constants } from "../stage/recording/constants.js";
import { Recording } from "../stage/recording/recording.js";
import { Screen } from "../stage/screen.js";
import { traceAt } from "./noise/noise.js";
import { deciding } from "./ranking.js";

const LAYOUT = { panels: [""], data: null, moving: false };
const SAMPLES = ["samples"];

const FIRST_COLOUR = 1; // of the classes': the first is the data's. In a race data have one colour, so that these are free
const TRIES = 3; // a busy trainer may not answer at once

const MARKUP = `
  <header><i></i><h3></h3><button class="icon edit">⋯</button></header>
  <div class="picture"><canvas role="img"></canvas></div>
  <p class="figures"><b class="rank"></b><b class="big">–</b> <span class="floor"></span></p>
  <p class="sub told"></p>
  <button class="pick" aria-pressed="false">I think it wins</button>`;

export class Lane {
  /** track: gives the time, the share of the race that is shown (1 is live), and draws its frames. */
  constructor(track, number) {
    Object.assign(this, { track, number, recording: new Recording(), about: null, slot: "", sent: null });
    this.trace = null; // where the model sends one point of noise: {path, times}
    this.results = []; // the measures of each round
    this.element = document.createElement("article");
    this.element.className = "lane";
    this.element.innerHTML = MARKUP;
    const find = (part) => this.element.querySelector(part);
    Object.assign(this, { title: find("h3"), rankBadge: find(".rank"), told: find(".told"), pick: find(".pick") });
    Object.assign(this, { big: find(".big"), floor: find(".floor"), canvas: find("canvas"), edit: find(".edit") });
    this.screen = new Screen(find(".picture"), {
      picture: () => this.shown && { picture: this.picture(), time: track.clock.time },
      resized: () => {},
      painted: () => track.painted(),
    });
    this.constants = new Constants(this, () => {
      this.screen.redraw();
      track.changed();
    });
    find(".picture").addEventListener("click", () => track.choose(this.number));
    this.pick.addEventListener("click", () => track.choose(this.number));
    this.edit.addEventListener("click", () => track.field.edit(this.number));
  }

  /** What the server says of it: {slot, title, family, parameters, evaluations, steps}. */
  describe(about) {
    this.about = about;
    this.slot = about.slot;
    Object.assign(this.title, { textContent: about.title, title: about.title });
    this.edit.setAttribute("aria-label", `Settings of ${about.title}`);
    this.pick.setAttribute("aria-label", `I think ${about.title} wins`);
    this.element.style.setProperty("--lane", `var(--${this.colourName})`);
  }

  take(frame) {
    const { samples } = decodeLayers(frame.layers ?? {});
    const pieces = [samples ?? []].flat().map((piece) => ({ ...piece, panel: 0, title: "" })); // images have another
    const decoded = { ...frame, layers: { samples: pieces } };
    if (frame.run === this.recording.run) this.recording.add(decoded);
    else {
      const same = this.track.dataset === this.sent; // whether the data are those of the run before
      this.recording = Recording.begin(decoded, undefined, same ? this.recording : undefined);
      this.sent = this.track.dataset;
    }
    this.constants.complete(this.recording);
    this.screen.redraw();
  }

  get state() {
    return this.recording.last?.state ?? "idle";
  }

  get over() {
    return this.state === "done" || this.state === "failed";
  }

  /** How far it has come, 0 … 1. */
  get progress() {
    const { last } = this.recording;
    return last ? last.step / last.steps : 0;
  }

  /** The step that is shown: the newest or, after a rewind, that of the same share of the race. */
  get step() {
    const { last } = this.recording;
    if (!last || this.track.share === null) return last?.step ?? 0;
    return Math.min(last.step, this.track.share * last.steps);
  }

  get shown() {
    return this.recording.last && this.recording.at(this.step);
  }

  get distance() {
    return this.recording.scalar(deciding(this.recording), this.step);
  }

  /** What the server measures of its model, with what the training took; undefined if it has failed. */
  async measures() {
    if (this.state === "failed") return undefined;
    const { step: steps, seconds } = this.recording.last;
    let found = {};
    for (let tries = 0; tries < TRIES && !found.measures; tries++) found = await ask(this, { ask: "measures" });
    return found.measures && { ...found.measures, steps, seconds };
  }

  picture() {
    const images = this.recording.kind === "images";
    const trace = this.trace && traceAt(this.trace, this.track.clock.time);
    const view = { layout: LAYOUT, layers: SAMPLES, data: !images, trace };
    const picture = compose([{ recording: this.recording, title: "" }], this.shown, view);
    for (const panel of picture.panels) panel.backdrop = this.plain(panel.backdrop);
    return picture;
  }

  // The data without their classes.
  plain(backdrop) {
    if (!backdrop?.labels) return backdrop;
    if (this.classed !== backdrop) Object.assign(this, { classed: backdrop, unclassed: { ...backdrop, labels: null } });
    return this.unclassed;
  }

  /** Write what is shown. rank: null before there is one. shared: whether others have it, too. */
  write(rank, shared, leads) {
    const { shown, recording, about } = this;
    const distance = rank === null ? undefined : this.distance;
    set(this.big, distance === undefined ? "–" : distance.toPrecision(2));
    const floor = recording.floors[deciding(recording)];
    set(this.floor, floor === undefined ? "" : `floor ${floor.toPrecision(2)}`);
    set(this.rankBadge, rank === null ? "" : `${rank}${shared ? "=" : ""}`);
    this.rankBadge.title = rank === null ? "" : `Rank ${rank}${shared ? ", shared" : ""}`;
    this.element.classList.toggle("leads", leads);
    const failed = shown?.state === "failed" ? shown.message || "It has blown up." : "";
    const count = (n) => n.toLocaleString("en");
    const steps = about?.steps ?? null;
    const cost = about
      ? `${count(about.parameters)} parameters, ${count(about.evaluations)} evaluation${about.evaluations > 1 ? "s" : ""}`
      : "";
    const went = shown?.step ? `step ${count(shown.step)}${steps ? ` of ${count(steps)}` : ""}` : cost;
    set(this.told, failed || went);
    this.told.classList.toggle("bad", failed !== "");
    this.speak(rank, distance);
  }

  // In words, when it rests.
  speak(rank, distance) {
    const { shown, about } = this;
    if (shown?.state === "training" || !about) return;
    const begins = `${about.title}: data, and what the model makes, at step ${shown?.step ?? 0}.`;
    const words = distance === undefined ? begins : `${begins} Distance ${distance.toPrecision(2)}, rank ${rank}.`;
    if (this.canvas.getAttribute("aria-label") !== words) this.canvas.setAttribute("aria-label", words);
  }

  get colourName() {
    return `class-${this.number + FIRST_COLOUR}`;
  }

  get colour() {
    return palette()[this.colourName];
  }
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
