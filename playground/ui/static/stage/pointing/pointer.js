// Gestures in the picture: hovering, a click that selects a point, and dragging a path.

import { ask } from "../../page/asking.js";
import { hear, say } from "../../page/bus.js";
import { oneAtATime } from "../../page/timing.js";
import { decodeLayers } from "../../paint/codec.js";
import { offers } from "../words/hint.js";

const FAR = 12; // pixels that turn a click into a drag
const OFTEN = 30; // ms between two questions while the pointer moves

export class Pointer {
  constructor(stage) {
    this.stage = stage;
    this.under = null; // the last position asked about
    this.at = null; // its place in the plot, in pixels
    this.held = null; // the question whose answer stays when the pointer moves on
    this.drag = null; // the positions of a path being drawn
    this.first = null; // the first of two clicked positions
    this.hover = oneAtATime(async (question) => this.held || ask(stage, question), OFTEN);
    const { plot } = stage;
    plot.addEventListener("pointermove", (event) => this.over(event));
    plot.addEventListener("pointerdown", (event) => this.down(event));
    plot.addEventListener("pointerup", () => this.up());
    plot.addEventListener("pointercancel", () => {
      this.drag = null;
    });
    // A panel in which a path can be drawn handles touches; elsewhere they scroll the page.
    const take = (event) => this.takes(event.touches[0]) && event.preventDefault();
    plot.addEventListener("touchstart", take, { passive: false });
    // The answer stays when a finger is lifted.
    plot.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.leave());
    hear(stage.slot, "answer", (answer) => this.answered(answer));
  }

  // The question of a gesture at a position; undefined if there is none.
  question(gesture, place) {
    const { stage } = this;
    return stage.gestures.find((g) => g.gesture === gesture && g.panel === place.panel && offers(stage, g));
  }

  within({ clientX, clientY, pointerType }) {
    const { left, top } = this.stage.plot.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top, touch: pointerType === "touch" };
  }

  takes(touch) {
    const place = this.stage.place(touch);
    return place && this.question("drag", place) !== undefined;
  }

  // Positions among points are in the data's own coordinates; in a latent space or among images, in canvas coordinates.
  own(place) {
    const { recording } = this.stage;
    return place.panel === 0 && recording.kind === "points" ? recording.fromCanvas(place.x) : place.x;
  }

  over(event) {
    const place = this.stage.place(event);
    if (!place) return this.leave();
    if (!this.held) this.at = this.within(event);
    if (this.drag && place.panel === this.drag.panel) {
      this.drag.places.push(this.own(place));
      this.drag.line.push(...place.x);
      if (this.far(event) && this.question("drag", place)) return this.showDrag();
    }
    if (this.held) return;
    this.under = place;
    const question = this.question("hover", place);
    const { slot, recording } = this.stage;
    const words = recording.kind === "points" ? { own: this.own(place) } : {};
    say(slot, "pointer", { place, at: this.at, ...words });
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

  // Whether the pointer has been dragged since it was pressed; once true, it stays so.
  far(event) {
    const { drag } = this;
    drag.far ||= Math.hypot(event.clientX - drag.from.clientX, event.clientY - drag.from.clientY) > FAR;
    return drag.far;
  }

  // Show the path so far, before the server has answered.
  showDrag() {
    const { panel, line } = this.drag;
    const n = line.length / 2;
    const times = Array.from({ length: n }, (_, i) => i / Math.max(1, n - 1));
    this.clear();
    this.stage.pointedOut = { drag: { type: "paths", colour: "ink", panel, n: 1, times, xy: new Float32Array(line) } };
    this.stage.clock.set(1);
  }

  leave() {
    if (!this.held) this.forget();
  }

  // Remove all highlights.
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
    stage.veiled = false;
    stage.screen.redraw();
  }

  answered(answer) {
    const ours = this.stage.gestures.some(({ ask }) => ask === answer.ask); // asked by pointing
    if (!ours || answer.at !== this.stage.past.moment.step) return; // or it is of another step
    if (answer.error) return this.stage.tell(answer.error);
    if (!this.under) return;
    if (this.held && answer.ask !== this.held) return; // a late answer to earlier hovering
    const { stage } = this;
    const { path, times, t, layers } = answer;
    const own = (x) => stage.recording.toCanvas(x);
    if (!answer.plays) stage.clock.unplay();
    stage.trace = times ? { path: path.map(own), times, here: { x: own(answer.x), t } } : null;
    stage.pointedOut = layers ? decodeLayers(layers) : null;
    stage.veiled = answer.veils ?? false;
    if (answer.plays) stage.clock.playAnswer();
    stage.screen.redraw();
    say(stage.slot, "pointer", { place: this.under, at: this.at, own: this.own(this.under), answer });
  }
}

const MOST = 64;

// At most a fixed number of the positions, including both ends.
function thin(places) {
  const every = Math.max(1, (places.length - 1) / (MOST - 1));
  const kept = Math.min(MOST, places.length);
  return Array.from({ length: kept }, (_, i) => places[Math.round(i * every)]);
}
