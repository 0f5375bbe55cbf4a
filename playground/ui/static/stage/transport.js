// The transport bar of a Stage: train, pause, step, reset; rewind the training; play from noise to data.

import { colours, hear, keep, say } from "../page/bus.js";

const PLAY_SECONDS = 3;
const SLOW = 800; // ms between two half-steps in slow motion
const IN_TURN = "in turn";

export class Transport {
  constructor(stage, players) {
    this.stage = stage;
    const find = (part) => stage.root.querySelector(`#${stage.family}-${part}`);
    this.parts = Object.fromEntries(["train", "pause", "step", "reset", "scrubber", "time", "step-size", "redraw"].map((p) => [p, find(p)]));
    this.count = stage.root.querySelector(".count");
    this.playButton = stage.root.querySelector(".play");
    this.spark = stage.root.querySelector(".scrub canvas");
    this.playing = false;
    this.who = stage.root.querySelector(".who");
    this.players = players;
    this.turn = 0; // whose it is, when they move one after the other
    this.slow = null; // the timer of slow motion
    this.slowButton = stage.root.querySelector(".slow");
    for (const player of players) this.who.add(new Option(`${player} only`, player));
    this.who.add(new Option(IN_TURN, IN_TURN));
    this.who.hidden = this.slowButton.hidden = players.length < 2;
    this.listen();
  }

  listen() {
    const { stage, parts } = this;
    parts.train.addEventListener("click", () => this.train());
    parts.pause.addEventListener("click", () => this.pause());
    parts.step.addEventListener("click", () => this.step());
    parts.reset.addEventListener("click", () => this.reset());
    parts.redraw.addEventListener("click", () => stage.drawAnew());
    parts.scrubber.addEventListener("input", () => stage.rewind(+parts.scrubber.value));
    parts.time?.addEventListener("input", () => {
      this.stop();
      this.setTime(+parts.time.value);
    });
    this.who.addEventListener("change", () => stage.state !== "training" && stage.askLook());
    this.slowButton.addEventListener("click", () => this.slowly());
    this.playButton?.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    this.whenOpened(() => [parts.train, parts.step, parts.reset].forEach((button) => (button.disabled = false)));
    hear(stage.family, "film", ({ film }) => this.drawSpark(film));
  }

  // A link that asks for something is answered first; a server that says nothing is not waited for.
  whenOpened(callback) {
    if (!location.search) return callback();
    hear("page", "opened", callback);
    setTimeout(callback, 5000);
  }

  // Whether the players move apart: then the picture is of the networks as they are, not of their mean.
  get apart() {
    return this.who.value !== "";
  }

  expectTraining() {
    this.stage.live = true;
    this.expect("training");
  }

  // The button answers at once; the first frame follows.
  expect(state) {
    this.stage.root.dataset.state = state;
    this.stage.tell("");
    this.buttons();
    say("page", "begin", {});
  }

  train() {
    this.endSlow();
    this.expectTraining();
    this.stage.send("train", this.stage.look());
  }

  pause() {
    this.endSlow();
    if (this.stage.state === "training") this.stage.send("pause");
    this.buttons();
  }

  step() {
    if (this.stage.state === "training") return;
    this.expectTraining();
    const player = this.who.value === IN_TURN ? this.players[this.turn++ % this.players.length] : this.who.value;
    this.stage.send("step", { ...this.stage.look(), steps: +this.parts["step-size"].value, player });
  }

  // Slow motion: one player after the other, with time to look, until Pause.
  slowly() {
    this.who.value = IN_TURN;
    this.slow = -1;
    if (this.stage.state === "training") this.stage.send("pause"); // goesOn, when it has
    else this.step();
  }

  goesOn() {
    if (this.slow === null || this.stage.state === "training") return;
    if (this.stage.state === "failed") return this.endSlow();
    clearTimeout(this.slow);
    this.slow = setTimeout(() => this.slow !== null && this.step(), SLOW);
  }

  endSlow() {
    clearTimeout(this.slow);
    this.slow = null;
  }

  reset() {
    this.endSlow();
    this.stage.send("reset", this.stage.look());
  }

  key(key) {
    const training = this.stage.state === "training" || this.slow !== null;
    if (key === " ") training ? this.pause() : this.train();
    else if (key === "ArrowRight" && !this.stage.live) this.scrubBy(1);
    else if (key === "ArrowRight") this.step();
    else if (key === "ArrowLeft") this.scrubBy(-1);
    else if (key === "r" || key === "R") this.reset();
    else if (key === "n" || key === "N") this.stage.drawAnew();
    else return false;
    return true;
  }

  scrubBy(by) {
    const { scrubber } = this.parts;
    scrubber.value = +scrubber.value + by;
    this.stage.rewind(+scrubber.value);
  }

  buttons() {
    const training = this.stage.state === "training" || this.slow !== null;
    const { train, pause, step } = this.parts;
    const held = document.activeElement === (training ? train : pause);
    train.hidden = training;
    pause.hidden = !training;
    step.disabled = training;
    this.slowButton.disabled = this.slow !== null;
    const goesOn = this.stage.state === "paused" && this.stage.film.last?.step && !this.stage.stale;
    train.textContent = goesOn ? "Go on" : "Train";
    if (held) (training ? pause : train).focus({ preventScroll: true }); // keyboard users keep their place
  }

  shows(frame) {
    const { scrubber } = this.parts;
    const last = this.stage.film.frames.length - 1;
    scrubber.disabled = last < 1;
    scrubber.max = Math.max(1, last);
    if (this.stage.live) scrubber.value = scrubber.max;
    const rate = frame.state === "training" && frame.rate ? ` · ${frame.rate.toLocaleString("en")}/s` : "";
    this.count.textContent = `step ${frame.step.toLocaleString("en")} of ${frame.steps.toLocaleString("en")}${rate}`;
  }

  // Time between noise and data.

  setTime(t) {
    const { time } = this.parts;
    if (!time) return;
    time.value = t;
    time.parentElement.querySelector("output").textContent = `t = ${t.toFixed(2)}`;
    this.stage.setTime(t);
    keep(this.stage.family, "time", t);
  }

  // From noise to data, or where noise is added the other way; from where it is, or from the beginning at the end.
  play(from) {
    const { backwards } = this.stage.layout;
    const way = (t) => (backwards ? 1 - t : t); // how far it has come
    from ??= way(this.stage.time) >= 0.999 ? 0 : way(this.stage.time);
    this.playing = true;
    this.playButton.textContent = "❚❚";
    this.playButton.setAttribute("aria-label", "Stop");
    const began = performance.now() - from * PLAY_SECONDS * 1000;
    const frame = (now) => {
      if (!this.playing) return;
      const t = Math.min(1, Math.max(0, (now - began) / 1000 / PLAY_SECONDS));
      this.setTime(way(t));
      if (t < 1) requestAnimationFrame(frame);
      else this.stop();
    };
    requestAnimationFrame(frame);
  }

  // An answer that moves brings the clock with it, also where a model has no time.
  playAnswer() {
    this.stage.root.classList.add("plays");
    this.play(0);
  }

  unplay() {
    if (!this.stage.root.classList.contains("plays")) return;
    this.stop();
    this.stage.root.classList.remove("plays");
    this.setTime(1);
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.playButton.textContent = "▶";
    this.playButton.setAttribute("aria-label", "Play from noise to data");
  }

  // The loss so far, behind the scrubber; of a game, where losses say little, the distance.
  drawSpark(film) {
    const { width, height } = this.spark.getBoundingClientRect();
    if (!width) return;
    this.spark.width = width * 2;
    this.spark.height = height * 2;
    const g = this.spark.getContext("2d");
    const points = film.history.map(({ step, loss, distance, generator_loss: game }) => [step, game === undefined ? loss : distance]).filter(([, v]) => Number.isFinite(v));
    if (points.length < 2) return;
    const losses = points.map(([, loss]) => loss);
    const low = Math.min(...losses), high = Math.max(...losses);
    const first = points[0][0], last = points[points.length - 1][0];
    g.strokeStyle = colours().noise;
    g.lineWidth = 2.5;
    g.beginPath();
    for (const [at, loss] of points)
      g.lineTo(((at - first) / (last - first || 1)) * this.spark.width, this.spark.height * (0.92 - 0.84 * ((loss - low) / (high - low || 1))));
    g.stroke();
  }
}
