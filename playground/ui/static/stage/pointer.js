// Pointing into the picture: what is under the pointer, a click that holds on to a point, a path that is dragged.

import { ask } from "../page/asking.js";
import { hear, say } from "../page/bus.js";
import { oneAtATime } from "../page/timing.js";
import { decodeLayers } from "../paint/codec.js";

const FAR = 12; // pixels that make a drag of a click
const OFTEN = 30; // ms between two questions while the pointer moves

export class Pointer {
  constructor(stage) {
    this.stage = stage;
    this.under = null; // the place that was asked about last
    this.held = null; // the question whose answer stays when the pointer goes on
    this.drag = null; // the places of a path that is being drawn
    this.first = null; // the first place of two that are clicked at
    this.hover = oneAtATime(async (question) => this.held || ask(stage, question), OFTEN);
    const { plot } = stage;
    plot.addEventListener("pointermove", (event) => this.over(event));
    plot.addEventListener("pointerdown", (event) => this.down(event));
    plot.addEventListener("pointerup", () => this.up());
    plot.addEventListener("pointercancel", () => {
      this.drag = null;
    });
    // A square in which a path can be drawn takes the finger; elsewhere it scrolls the page.
    const take = (event) => this.takes(event.touches[0]) && event.preventDefault();
    plot.addEventListener("touchstart", take, { passive: false });
    // A finger that is lifted leaves what it pointed at to be looked at.
    plot.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.leave());
    hear(stage.slot, "answer", (answer) => this.answered(answer));
  }

  // The question that a gesture at a place asks; undefined if it asks nothing.
  question(gesture, place) {
    const { stage } = this;
    return stage.gestures.find((g) => g.gesture === gesture && g.panel === place.panel && stage.offers(g));
  }

  takes(touch) {
    const place = this.stage.place(touch);
    return place && this.question("drag", place) !== undefined;
  }

  // Points have their own coordinates; a latent space has those of its square, and so do places among images.
  own(place) {
    const { recording } = this.stage;
    return place.panel === 0 && recording.kind === "points" ? recording.fromCanvas(place.x) : place.x;
  }

  over(event) {
    const place = this.stage.place(event);
    if (!place) return this.leave();
    if (this.drag && place.panel === this.drag.panel) {
      this.drag.places.push(this.own(place));
      this.drag.line.push(...place.x);
      if (this.far(event) && this.question("drag", place)) return this.showDrag();
    }
    if (this.held) return;
    this.under = place;
    const question = this.question("hover", place);
    const { slot, recording } = this.stage;
    say(slot, "pointer", recording.kind === "points" ? { place, own: this.own(place) } : {});
    if (question) this.hover({ ask: question.ask, x: this.own(place), t: place.t });
    else this.clear();
  }

  down(event) {
    const place = this.stage.place(event);
    this.held = null;
    this.drag = place && { from: event, panel: place.panel, place, places: [], line: [] };
    this.over(event);
  }

  up() {
    const { drag } = this;
    this.drag = null;
    if (!drag) return;
    const far = drag.far ?? false;
    const question = this.question(far ? "drag" : "click", drag.place);
    if (!question) return;
    this.held = question.ask;
    this.under = drag.place;
    if (far) return ask(this.stage, { ask: question.ask, path: thin(drag.places) });
    const first = question.pair && this.first ? { first: this.first } : {};
    ask(this.stage, { ask: question.ask, x: drag.places[0], t: drag.place.t, ...first });
    this.first = question.pair && !this.first ? drag.places[0] : null;
  }

  // Whether what began with pressing down is a drag; once it is, it stays one.
  far(event) {
    const { drag } = this;
    drag.far ||= Math.hypot(event.clientX - drag.from.clientX, event.clientY - drag.from.clientY) > FAR;
    return drag.far;
  }

  // The path so far, before the server has said anything.
  showDrag() {
    const { panel, line } = this.drag;
    const n = line.length / 2;
    const times = Array.from({ length: n }, (_, i) => i / Math.max(1, n - 1));
    this.clear();
    this.stage.pointedOut = { drag: { kind: "paths", colour: "ink", panel, n: 1, times, xy: new Float32Array(line) } };
    this.stage.clock.set(1);
  }

  leave() {
    if (!this.held) this.forget();
  }

  // Nothing is pointed out any more.
  forget() {
    this.under = null;
    this.held = null;
    this.first = null;
    this.clear();
    say(this.stage.slot, "pointer", {});
  }

  clear() {
    const { stage } = this;
    if (stage.pointedOut) stage.clock.unplay();
    stage.trace = null;
    stage.pointedOut = null;
    stage.screen.redraw();
  }

  answered(answer) {
    if (answer.figure) return;
    if (answer.error) return this.stage.tell(answer.error);
    if (!this.under) return;
    if (this.held && answer.ask !== this.held) return; // what was pointed at on the way comes too late
    const { stage } = this;
    if (answer.times) {
      const here = { x: stage.recording.toCanvas(answer.x), t: answer.t };
      stage.trace = { path: answer.path.map((x) => stage.recording.toCanvas(x)), times: answer.times, here };
    } else if (answer.layers) {
      if (!answer.plays) stage.clock.unplay();
      stage.pointedOut = decodeLayers(answer.layers);
      if (answer.plays) stage.clock.playAnswer();
    }
    stage.screen.redraw();
    say(stage.slot, "pointer", { place: this.under, own: this.own(this.under), answer });
  }
}

const MOST = 64;

// At most so many of the places, both ends among them.
function thin(places) {
  const every = Math.max(1, (places.length - 1) / (MOST - 1));
  const kept = Math.min(MOST, places.length);
  return Array.from({ length: kept }, (_, i) => places[Math.round(i * every)]);
}
