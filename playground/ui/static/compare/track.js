// A race: lanes side by side, fed by one stream, with one transport bar and one clock.

import { opening } from "../links/opening.js";
import { ready } from "../links/state.js";
import { ask } from "../page/asking.js";
import { hear, keep, kept, PAGE, say, stages } from "../page/bus.js";
import { throttle } from "../page/timing.js";
import { Clock } from "../stage/clock.js";
import { Requests } from "../stage/requests.js";
import { Says } from "../stage/words/says.js";
import { Course } from "./course.js";
import { Field } from "./field.js";
import { Lane } from "./lane.js";
import { Noise } from "./noise/noise.js";
import { bandOf, ranks, scoresOf } from "./ranking.js";
import { Returning } from "./returning.js";
import { Share } from "./share.js";
import { Standings } from "./standings.js";
import { noteOf, sentenceOf } from "./words.js";

export function mount({ element, props, trigger, watch, options }) {
  const track = new Track(element, options, trigger);
  stages.set(options.slot, track);
  watch("value", () => props.value && track.take(props.value));
}

class Track {
  constructor(element, options, trigger) {
    const { slot, columns } = options;
    Object.assign(this, { slot, family: slot });
    this.root = element.querySelector(".track");
    this.plot = this.root.querySelector(".grid");
    this.tells = this.root.querySelector(".tells");
    this.says = new Says(this.root.querySelector(".says"));
    this.requests = new Requests(slot, trigger);
    this.lanes = [];
    this.state = "idle"; // measuring, training, paused, done
    this.round = 0;
    this.picked = null; // the lane that is thought to win
    this.share = null; // of the race that is looked back at; null is now
    this.bands = {}; // of a perfect model's measures
    this.draws = 0;
    this.frames = 0;
    this.described = null; // the race as the server knows it
    this.dataset = ""; // what the lanes are of
    Object.assign(this, { timed: true, layout: { backwards: false }, screen: this }); // what a clock asks
    this.askLook = throttle(() => this.lanes.length && this.send("look", {}), 250);
    this.changed = throttle(() => this.show(), 100);
    this.clock = new Clock(this);
    this.course = new Course(this);
    this.transport = this.course;
    this.noise = new Noise(this);
    this.standings = new Standings(element.querySelector(".standings"), columns);
    this.sharing = new Share(element.querySelector(".standings"), this);
    this.field = new Field(options, this.root.querySelector(".add"), (from) => this.enters(from));
    this.root.querySelector(".redraw").addEventListener("click", () => this.drawAnew());
    new ResizeObserver(() => this.opens()).observe(this.plot);
    hear(PAGE, "chosen", () => this.visible && this.lineUp());
    hear(slot, "knobs", ({ values }) => this.ruled(JSON.stringify(values)));
    hear(PAGE, "restores", (state) => this.restore(state));
    this.returning = new Returning(this);
    this.opened = false; // whether the tab has been open
    this.linked = opening.then(({ state }) => this.restore(state));
  }

  get visible() {
    return this.plot.offsetParent !== null;
  }

  send(event, data) {
    const { field, draws, clock, round } = this;
    const text = JSON.stringify(field.contestants); // Gradio would take a setting called "path" for a file
    this.requests.send(event, { contestants: text, time: clock.time, noise_draw: draws, round, ...data });
  }

  // The tab opens.
  async opens() {
    if (!this.visible || kept(PAGE, "opens") === this.slot) return;
    keep(PAGE, "opens", this.slot);
    await this.linked;
    const back = await this.returning.opens();
    this.opened = true;
    await ready(this.slot);
    if (this.dataset !== JSON.stringify(kept(PAGE, "dataset"))) this.lineUp(this.keeps, back);
  }

  ruled(rules) {
    const changed = this.rules && rules !== this.rules && rules !== this.restoredRules;
    this.rules = rules;
    if (changed && this.visible) this.lineUp();
  }

  restore(state) {
    if (state?.family !== this.slot) return;
    this.field.contestants = state.contestants;
    this.restoredRules = JSON.stringify(state.knobs);
    say(this.slot, "set knobs", state.knobs);
    this.dataset = "";
    if (this.visible && this.opened) this.lineUp(true);
    else this.keeps = true;
  }

  /** Put all contestants at the start. keeps: whether the steps that were measured stay, of a link. back: whether this
   * race may still be there. */
  async lineUp(keeps = this.keeps ?? false, back = false) {
    this.keeps = false;
    await ready(this.slot);
    this.dataset = JSON.stringify(kept(PAGE, "dataset"));
    if (!keeps) this.field.forgetSteps();
    if (["measuring", "training"].includes(this.state)) this.requests.send("pause");
    Object.assign(this, { share: null, bands: {} });
    this.forget();
    this.changes("idle");
    this.tell("");
    this.send("opened", { back });
  }

  forget() {
    this.round = 0;
    for (const lane of this.lanes) lane.results = [];
  }

  // The contestants from the i-th on have changed.
  enters(i) {
    if (this.picked !== null && this.picked >= i) this.picked = null;
    this.lineUp();
  }

  /** Predict the winner, or take that back. After the start it is too late. */
  choose(i) {
    if (this.state !== "idle") return;
    this.picked = this.picked === i ? null : i;
    this.show();
  }

  start() {
    const anew = this.state === "done";
    if (anew) this.forget();
    this.share = null;
    this.changes("training");
    this.tell("");
    say(PAGE, "begin", {});
    this.send("train", { anew });
  }

  pause() {
    this.requests.send("pause");
    this.changes("paused");
  }

  take(text) {
    this.requests.answered();
    this.returning.lifeline.answered();
    const message = JSON.parse(text);
    if (message.lacks) return this.requests.again(message.asked);
    if (message.error) {
      this.changes(this.lanes.some(({ progress }) => progress) ? "paused" : "idle");
      return this.tell(message.error, "error");
    }
    if (message.measuring) this.changes("measuring");
    if (message.race) this.describe(message.race);
    if (message.back) this.returning.comesBack(message.back);
    for (const [number, frame] of Object.entries(message.frames ?? {})) {
      if (frame.kind) this.lanes[number]?.take(frame);
      else if (frame.message) this.tell(frame.message);
    }
    if (message.frames) this.settle();
    this.noise.again();
    this.show();
  }

  describe(race) {
    this.described = race;
    this.field.take(race.contestants);
    while (this.lanes.length > race.lanes.length) this.lanes.pop().element.remove();
    while (this.lanes.length < race.lanes.length) {
      this.lanes.push(new Lane(this, this.lanes.length));
      this.plot.append(this.lanes.at(-1).element);
    }
    this.plot.style.setProperty("--lanes", race.lanes.length);
    for (const [i, lane] of this.lanes.entries()) lane.describe(race.lanes[i]);
    if (this.state === "measuring") this.changes("training");
    say(this.slot, "looks", {}); // the link may have changed
  }

  // The state of the race follows from those of its lanes.
  settle() {
    if (this.state !== "training") return;
    const rests = ({ over, state, progress }) => over || (state === "paused" && progress > 0);
    if (this.lanes.every(({ over }) => over)) this.arrives();
    else if (this.lanes.every(rests)) this.changes("paused");
  }

  // All have arrived: they are measured, and the next round begins.
  async arrives() {
    this.changes("done");
    const { round, lanes } = this;
    const runs = lanes.map(({ recording }) => recording.run);
    const same = () => this.state === "done" && lanes.every(({ recording }, i) => recording.run === runs[i]);
    await Promise.all(
      lanes.map(async (lane) => {
        const found = await lane.measures();
        if (same()) lane.results[round] = found;
        this.show();
      }),
    );
    if (!same()) return;
    if (round + 1 < this.seeds) {
      this.round += 1;
      this.changes("training");
      return this.send("train", { anew: true });
    }
    const { bands } = await ask(lanes[0], { ask: "bands" });
    if (bands && same()) this.bands = bands;
    this.show();
  }

  get runState() {
    return this.state;
  }

  get seeds() {
    return kept(this.slot, "knobs")?.values.seeds ?? 1;
  }

  changes(state) {
    this.state = state;
    this.root.dataset.state = state;
    this.course.buttons();
    this.show();
  }

  drawAnew() {
    this.draws += 1;
    this.askLook();
  }

  /** Look back at a share of the race, or, for null, at now. */
  rewind(share) {
    this.share = share;
    this.noise.again();
    this.redraw();
    this.show();
  }

  redraw() {
    for (const lane of this.lanes) lane.screen.redraw();
  }

  painted() {
    this.root.dataset.frames = ++this.frames;
  }

  show() {
    const { lanes, state } = this;
    if (!lanes.length) return;
    const band = bandOf(lanes[0].recording);
    const found = ranks(scoresOf(this), band ? band[2] - band[1] : 0);
    lanes.forEach((lane, i) => {
      const shared = found.filter((rank) => rank !== null && rank === found[i]).length > 1;
      lane.write(found[i], shared, found[i] === 1);
      lane.pick.setAttribute("aria-pressed", this.picked === i);
      lane.element.classList.toggle("picked", this.picked === i);
      lane.pick.textContent = this.picked === i ? "Your choice" : "I think it wins";
    });
    this.root.dataset.step = Math.max(...lanes.map(({ recording }) => recording.last?.step ?? 0));
    this.course.shows();
    this.noise.suit(lanes[0].recording.kind);
    const bands = { ...this.bands, ...(band && { distance: band }) };
    this.standings.show({ lanes, ranks: found, bands, note: noteOf(this) });
    const words = sentenceOf(this, state === "done" && this.share === null ? found : null);
    if (this.tells.textContent !== words) this.tells.textContent = words;
  }

  // What other parts of the page ask of a Stage.

  current() {
    const dataset = kept(PAGE, "dataset");
    const knobs = kept(this.slot, "knobs")?.values;
    if (!this.described || !dataset || !knobs) return null;
    const { query, whole } = this.described;
    return { family: this.slot, dataset, knobs, contestants: this.field.contestants, query, whole, run: query };
  }

  /** What is shown has a name, as a run has. */
  get recording() {
    return { run: this.described?.query };
  }

  look() {
    return {};
  }

  tell(sentence, kind) {
    this.says.tell(sentence, kind);
  }

  comeIntoView() {}
}
