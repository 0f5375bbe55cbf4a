// The Stage: a canvas that draws the newest frame, or an older one, at any time between noise and data.

import { ask } from "./asking.js";
import { decode } from "./codec.js";
import { Film } from "./film.js";
import { channel, hear, keep, openStage, say, stages, throttle } from "./bus.js";
import { Painting } from "./painting.js";
import { Transport } from "./transport.js";
import { Pointer } from "./pointer.js";

export function mount({ element, props, trigger, watch, options }) {
  const stage = new Stage(element.querySelector(".stage"), options, trigger);
  stages.set(options.family, stage);
  const take = () => props.value && stage.take(props.value);
  watch("value", take);
  take();
}

const LINK = location.search; // as the page was opened

const dataset = () => JSON.stringify(channel("page").dataset);

export class Stage {
  constructor(root, { family, layers, layouts, timed, gestures, players }, trigger) {
    Object.assign(this, { root, family, layers, layouts, timed, gestures, trigger });
    this.plot = root.querySelector(".plot");
    this.says = root.querySelector(".says");
    this.turn = root.querySelector(".turn");
    this.film = new Film();
    this.shown = null; // the frame that is drawn
    this.live = true; // whether that is always the newest
    this.time = 1;
    this.layoutName = Object.keys(layouts)[0];
    this.trace = null; // a path to be pointed out
    this.pointedOut = null; // layers that an answer brought
    this.drawn = 0;
    this.draws = 0; // how often other samples were asked for
    this.toldUntil = 0;
    this.stale = false;
    this.asked = false; // whether the server was asked for a first picture
    this.sent = {}; // what was last asked, by event
    this.seen = ""; // the data that the run is of
    this.alone = false; // whether a run that parted from another is shown without it
    this.remedy = ""; // with what the next one parts
    this.on = new Set(Object.keys(layers).filter((name) => layers[name].shown));
    root.querySelector(".layers").append(...Object.entries(layers).map(([name, layer]) => this.chip(name, layer)));
    root.querySelector(".layouts").append(...Object.entries(layouts).map(([name, layout]) => this.choice(name, layout)));
    root.classList.toggle("timeless", !timed);
    this.showHint();
    this.askLook = throttle(() => this.send("look", this.look()), 120);
    this.askAnew = throttle(() => this.film.lacks() && this.send("look", { ...this.look(), anew: true }), 1500);
    this.painting = new Painting(this);
    this.canvas = this.painting.canvas;
    this.transport = new Transport(this, players);
    this.pointer = new Pointer(this);
    this.showChips();
    this.listen();
    requestAnimationFrame(() => this.tick());
  }

  get layout() {
    return this.layouts[this.layoutName];
  }

  listen() {
    hear("page", "theme", () => this.redraw());
    hear("page", "chosen", () => this.visible() && this.transport.reset());
    hear(this.family, "tells", (sentence) => this.tell(sentence));
    hear(this.family, "asks", (question) => ask(this.family, question));
  }

  // The button of a layout.
  choice(name, { title, help }) {
    const chip = document.createElement("button");
    chip.className = "chip";
    chip.dataset.layout = name;
    chip.title = help;
    chip.textContent = title;
    chip.setAttribute("aria-pressed", name === this.layoutName);
    chip.addEventListener("click", () => this.arrange(name));
    return chip;
  }

  // The layouts in which the data can be seen, by name.
  possible() {
    return Object.keys(this.layouts).filter((name) => this.layouts[name].of.includes(this.film.of));
  }

  // Whether a layer belongs to the layout that is chosen, and to the data.
  suits(layer) {
    const { layouts, of } = this.layers[layer];
    return layouts.includes(this.layoutName) && of.includes(this.film.of);
  }

  // What one can do here by pointing stands where a model without time has no clock.
  showHint() {
    this.root.querySelector(".clock").dataset.hint = this.layout.hint;
    const { gestures, layoutName, film } = this;
    const asks = gestures.some((g) => g.layouts.includes(layoutName) && g.of.includes(film.of));
    keep(this.family, "hint", this.layout.hint || (asks ? null : "In this picture there is nothing to point at."));
    this.root.dataset.panels = this.layout.panels.length;
  }

  showChips() {
    const possible = this.possible();
    for (const chip of this.root.querySelectorAll("[data-layout]"))
      chip.hidden = possible.length < 2 || !possible.includes(chip.dataset.layout);
    for (const chip of this.root.querySelectorAll("[data-layer]")) chip.hidden = !this.suits(chip.dataset.layer);
  }

  // The switch of a layer.
  chip(name, { title, help, colour }) {
    const chip = document.createElement("button");
    chip.className = "chip";
    chip.dataset.layer = name;
    chip.title = help;
    chip.setAttribute("aria-pressed", this.on.has(name));
    const dot = document.createElement("i");
    dot.style.setProperty("--dot", `var(--${colour})`);
    chip.append(dot, title);
    chip.addEventListener("click", () => this.toggle(name));
    return chip;
  }

  // What the visitor looks at, for the server: playground.scene.view_state.ViewState.
  look() {
    return { layers: [...this.on], layout: this.layoutName, time: this.time, weights: this.transport.apart ? "current" : "averaged", noise_draw: this.draws };
  }

  // While a drawing is on its way to the server, what is asked waits: the data come first.
  send(event, data = {}) {
    const { sending } = channel("page");
    if (sending) return void sending.then(() => setTimeout(() => this.send(event, data)));
    this.sent[event] = data;
    this.trigger(event, data);
  }

  // The server lacks the drawing: once it has it again, ask again.
  askAgain(event) {
    say("page", "lacks", () => (event in this.sent ? this.send(event, this.sent[event]) : say(this.family, "turn again", {})));
  }

  // The link of what is seen.
  share() {
    this.send("shared", { family: this.family, view: this.look() });
  }

  // Look at what a link asks for.
  see({ layers, layout, time, noise_draw }) {
    this.draws = noise_draw;
    for (const name of Object.keys(this.layers)) if (this.on.has(name) !== layers.includes(name)) this.toggle(name);
    if (this.possible().includes(layout)) this.arrange(layout);
    this.transport.setTime(time);
  }

  toggle(layer) {
    const chip = this.root.querySelector(`[data-layer="${layer}"]`);
    const on = !this.on.has(layer);
    on ? this.on.add(layer) : this.on.delete(layer);
    chip.setAttribute("aria-pressed", on);
    if (this.lacks()) this.askLook();
    this.redraw();
  }

  arrange(name) {
    this.layoutName = name;
    for (const chip of this.root.querySelectorAll("[data-layout]"))
      chip.setAttribute("aria-pressed", chip.dataset.layout === name);
    this.showChips();
    this.showHint();
    if (this.layout.moving && this.time === 1) this.transport.setTime(0.6);
    if (!this.layout.moving && this.state !== "training") this.transport.setTime(1);
    this.pointer.forget();
    if (this.lacks()) this.askLook();
    this.redraw();
  }

  // Other samples of the same model, from other noise.
  drawAnew() {
    this.draws += 1;
    this.rewind(this.film.frames.length - 1);
    this.askLook();
  }

  // Whether a layer that is looked at is not in the frame that is shown.
  lacks() {
    const layers = this.film.layers(this.shown ?? { layers: {} });
    return this.state === "training" || [...this.on].some((name) => this.suits(name) && !(name in layers));
  }

  setTime(t) {
    this.time = t;
    if (this.state === "training" && this.timed) this.askLook();
    this.dirty = true;
  }

  get state() {
    return this.root.dataset.state;
  }

  // A frame has come, or a notice without a picture, or an error.
  take(text) {
    let frame;
    try {
      frame = decode(text);
    } catch {
      return;
    }
    if (frame.step !== undefined && Object.keys(frame.layers).length) {
      const another = this.film.add(frame);
      if (another) {
        this.stale = false;
        this.toldUntil = 0; // what was said of the run before is over
        this.live = true;
        this.seen = dataset();
        this.pointer.forget();
        this.film.title = this.remedy;
        this.redraw();
        if (!this.possible().includes(this.layoutName)) this.arrange(this.possible()[0]);
        else this.showChips();
        this.showHint(); // of images, less can be asked
      }
      if (frame.layers.data) this.redraw();
      if (this.film.lacks()) this.askAnew();
      if (this.live) this.show(this.film.last);
    }
    if (frame.lacks) return this.askAgain(frame.asked);
    if (frame.error) {
      this.root.dataset.state = this.film.last?.state === "training" ? "paused" : (this.film.last?.state ?? "idle");
      this.transport.buttons();
      return this.tell(frame.error, "error");
    }
    if (frame.stale) this.stale = true; // a setting was changed that this run can't take
    if (frame.state) this.root.dataset.state = frame.state;
    this.transport.buttons();
    this.transport.goesOn();
    if (frame.message) this.tell(frame.message, frame.state === "failed" ? "error" : "note");
    else if (performance.now() > this.toldUntil) this.tell("");
    if (frame.view) this.see(frame.view);
    if (frame.begin) this.begin(frame); // a recipe: it has set everything
    keep(this.family, "film", { film: this.film, step: this.shown?.step ?? 0, frame });
    this.complete();
  }

  // Dear layers come only to those who look: ask for what is looked at and was not sent, once for each picture.
  complete() {
    const { layers, layout } = this.look();
    const picture = JSON.stringify([this.film.run, this.film.last?.step, layers, layout]);
    if (this.state === "training" || picture === this.completed || !this.lacks()) return;
    this.completed = picture;
    this.askLook();
  }

  begin({ layout, shown, trained }) {
    if (layout) this.arrange(layout);
    for (const layer of shown ?? []) if (!this.on.has(layer)) this.toggle(layer);
    this.comeIntoView();
    if (!trained) return this.transport.train();
    this.transport.endSlow();
    this.send("opened", this.look());
  }

  // For buttons that stand below the picture and change it.
  comeIntoView() {
    this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  // A sentence over the picture; it stays long enough to be read.
  tell(sentence, kind = "note") {
    this.toldUntil = performance.now() + 4000;
    this.says.hidden = !sentence;
    this.says.textContent = sentence;
    this.says.dataset.kind = kind;
  }

  // Another run is about to part from this one.
  parts(remedy) {
    this.remedy = remedy;
    this.alone = false;
    this.comeIntoView();
    this.transport.expectTraining();
  }

  leaveAlone(alone) {
    this.alone = alone;
    this.pointer.forget();
    this.redraw();
  }

  // Whether two runs are shown side by side.
  get compares() {
    return this.film.before !== null && !this.alone && !this.layout.moving;
  }

  show(frame) {
    this.shown = frame;
    this.turn.textContent = frame.moved ? `the ${frame.moved} has moved` : "";
    this.root.dataset.step = frame.step;
    this.dirty = true;
    this.transport.shows(frame);
  }

  // Rewind: show the i-th frame of the film; the last one means live again.
  rewind(i) {
    this.live = i >= this.film.frames.length - 1;
    const frame = this.film.frames[i];
    if (!frame) return;
    this.show(frame);
    keep(this.family, "film", { film: this.film, step: frame.step, frame: this.film.last });
  }

  // Drawing.

  resized() {
    this.redraw();
    if (!this.visible() || channel("page").opens === this.family) return;
    keep("page", "opens", this.family);
    this.opens();
  }

  // The tab opens: for the first time, or after the data may have changed in another.
  opens() {
    if (!this.asked && (LINK || !this.film.last)) this.send("opened", { query: LINK });
    else if (this.seen !== dataset()) this.transport.reset();
    if (location.search !== LINK) this.share(); // the link is of the tab that is open
    this.asked = true;
  }

  // A hidden tab's canvas has no size: nothing is drawn, and nothing is lost.
  visible() {
    return this.painting?.canvas.width && this.root.offsetParent !== null;
  }

  redraw() {
    if (this.painting) this.painting.backdrop = null;
    this.dirty = true;
  }

  tick() {
    if (this.dirty && this.visible()) {
      this.dirty = false;
      this.painting.draw();
      this.drawn += 1;
      this.root.dataset.frames = this.drawn;
    }
    requestAnimationFrame(() => this.tick());
  }
}

// Keys work wherever the focus is, except where they mean something else.
document.addEventListener("keydown", (event) => {
  const stage = openStage();
  const busy = event.target.closest?.("input, textarea, select, button, dialog, [contenteditable], .pad");
  if (!stage || event.ctrlKey || event.metaKey || event.altKey) return;
  if (busy && !(event.target.matches("button.chip, .go") && event.key !== " ")) return;
  if (stage.transport.key(event.key)) event.preventDefault();
});
