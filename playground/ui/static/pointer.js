// What is under the pointer: where the place is, how fast the field moves there, where its path comes from and goes.

import { HALF } from "./codec.js";
import { hear, say, throttle } from "./bus.js";

export class Pointer {
  constructor(stage) {
    this.stage = stage;
    this.asked = null;
    this.ask = throttle((place) => stage.send("ask", { ask: "trace", x: stage.film.toOwn(place.x), t: place.t }), 90);
    const { plot } = stage;
    plot.addEventListener("pointermove", (event) => this.over(event));
    plot.addEventListener("pointerdown", (event) => this.over(event));
    // A finger that is lifted leaves what it pointed at to be looked at.
    plot.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.leave());
    hear(stage.family, "answer", (answer) => this.answered(answer));
  }

  // The place in the square and the time that a point of the screen means. In a journey the left end is noise, the
  // right end is data, and what lies between is the time of the slider.
  place(event) {
    const { stage } = this;
    const box = stage.canvas.getBoundingClientRect();
    const view = stage.view();
    const px = ((event.clientX - box.left) / box.width) * stage.canvas.width;
    const py = ((event.clientY - box.top) / box.height) * stage.canvas.height;
    const ends = view.journey ? [stage.time, 0, 1] : [stage.time];
    const y = (stage.canvas.height / 2 - py) / view.scale;
    for (const t of ends) {
      const x = (px - view.middle(t)) / view.scale;
      const near = !view.journey || Math.hypot(x, y) < 2.4 || t === ends[ends.length - 1];
      if (near && Math.abs(x) <= HALF && Math.abs(y) <= HALF) return { x: [x, y], t };
    }
    return null;
  }

  over(event) {
    const place = this.place(event);
    if (!place) return this.leave();
    this.asked = place;
    say(this.stage.family, "pointer", { place, own: this.stage.film.toOwn(place.x) });
    this.ask(place);
  }

  leave() {
    this.asked = null;
    this.stage.trace = null;
    this.stage.dirty = true;
    say(this.stage.family, "pointer", {});
  }

  answered(answer) {
    if (!this.asked || !answer.path) return;
    const { film } = this.stage;
    const here = { x: film.toSquare(answer.x), t: answer.t };
    this.stage.trace = { path: answer.path.map((x) => film.toSquare(x)), times: answer.times, here };
    this.stage.dirty = true;
    say(this.stage.family, "pointer", { place: this.asked, answer });
  }
}
