// The time between noise and data: set by the slider, or played.

import { hear, keep } from "../page/bus.js";
import { Swing } from "./time/swing.js";

const SECONDS = 3; // from one end to the other

export class Clock {
  constructor(stage) {
    this.stage = stage;
    this.time = 1;
    this.playing = false;
    this.answers = false; // whether an answer plays; it shows the clock even if the model has no time
    this.fixed = false; // whether a recipe or a link has set it
    this.slider = stage.root.querySelector(`#${stage.slot}-time`);
    this.output = stage.root.querySelector(".clock .now");
    this.button = stage.root.querySelector(".play");
    const told = () => keep(stage.slot, "time", this.time);
    this.swing = new Swing(stage, { moved: (t) => this.show(t), ended: told });
    const from = stage.root.querySelector(".clock .from");
    hear(stage.slot, "recording", ({ recording }) => {
      const name = recording.layers.source ? "source" : "noise"; // another data set, or a drawing
      if (from.textContent !== name) from.textContent = name;
    });
    this.slider.addEventListener("input", () => {
      this.stop();
      this.fixed = false;
      this.set(+this.slider.value);
    });
    this.button.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
  }

  set(t) {
    const { stage } = this;
    this.swing.end();
    this.show(t);
    if (stage.state === "training" && stage.timed) stage.askLook();
    keep(stage.slot, "time", t);
  }

  show(t) {
    this.time = t;
    this.slider.value = t;
    this.output.textContent = `t = ${t.toFixed(2)}`;
    this.stage.screen.redraw();
  }

  /** Set the time to what somebody wants to show: it stays. */
  fix(t) {
    this.set(t);
    this.fixed = t !== 1;
  }

  // Play from noise to data, or in reverse if the layout adds noise; from the current time or, at the end, the start.
  play(from) {
    const { backwards } = this.stage.layout;
    const way = (t) => (backwards ? 1 - t : t); // from progress to time
    const begin = from ?? (way(this.time) >= 0.999 ? 0 : way(this.time));
    const began = performance.now() - begin * SECONDS * 1000;
    this.label("❚❚", "Stop");
    this.playing = true;
    const frame = (now) => {
      if (!this.playing) return;
      const t = Math.min(1, Math.max(0, (now - began) / 1000 / SECONDS));
      this.set(way(t));
      if (t < 1) requestAnimationFrame(frame);
      else this.stop();
    };
    requestAnimationFrame(frame);
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.label("▶", "Play from noise to data");
  }

  label(sign, words) {
    this.button.textContent = sign;
    this.button.setAttribute("aria-label", words);
  }

  playAnswer() {
    this.answering(true);
    this.play(0);
  }

  unplay() {
    if (!this.answers) return;
    this.stop();
    this.answering(false);
    this.set(1);
  }

  answering(answers) {
    this.answers = answers;
    this.stage.root.classList.toggle("plays", answers);
  }
}
