// The Stage: the newest frame of a run, or an older one, at any time between noise and data; and the bar under it.

import { Lifeline } from "../links/lifeline.js";
import { ask } from "../page/asking.js";
import { hear, keep, PAGE, say, stages } from "../page/bus.js";
import { throttle } from "../page/timing.js";
import { decode } from "../paint/codec.js";
import { locate } from "../paint/geometry.js";
import { Clock } from "./clock.js";
import { listenToKeys } from "./keys.js";
import { ModelBand } from "./model/model.js";
import { Past } from "./past.js";
import { compose } from "./picture.js";
import { Pointer } from "./pointing/pointer.js";
import { UnderPointer } from "./pointing/under-pointer.js";
import { Constants } from "./recording/constants.js";
import { Earlier, liveLane, noLanes, record } from "./recording/lanes.js";
import { Rested } from "./recording/rested.js";
import { SlowLayers } from "./recording/slow-layers.js";
import { Requests } from "./requests.js";
import { Screen } from "./screen.js";
import { Switches } from "./switches.js";
import { Tab } from "./tab.js";
import { Transport } from "./transport.js";
import { hintOf } from "./words/hint.js";
import { Says } from "./words/says.js";
import { speak } from "./words/spoken.js";

export function mount({ element, props, trigger, watch, options, data }) {
  const take = (text) => text && stage.take(text);
  const first = () => take(props.value || data.opening[options.slot]); // of a tab that needn't ask
  const stage = new Stage(element.querySelector(".stage"), options, trigger, first);
  stages.set(options.slot, stage);
  watch("value", () => take(props.value));
}

const PATIENCE = 3000; // ms that a picture waits for a layer that it lacks

listenToKeys();

class Stage {
  constructor(root, options, trigger, takeFirst) {
    const { slot, family, timed, gestures } = options;
    Object.assign(this, { root, slot, family, timed, gestures, takeFirst });
    this.plot = root.querySelector(".plot");
    this.says = new Says(root.querySelector(".says"));
    Object.assign(this, { turn: root.querySelector(".turn"), lanes: noLanes(), earlier: new Earlier() });
    this.alone = false; // whether only the live lane is shown
    this.shown = null; // the frame of the live lane that is painted
    this.live = true; // whether that is always the newest
    this.runState = "idle"; // also while an earlier step is shown
    this.trace = null; // a path to be pointed out
    // Layers of an answer; whether all else is faded; the layers that a symbol or a box of the model means.
    Object.assign(this, { pointedOut: null, veiled: false, marks: [] });
    this.draws = 0; // how often other samples were asked for
    this.stale = false; // whether a setting was changed that the run can't take
    this.tab = new Tab(this);
    this.remedy = ""; // with what the next run parts from this one
    this.requests = new Requests(slot, trigger);
    root.classList.toggle("timeless", !timed);
    this.past = new Past(this);
    this.askLook = throttle(() => (this.live ? this.send("look", this.look()) : this.past.ask({})), 120);
    this.constants = new Constants(this, () => {
      this.switches.suit(this.recording);
      this.screen.redraw();
      this.tellRecording();
    });
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
    new ModelBand(this, options.diagram);
    this.clock = new Clock(this);
    this.transport = new Transport(this, options);
    new SlowLayers(this, options.layers);
    new Rested(this);
    this.pointer = new Pointer(this);
    new UnderPointer(this.plot, slot, timed);
    speak(this.screen.canvas, slot);
    this.showHint();
    hear(PAGE, "chosen", () => this.screen.visible && this.transport.startOver());
    this.lifeline = new Lifeline(this);
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

  /** The state of what is shown: that of the run, or "rewound". */
  get state() {
    return this.root.dataset.state;
  }

  changes(state) {
    this.clock.swing.follows(this.runState, state);
    this.runState = state;
    this.root.dataset.state = this.live || this.past.waits ? state : "rewound";
    this.past.offer();
    this.transport.buttons();
  }

  send(event, data) {
    this.requests.send(event, data);
  }

  // What a frame, a notice without a picture, or an error says.

  take(text) {
    this.requests.answered();
    let frame;
    try {
      frame = decode(text);
    } catch {
      return;
    }
    if (this.earlier.late(frame)) return;
    if (frame.lacks) return this.requests.again(frame.asked);
    if (frame.kind) this.record(frame); // a notice has no picture
    if (frame.error) {
      this.root.removeAttribute("data-opening");
      const last = this.recording.last?.state ?? "idle";
      this.past.waits = null;
      this.changes(last === "training" ? "paused" : last);
      return frame.gone ? this.transport.offerTraining(frame.error) : this.tell(frame.error, "error");
    }
    if (frame.stale) this.stale = true;
    if (!this.lifeline.cut && !this.past.outlives(frame)) this.changes(frame.state ?? this.runState);
    this.transport.goesOn();
    if (frame.stale && this.state === "training") this.transport.offerRestart(frame.message);
    else if (frame.message) this.tell(frame.message, frame.state === "failed" ? "error" : "note");
    else this.says.fade();
    if (frame.begin) this.begin(frame); // a recipe: it has set everything
    this.tellRecording(frame);
  }

  record(frame) {
    const before = this.lanes;
    const edits = this.recording.last?.edits;
    this.lanes = record(before, frame, this.remedy, this.tab.same, this.earlier);
    if (this.lanes !== before) this.beginsAnew();
    this.constants.complete(this.recording);
    if (this.live) this.show(this.recording.last);
    else this.past.grows(frame, edits);
  }

  // Another run has taken the place of the one before.
  beginsAnew() {
    this.stale = false;
    this.says.release(); // what it says is of the run before
    this.live = true;
    this.past.waits = null;
    this.tab.beginsAnew();
    this.pointer.forget();
    this.switches.suit(this.recording);
    this.showHint(); // of images, less can be asked
  }

  tellRecording(news = this.recording.last) {
    const { lanes, recording, live, shown } = this;
    const frame = live ? news : { ...shown, state: "rewound" };
    keep(this.slot, "recording", { lanes, recording, step: shown?.step ?? 0, frame });
  }

  show(frame) {
    this.screen.release();
    this.shown = frame;
    this.turn.textContent = frame.moved ? `the ${frame.moved} has moved` : (frame.prepares ?? "");
    this.root.dataset.step = frame.step;
    this.screen.redraw();
    this.transport.shows(frame);
  }

  begin({ layout, switched_on: layers, time, trained }) {
    this.live = true;
    if (layout) this.switches.arrange(layout);
    if (time !== null) this.clock.fix(time);
    this.switches.switchTo(layers);
    this.comeIntoView();
    if (!trained) return this.transport.train();
    this.transport.endSlow();
    this.send("opened", this.look());
  }

  /** What the visitor looks at, for the server: playground.scene.ViewState. */
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

  /** Look at what a link or a file asks for; its frame is still to come. */
  see({ layers, layout, time, weights, noise_draw: draws }) {
    this.draws = draws;
    this.transport.apart = weights === "current";
    this.switches.set(layers, layout);
    this.clock.fix(time);
    this.showHint();
  }

  // Whether a layer that is looked at is not in the frame that is shown.
  lacks() {
    const layers = this.recording.layersOf(this.shown ?? { layers: {} });
    return this.state === "training" || this.switches.seen.some((name) => !(name in layers));
  }

  lookElsewhere() {
    this.screen.redraw();
    say(this.slot, "looks", {});
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

  /** Other samples of the same model, from other noise. */
  drawAnew() {
    this.draws += 1;
    this.askLook();
  }

  // What one can do here by pointing.
  showHint() {
    this.root.dataset.panels = this.layout.panels.length;
    keep(this.slot, "hint", hintOf(this));
  }

  /** The lanes that are seen: a journey has room for one. */
  get seenLanes() {
    return this.alone || this.layout.moving ? [liveLane(this.lanes)] : this.lanes;
  }

  picture() {
    const { shown, trace, veiled, marks } = this;
    const pointedOut = Object.values(this.pointedOut ?? {}).flat();
    return this.pictureOf(shown, { pointedOut, marks, trace, veil: this.clock.answers || veiled });
  }

  /** A frame of the recording as a picture, as it is looked at now; highlights: see `compose`. */
  pictureOf(frame, highlights = {}) {
    return compose(this.seenLanes, frame, { ...this.switches.view, ...highlights });
  }

  /** The place of the live lane under a pointer, {panel, x, t}, its panel counted within the lane; or null. */
  place(event) {
    if (!this.shown) return null;
    const found = locate(this.screen.views(this.picture()), ...this.screen.pixel(event), this.clock.time);
    const lanes = this.seenLanes.length;
    if (lanes === 1) return found;
    return found?.panel === lanes - 1 ? { ...found, panel: 0 } : null;
  }

  comeIntoView() {
    this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  tell(sentence, kind) {
    this.says.tell(sentence, kind);
  }

  /** Another run is about to part from one of these. */
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
