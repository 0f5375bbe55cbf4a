// The transport bar of a Stage: train, pause, step, reset; rewind the training.

import { opening } from "../links/opening.js";
import { hear, kept, PAGE, say } from "../page/bus.js";
import { palette } from "../page/palette.js";
import { throttle } from "../page/timing.js";
import { paintSpark } from "../paint/spark.js";

const PARTS = ["train", "pause", "step", "reset", "scrubber", "step-size", "redraw"];
const SLOW = 800; // ms between two half-steps when players alternate slowly
const REDRAW = 250; // ms between two redraws of the loss: to measure its place costs a layout of the page
const TWICE = 400; // ms between the clicks of a double click, at most
const IN_TURN = "in turn";

export class Transport {
  constructor(stage, { players, prolonged }) {
    Object.assign(this, { stage, players, prolonged });
    const find = (part) => stage.root.querySelector(`#${stage.slot}-${part}`);
    this.parts = Object.fromEntries(PARTS.map((part) => [part, find(part)]));
    this.count = stage.root.querySelector(".count");
    this.spark = stage.root.querySelector(".scrub canvas");
    this.who = stage.root.querySelector(".who");
    this.begun = 0; // when Train was clicked
    this.turn = 0; // whose it is, when they move one after the other
    this.slow = null; // the timer while they do
    this.slowButton = stage.root.querySelector(".slow");
    for (const player of players) this.who.add(new Option(`${player} only`, player));
    this.who.add(new Option(IN_TURN, IN_TURN));
    this.who.hidden = this.slowButton.hidden = players.length < 2;
    this.more = stage.root.querySelector(".prolong");
    if (prolonged) Object.assign(this.more, { id: `${stage.slot}-prolong`, title: prolonged.help });
    this.more.textContent = prolonged?.title;
    this.listen();
  }

  listen() {
    const { stage, parts } = this;
    parts.train.addEventListener("click", ({ timeStamp }) => {
      this.begun = timeStamp;
      this.train();
    });
    // Pause takes the place of Train, and the second click or tap of a double one is not meant for it.
    parts.pause.addEventListener("click", ({ timeStamp, detail }) => {
      if (detail < 2 || timeStamp - this.begun > TWICE) this.pause();
    });
    parts.step.addEventListener("click", () => (stage.live ? this.step() : this.scrubBy(1)));
    this.more.addEventListener("click", () => this.prolong());
    parts.reset.addEventListener("click", () => this.reset());
    parts.redraw.addEventListener("click", () => stage.drawAnew());
    parts.scrubber.addEventListener("input", () => stage.past.rewind(+parts.scrubber.value));
    this.who.addEventListener("change", () => stage.state !== "training" && stage.askLook());
    this.slowButton.addEventListener("click", () => this.slowly());
    opening.then(() => {
      for (const button of [parts.train, parts.step, parts.reset]) button.disabled = false;
    });
    const showSpark = throttle((recording) => this.showSpark(recording), REDRAW);
    hear(stage.slot, "recording", ({ recording }) => showSpark(recording));
  }

  // Whether the players move apart: then the picture is of the networks as they are, not of their mean.
  get apart() {
    return this.who.value !== "";
  }

  set apart(apart) {
    if (apart !== this.apart) this.who.value = apart ? IN_TURN : "";
  }

  // Whether the run trains, or waits for a place on the server.
  get busy() {
    return ["training", "waiting"].includes(this.stage.state);
  }

  // The button answers at once; the first frame follows. Until then, an earlier step that is trained on from stays.
  expectTraining({ run } = {}) {
    const { stage } = this;
    stage.past.waits = run ?? null;
    if (!run) stage.live = true;
    stage.changes("training");
    stage.tell("");
    say(PAGE, "begin", {});
  }

  train() {
    const { stage } = this;
    const { here } = stage.past;
    this.endSlow();
    this.expectTraining(here);
    stage.send("train", { ...stage.look(), ...here });
  }

  pause() {
    this.endSlow();
    if (this.busy) this.stage.send("pause");
    this.buttons();
  }

  // One more round of a training that is over.
  prolong() {
    const { setting } = this.prolonged;
    say(this.stage.slot, "set knobs", { [setting]: this.rounds + 1 });
    setTimeout(() => this.train()); // the knobs' values go to the server first
  }

  get rounds() {
    return kept(this.stage.slot, "knobs")?.values[this.prolonged.setting] ?? 0;
  }

  // Whether a round can be added: at its newest step, a training is over.
  get prolongs() {
    const { stage, prolonged } = this;
    return Boolean(prolonged) && stage.state === "done" && !stage.stale && this.rounds < prolonged.most;
  }

  step() {
    const { stage } = this;
    if (stage.state === "training") return;
    const { here } = stage.past;
    this.expectTraining(here);
    const player = this.who.value === IN_TURN ? this.players[this.turn++ % this.players.length] : this.who.value;
    stage.send("step", { ...stage.look(), ...here, steps: +this.parts["step-size"].value, player });
  }

  // Alternate slowly: one player after the other, with time to look, until Pause.
  slowly() {
    this.who.value = IN_TURN;
    this.slow = -1;
    if (this.stage.state === "training")
      this.stage.send("pause"); // goesOn, when it has
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

  // Other data were chosen: their trained model is shown, if there is one, else an untrained one.
  startOver() {
    const { stage } = this;
    const trained = stage.runState === "training";
    this.endSlow();
    stage.send("opened", stage.look());
    if (trained) stage.says.announce("The training on the data before has ended. Press Train for these.");
  }

  // The run is gone.
  offerTraining(sentence) {
    this.stage.stale = true;
    this.buttons();
    this.stage.says.tell(sentence, "error", { title: "Train again", act: () => this.train() });
  }

  // A setting was changed that the run can't take.
  offerRestart(sentence) {
    this.stage.says.tell(sentence, "note", { title: "Restart with this", act: () => this.train() });
  }

  key(key) {
    const training = this.busy || this.slow !== null;
    if (key === " " && training) this.pause();
    else if (key === " ") this.train();
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
    this.stage.past.rewind(+scrubber.value);
  }

  buttons() {
    const training = this.busy || this.slow !== null;
    const { train, pause, step } = this.parts;
    const held = document.activeElement === (training ? train : pause);
    train.hidden = training;
    pause.hidden = !training;
    step.disabled = training;
    this.more.hidden = !this.prolongs;
    this.slowButton.disabled = this.slow !== null;
    const goesOn = this.stage.state === "paused" && this.stage.recording.last?.step && !this.stage.stale;
    train.textContent = "at" in this.stage.past.here ? "Train from here" : goesOn ? "Resume" : "Train";
    if (held) (training ? pause : train).focus({ preventScroll: true }); // keyboard users keep their place
  }

  shows(frame) {
    const { scrubber } = this.parts;
    const last = this.stage.recording.frames.length - 1;
    scrubber.disabled = last < 1;
    scrubber.max = Math.max(1, last);
    scrubber.value = this.stage.live ? scrubber.max : this.stage.recording.placeOf(frame.step);
    const rate =
      this.stage.live && frame.state === "training" && frame.rate ? ` · ${frame.rate.toLocaleString("en")}/s` : "";
    this.count.textContent = `step ${frame.step.toLocaleString("en")} of ${frame.steps.toLocaleString("en")}${rate}`;
  }

  // The loss so far, behind the scrubber; of a game, where losses say little, the distance.
  showSpark({ curves }) {
    const { width, height } = this.spark.getBoundingClientRect();
    if (!width) return;
    const size = [Math.round(width * 2), Math.round(height * 2)];
    if (this.spark.width !== size[0] || this.spark.height !== size[1]) [this.spark.width, this.spark.height] = size;
    const number = ({ loss, distance, generator_loss: game }) => (game === undefined ? loss : distance);
    const points = curves.map((scalars) => [scalars.step, number(scalars)]);
    paintSpark(
      this.spark,
      points.filter(([, number]) => Number.isFinite(number)),
      palette().noise,
    );
  }
}
