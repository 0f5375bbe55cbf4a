// Pointing into the picture: what is under the pointer, a click that holds on to a point, a path that is dragged.

import { decodeLayers, HALF } from "../paint/codec.js";
import { ask, oneAtATime } from "../page/asking.js";
import { hear, say } from "../page/bus.js";

const FAR = 12; // pixels that make a drag of a click
const OFTEN = 30; // ms between two questions while the pointer moves

export class Pointer {
  constructor(stage) {
    this.stage = stage;
    this.under = null; // the place that was asked about last
    this.held = null; // the question whose answer stays when the pointer goes on
    this.drag = null; // the places of a path that is being drawn
    this.first = null; // the first place of two that are clicked at
    this.hover = oneAtATime(async (question) => this.held || ask(stage.family, question), OFTEN);
    const { plot } = stage;
    plot.addEventListener("pointermove", (event) => this.over(event));
    plot.addEventListener("pointerdown", (event) => this.down(event));
    plot.addEventListener("pointerup", (event) => this.up(event));
    plot.addEventListener("pointercancel", () => (this.drag = null));
    // A square in which a path can be drawn takes the finger; elsewhere it scrolls the page.
    plot.addEventListener("touchstart", (event) => this.takes(event.touches[0]) && event.preventDefault(), { passive: false });
    // A finger that is lifted leaves what it pointed at to be looked at.
    plot.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.leave());
    hear(stage.family, "answer", (answer) => this.answered(answer));
  }

  // The place in a square, its panel and the time that a point of the screen means. In a journey the left end is noise,
  // the right end is data, and what lies between is the time of the slider.
  place(event) {
    const { stage } = this;
    const { painting } = stage;
    const box = stage.canvas.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * stage.canvas.width;
    const py = ((event.clientY - box.top) / box.height) * stage.canvas.height;
    const panels = painting.panels().length;
    for (let panel = 0; panel < panels; panel++) {
      const view = painting.view(panel, panels);
      const ends = view.journey ? [stage.time, 0, 1] : [stage.time];
      for (const t of ends) {
        const x = (px - view.x(0, t)) / view.scale, y = (view.y(0) - py) / view.scale;
        const near = !view.journey || Math.hypot(x, y) < 2.4 || t === ends[ends.length - 1];
        if (!near || Math.abs(x) > HALF || Math.abs(y) > HALF) continue;
        // Of two runs side by side, only the one on the right is there to be asked.
        if (stage.compares && panel === 0) return null;
        return { x: [x, y], t, panel: stage.compares ? 0 : panel };
      }
    }
    return null;
  }

  // The question that a gesture at a place asks; undefined if it asks nothing.
  question(gesture, place) {
    const { gestures, layoutName, film } = this.stage;
    return gestures.find((g) => g.gesture === gesture && g.panel === place.panel && g.layouts.includes(layoutName) && g.of.includes(film.of));
  }

  takes(touch) {
    const place = this.place(touch);
    return place && this.question("drag", place) !== undefined;
  }

  // Points have their own coordinates; a latent space has those of its square, and so do places among images.
  own(place) {
    const { film } = this.stage;
    return place.panel === 0 && film.of === "points" ? film.toOwn(place.x) : place.x;
  }

  over(event) {
    const place = this.place(event);
    if (!place) return this.leave();
    if (this.drag && place.panel === this.drag.panel) {
      this.drag.places.push(this.own(place));
      this.drag.line.push(...place.x);
      if (this.far(event) && this.question("drag", place)) return this.showDrag();
    }
    if (this.held) return;
    this.under = place;
    const question = this.question("hover", place);
    say(this.stage.family, "pointer", this.stage.film.of === "points" ? { place, own: this.own(place) } : {});
    if (question) this.hover({ ask: question.ask, x: this.own(place), t: place.t });
    else this.clear();
  }

  down(event) {
    const place = this.place(event);
    this.held = null;
    this.drag = place && { from: event, panel: place.panel, place, places: [], line: [] };
    this.over(event);
  }

  up(event) {
    const { drag } = this;
    this.drag = null;
    if (!drag) return;
    const far = drag.far ?? false;
    const question = this.question(far ? "drag" : "click", drag.place);
    if (!question) return;
    this.held = question.ask;
    this.under = drag.place;
    if (far) return ask(this.stage.family, { ask: question.ask, path: thin(drag.places) });
    const first = question.pair && this.first ? { first: this.first } : {};
    ask(this.stage.family, { ask: question.ask, x: drag.places[0], t: drag.place.t, ...first });
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
    const { panel, line } = this.drag, n = line.length / 2;
    const times = Array.from({ length: n }, (_, i) => i / Math.max(1, n - 1));
    this.clear();
    this.stage.pointedOut = { drag: { kind: "paths", colour: "ink", panel, n: 1, times, xy: new Float32Array(line) } };
    this.stage.transport.setTime(1);
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
    say(this.stage.family, "pointer", {});
  }

  clear() {
    if (this.stage.pointedOut) this.stage.transport.unplay();
    this.stage.trace = null;
    this.stage.pointedOut = null;
    this.stage.dirty = true;
  }

  answered(answer) {
    if (answer.figure) return;
    if (answer.error) return this.stage.tell(answer.error);
    if (!this.under) return;
    if (this.held && answer.ask !== this.held) return; // what was pointed at on the way comes too late
    const { stage } = this;
    if (answer.times) {
      const here = { x: stage.film.toSquare(answer.x), t: answer.t };
      stage.trace = { path: answer.path.map((x) => stage.film.toSquare(x)), times: answer.times, here };
    } else if (answer.layers) {
      if (!answer.plays) stage.transport.unplay();
      stage.pointedOut = decodeLayers(answer.layers);
      if (answer.plays) stage.transport.playAnswer();
    }
    stage.dirty = true;
    say(stage.family, "pointer", { place: this.under, own: this.own(this.under), answer });
  }
}

const MOST = 64;

// At most so many of the places, both ends among them.
function thin(places) {
  const every = Math.max(1, (places.length - 1) / (MOST - 1));
  const kept = Math.min(MOST, places.length);
  return Array.from({ length: kept }, (_, i) => places[Math.round(i * every)]);
}
