// The Stage: the newest frame of a run or an older one, at any time between noise and data, and its transport bar.

import { ask } from "../page/asking.js";
import { hear, keep, PAGE, stages } from "../page/bus.js";
import { throttle } from "../page/timing.js";
import { decode } from "../paint/codec.js";
import { locate } from "../paint/geometry.js";
import { Clock } from "./clock.js";
import { listenToKeys } from "./keys.js";
import { compose } from "./picture.js";
import { Pointer } from "./pointer.js";
import { Constants } from "./recording/constants.js";
import { liveLane, noLanes, record } from "./recording/lanes.js";
import { Requests } from "./requests.js";
import { Screen } from "./screen.js";
import { Switches } from "./switches.js";
import { Tab } from "./tab.js";
import { Transport } from "./transport.js";

export function mount({ element, props, trigger, watch, options }) {
  const stage = new Stage(element.querySelector(".stage"), options, trigger);
  stages.set(options.slot, stage);
  const take = () => props.value && stage.take(props.value);
  watch("value", take);
  take();
}

<<<<<<< HEAD
const LEGIBLE = 4000; // ms that a sentence stays at least
const PATIENCE = 1000; // ms that a picture waits for a layer that it lacks
=======
const LEGIBLE = 4000; // least ms that a sentence stays
>>>>>>> docs2

listenToKeys();

class Stage {
  constructor(root, options, trigger) {
    const { slot, family, timed, gestures, players } = options;
    Object.assign(this, { root, slot, family, timed, gestures });
    this.plot = root.querySelector(".plot");
    this.says = root.querySelector(".says");
    this.turn = root.querySelector(".turn");
    this.lanes = noLanes();
    this.alone = false; // whether only the live lane is shown
    this.shown = null; // the painted frame of the live lane
    this.live = true; // whether the newest frame is followed
    this.trace = null; // a highlighted path
    this.pointedOut = null; // the layers of an answer
    this.draws = 0; // how often new samples were asked for
    this.toldUntil = 0;
    this.stale = false; // whether a setting was changed that the run can't adopt
    this.tab = new Tab(this);
    this.remedy = ""; // the remedy of the next fork
    this.requests = new Requests(slot, trigger);
    root.classList.toggle("timeless", !timed);
    this.askLook = throttle(() => this.send("look", this.look()), 120);
    this.constants = new Constants(this, () => this.completed());
    this.switches = new Switches(root, options, {
      toggled: () => this.lookElsewhere(),
      arranged: () => this.arranged(),
    });
    this.screen = new Screen(this.plot, {
      picture: () => this.shown && { picture: this.picture(), time: this.clock.time },
      resized: () => this.tab.shown(),
      painted: (n) => {
        root.dataset.frames = n;
      },
    });
    this.clock = new Clock(this);
    this.transport = new Transport(this, players);
    this.pointer = new Pointer(this);
    this.showHint();
    hear(PAGE, "chosen", () => this.screen.visible && this.transport.reset());
    hear(slot, "tells", (sentence) => this.tell(sentence));
    hear(slot, "asks", (question) => ask(this, question));
  }

  // The recording of the run that is trained and asked.
  get recording() {
    return liveLane(this.lanes).recording;
  }

  get layout() {
    return this.switches.layout;
  }

  get state() {
    return this.root.dataset.state;
  }

  send(event, data) {
    this.requests.send(event, data);
  }

  // Process a frame, a notice without a picture, or an error.

  take(text) {
    let frame;
    try {
      frame = decode(text);
    } catch {
      return;
    }
    if (frame.lacks) return this.requests.again(frame.asked);
    if (frame.view) this.see(frame.view);
    if (frame.kind) this.record(frame); // a notice has no picture
    if (frame.error) {
      const last = this.recording.last?.state ?? "idle";
      this.root.dataset.state = last === "training" ? "paused" : last;
      this.transport.buttons();
      return this.tell(frame.error, "error");
    }
    if (frame.stale) this.stale = true;
    if (frame.state) this.root.dataset.state = frame.state;
    this.transport.buttons();
    this.transport.goesOn();
    if (frame.message) this.tell(frame.message, frame.state === "failed" ? "error" : "note");
    else if (performance.now() > this.toldUntil) this.tell("");
    if (frame.begin) this.begin(frame); // a recipe, which has set everything
    this.tellRecording(frame);
  }

  record(frame) {
    const before = this.lanes;
    this.lanes = record(before, frame, this.remedy, this.tab.same);
    if (this.lanes !== before) this.beginsAnew();
    this.constants.complete(this.recording);
    if (this.live) this.show(this.recording.last);
  }

  // Another run has replaced the previous one.
  beginsAnew() {
    this.stale = false;
    this.toldUntil = 0; // the previous run's sentence may be replaced
    this.live = true;
    this.tab.beginsAnew();
    this.pointer.forget();
    this.switches.suit(this.recording.kind);
    this.showHint(); // images have fewer gestures
  }

  // The recording has received its constants or floors.
  completed() {
    this.screen.redraw();
    this.tellRecording(this.recording.last);
  }

  tellRecording(frame) {
    const { lanes, recording } = this;
    keep(this.slot, "recording", { lanes, recording, step: this.shown?.step ?? 0, frame });
  }

  show(frame) {
    this.screen.release();
    this.shown = frame;
    this.turn.textContent = frame.moved ? `the ${frame.moved} has moved` : "";
    this.root.dataset.step = frame.step;
    this.screen.redraw();
    this.transport.shows(frame);
  }

  /** Rewind: show the i-th frame of the recording. The last one makes the Stage live again. */
  rewind(i) {
    const { frames, last } = this.recording;
    this.live = i >= frames.length - 1;
    if (!frames[i]) return;
    this.show(frames[i]);
    this.tellRecording(last);
  }

  begin({ layout, layers, trained }) {
    const { switches } = this;
    if (layout) switches.arrange(layout);
    for (const layer of layers ?? []) if (!switches.on.has(layer)) switches.toggle(layer);
    this.comeIntoView();
    if (!trained) return this.transport.train();
    this.transport.endSlow();
    this.send("opened", this.look());
  }

  // The view.

  /** The view, for the server: playground.scene.view_state.ViewState. */
  look() {
    const { on, layoutName } = this.switches;
    const { apart } = this.transport;
    return {
      layers: [...on],
      layout: layoutName,
      time: this.clock.time,
      weights: apart ? "current" : "averaged",
      noise_draw: this.draws,
    };
  }

  /** Set the view of a link. */
  see({ layers, layout, time, noise_draw: draws }) {
    const { switches } = this;
    this.draws = draws;
    for (const name of Object.keys(switches.layers))
      if (switches.on.has(name) !== layers.includes(name)) switches.toggle(name);
    if (switches.possible.includes(layout)) switches.arrange(layout);
    this.clock.set(time);
  }

  // Whether the frame that is shown lacks a visible layer.
  lacks() {
    const layers = this.recording.layersOf(this.shown ?? { layers: {} });
    return this.state === "training" || this.switches.seen.some((name) => !(name in layers));
  }

  lookElsewhere() {
    this.screen.redraw();
    if (!this.lacks()) return;
    if (this.state !== "training") this.screen.hold(PATIENCE);
    this.askLook();
  }

  arranged() {
    this.showHint();
    if (this.layout.moving && this.clock.time === 1) this.clock.set(0.6);
    if (!this.layout.moving && this.state !== "training") this.clock.set(1);
    this.pointer.forget();
    this.lookElsewhere();
  }

  /** Draw new samples of the same model, from other noise. */
  drawAnew() {
    this.draws += 1;
    this.rewind(this.recording.frames.length - 1);
    this.askLook();
  }

  // The hint about gestures takes the place of the clock if the model has no time.
  showHint() {
    const { hint, panels } = this.layout;
    const asks = this.gestures.some((gesture) => this.offers(gesture));
    this.root.querySelector(".clock").dataset.hint = hint;
    this.root.dataset.panels = panels.length;
    keep(this.slot, "hint", hint || (asks ? null : "In this picture there is nothing to point at."));
  }

  // Whether a question's gesture is available in this picture.
  offers({ layouts, kinds }) {
    return layouts.includes(this.switches.layoutName) && kinds.includes(this.recording.kind);
  }

  // The picture.

  /** The visible lanes. A journey has room for one. */
  get seenLanes() {
    return this.alone || this.layout.moving ? [liveLane(this.lanes)] : this.lanes;
  }

  picture() {
    const { switches, trace } = this;
    return compose(this.seenLanes, this.shown, {
      layout: this.layout,
      layers: switches.seen.filter((name) => name !== "data"),
      data: switches.on.has("data"),
      pointedOut: Object.values(this.pointedOut ?? {}).flat(),
      trace,
      veil: this.clock.answers,
    });
  }

  /** The position in the live lane under the pointer, {panel, x, t}, with the panel's index in the lane; or null. */
  place(event) {
    if (!this.shown) return null;
    const found = locate(this.screen.views(this.picture()), ...this.screen.pixel(event), this.clock.time);
    const lanes = this.seenLanes.length;
    if (lanes === 1) return found;
    return found?.panel === lanes - 1 ? { ...found, panel: 0 } : null;
  }

  // Scroll to the picture, for buttons below it that change it.
  comeIntoView() {
    this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** Show a sentence over the picture, long enough to be read. */
  tell(sentence, kind = "note") {
    this.toldUntil = performance.now() + LEGIBLE;
    this.says.hidden = !sentence;
    this.says.textContent = sentence;
    this.says.dataset.kind = kind;
  }

  /** One of the runs is about to be forked. */
  parts(remedy) {
    this.remedy = remedy;
    this.alone = false;
    this.comeIntoView();
    this.transport.expectTraining();
  }

  leaveAlone(alone) {
    this.alone = alone;
    this.pointer.forget();
    this.screen.redraw();
  }
}
