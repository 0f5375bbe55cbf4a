// A race: lanes side by side, fed by one stream, with one transport bar and one clock.

import { ready } from "../links/state.js";
import { ask } from "../page/asking.js";
import { hear, keep, kept, PAGE, say, stages } from "../page/bus.js";
import { throttle } from "../page/timing.js";
import { Clock } from "../stage/clock.js";
import { Requests } from "../stage/requests.js";
import { Says } from "../stage/words/says.js";
import { ContestantDialog } from "./contestant.js";
import { Course } from "./course.js";
import { Lane } from "./lane.js";
import { ranks, verdict } from "./ranking.js";
import { Share } from "./share.js";
import { Standings } from "./standings.js";

export function mount({ element, props, trigger, watch, options }) {
  const track = new Track(element, options, trigger);
  stages.set(options.slot, track);
  watch("value", () => props.value && track.take(props.value));
}

const BEFORE = "Who will win? Choose one, and start.";

class Track {
  constructor(element, options, trigger) {
    const { slot, families, contestants, most, columns } = options;
    Object.assign(this, { slot, family: slot, families, contestants, most });
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
    this.rules = "";
    this.recording = {}; // a race is no single run
    Object.assign(this, { timed: true, layout: { backwards: false } }); // what a clock asks
    this.screen = { redraw: () => this.redraw() };
    this.askLook = throttle(() => this.lanes.length && this.send("look", {}), 250);
    this.changed = throttle(() => this.show(), 100);
    this.clock = new Clock(this);
    this.course = new Course(this);
    this.transport = this.course;
    this.standings = new Standings(element.querySelector(".standings"), columns);
    this.sharing = new Share(element.querySelector(".standings"), this);
    this.dialog = new ContestantDialog(families, {
      changed: (contestant) => this.replace(this.edited, [contestant]),
      removed: () => this.replace(this.edited, []),
      twin: (contestant) => this.replace(this.edited, [contestant, { ...contestant, name: "" }]),
    });
    this.root.querySelector(".add").addEventListener("click", () => this.add());
    this.root.querySelector(".redraw").addEventListener("click", () => this.drawAnew());
    new ResizeObserver(() => this.opens()).observe(this.plot);
    hear(PAGE, "chosen", () => this.visible && this.lineUp());
    hear(slot, "knobs", ({ values }) => this.ruled(JSON.stringify(values)));
    hear(PAGE, "restores", (state) => this.restore(state));
    hear(PAGE, "lost", () => this.state === "training" && this.changes("paused"));
    this.sharing.restored.then((state) => this.restore(state));
  }

  get visible() {
    return this.plot.offsetParent !== null;
  }

  send(event, data) {
    const { contestants, draws, clock, round } = this;
    const text = JSON.stringify(contestants); // Gradio would take a setting called "path" for a file
    this.requests.send(event, { contestants: text, time: clock.time, noise_draw: draws, round, ...data });
  }

  // The tab opens.
  async opens() {
    if (!this.visible || kept(PAGE, "opens") === this.slot) return;
    keep(PAGE, "opens", this.slot);
    await ready(this.slot);
    if (this.dataset !== JSON.stringify(kept(PAGE, "dataset"))) this.lineUp();
  }

  ruled(rules) {
    const before = this.rules;
    this.rules = rules;
    if (before && before !== rules && this.visible && rules !== this.restoredRules) this.lineUp();
  }

  restore(state) {
    if (state?.family !== this.slot) return;
    this.contestants = state.contestants;
    this.restoredRules = JSON.stringify(state.knobs);
    say(this.slot, "set knobs", state.knobs);
    this.dataset = "";
    if (this.visible) this.lineUp(true);
    else this.keeps = true;
  }

  /** Put all contestants at the start. keeps: whether the steps that were measured stay, of a link. */
  async lineUp(keeps = this.keeps ?? false) {
    this.keeps = false;
    await ready(this.slot);
    this.dataset = JSON.stringify(kept(PAGE, "dataset"));
    if (!keeps) this.contestants = this.contestants.map((contestant) => ({ ...contestant, steps: null }));
    if (["measuring", "training"].includes(this.state)) this.requests.send("pause");
    Object.assign(this, { round: 0, share: null, bands: {} });
    for (const lane of this.lanes) lane.results = [];
    this.changes("idle");
    this.tell("");
    this.send("opened", {});
  }

  replace(i, others) {
    this.contestants = this.contestants.toSpliced(i, 1, ...others.map((one) => ({ ...one, steps: null })));
    if (this.picked !== null && this.picked >= i) this.picked = null;
    this.lineUp();
  }

  add() {
    const used = this.contestants.map(({ family }) => family);
    const names = Object.keys(this.families);
    const family = names.find((name) => !used.includes(name)) ?? names[0];
    const again = used.includes(family) ? `${this.families[family].title} ${used.length + 1}` : "";
    this.contestants = [...this.contestants, { family, name: again, config: {}, steps: null }];
    this.lineUp();
  }

  edits(i) {
    this.edited = i;
    const { length } = this.contestants;
    this.dialog.open(this.contestants[i], length > 2, length < this.most);
  }

  /** Predict the winner, or take that back. After the start it is too late. */
  choose(i) {
    if (this.state !== "idle") return;
    this.picked = this.picked === i ? null : i;
    this.show();
  }

  start() {
    const anew = this.state === "done";
    if (anew) for (const lane of this.lanes) lane.results = [];
    if (anew) this.round = 0;
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
    const message = JSON.parse(text);
    if (message.lacks) return this.requests.again(message.asked);
    if (message.error) {
      this.changes(this.lanes.some(({ progress }) => progress) ? "paused" : "idle");
      return this.tell(message.error, "error");
    }
    if (message.measuring) this.changes("measuring");
    if (message.message) this.tell(message.message);
    if (message.race) this.describe(message.race);
    for (const [number, frame] of Object.entries(message.frames ?? {})) {
      if (frame.kind) this.lanes[number]?.take(frame);
      else if (frame.message) this.tell(frame.message);
    }
    this.settle();
    this.show();
  }

  describe(race) {
    this.described = race;
    this.contestants = race.contestants;
    while (this.lanes.length > race.lanes.length) this.lanes.pop().element.remove();
    while (this.lanes.length < race.lanes.length) {
      this.lanes.push(new Lane(this, this.lanes.length));
      this.plot.append(this.lanes.at(-1).element);
    }
    this.plot.style.setProperty("--lanes", race.lanes.length);
    this.lanes.forEach((lane, i) => {
      lane.describe(race.lanes[i]);
    });
    this.root.querySelector(".add").disabled = race.lanes.length >= this.most;
    if (this.state === "measuring") this.changes("training");
    say(this.slot, "looks", {}); // the link may have changed
  }

  // The state of the race follows from those of its lanes.
  settle() {
    const { lanes } = this;
    if (!lanes.length || this.state === "measuring" || this.state === "idle") return;
    const begun = lanes.some(({ recording }) => recording.last?.step);
    if (lanes.every(({ over }) => over)) {
      if (this.state !== "done") this.arrives();
    } else if (lanes.some(({ state }) => state === "training")) {
      if (this.state === "paused" && !this.requests.sent.pause) this.changes("training");
    } else if (this.state === "training" && begun && lanes.every(({ state }) => state !== "idle")) {
      if (lanes.every(({ state, over }) => over || state === "paused") && lanes.some((lane) => lane.progress > 0.001))
        this.changes("paused");
    }
  }

  // All have arrived.
  async arrives() {
    this.changes("done");
    const { round, lanes } = this;
    const runs = lanes.map(({ recording }) => recording.run);
    const same = () => this.state === "done" && lanes.every(({ recording }, i) => recording.run === runs[i]);
    await Promise.all(
      lanes.map(async (lane) => {
        const found = lane.state === "failed" ? {} : await ask(lane, { ask: "measures" });
        const { step, seconds } = lane.recording.last;
        if (same()) lane.results[round] = found.measures && { ...found.measures, steps: step, seconds };
        this.show();
      }),
    );
    if (!same()) return;
    const { seeds = 1 } = kept(this.slot, "knobs").values;
    if (round + 1 < seeds) {
      this.round += 1;
      this.changes("training");
      return this.send("train", { anew: true });
    }
    const { bands } = await ask(lanes[0], { ask: "bands" });
    if (bands && same()) this.bands = bands;
    this.show();
  }

  changes(state) {
    this.state = state;
    this.root.dataset.state = state;
    this.course.buttons();
    this.show();
  }

  drawAnew() {
    this.draws += 1;
    this.send("look", {});
  }

  /** Look back at a share of the race, or, for null, at now. */
  rewind(share) {
    this.share = share;
    this.redraw();
    this.show();
  }

  redraw() {
    for (const lane of this.lanes) lane.screen.redraw();
  }

  painted() {
    this.frames += 1;
    this.root.dataset.frames = this.frames;
  }

  /** The scores of each lane, one for each round, at what is shown. */
  get scores() {
    return this.lanes.map((lane) => {
      const before = lane.results.slice(0, this.round).map((found) => found?.distance);
      const rounds = this.state === "done" && this.share === null ? before : [];
      const now = lane.state === "failed" || !lane.shown?.step ? Number.NaN : lane.distance;
      return [...rounds, now];
    });
  }

  get band() {
    const { floors } = this.lanes[0]?.recording ?? { floors: {} };
    const named = ["distance", "distance_low", "distance_high"].map((name) => floors[name]);
    return named.every(Number.isFinite) ? named : null;
  }

  show() {
    const { lanes, state, band } = this;
    if (!lanes.length) return;
    const found = ranks(this.scores, band ? band[2] - band[1] : 0);
    lanes.forEach((lane, i) => {
      const shared = found.filter((rank) => rank !== null && rank === found[i]).length > 1;
      lane.write(found[i], shared, found[i] === 1);
      lane.pick.setAttribute("aria-pressed", this.picked === i);
      lane.element.classList.toggle("picked", this.picked === i);
    });
    this.root.dataset.step = Math.max(...lanes.map(({ recording }) => recording.last?.step ?? 0));
    this.course.shows();
    const bands = { ...this.bands, ...(band && { distance: band }) };
    this.standings.show({ lanes, ranks: found, bands, note: this.note });
    this.announce(state === "done" && this.share === null ? found : null);
  }

  // One sentence over the lanes.
  announce(found) {
    const titles = this.lanes.map(({ about }) => about?.title ?? "");
    const round = this.round ? `Round ${this.round + 1}. ` : "";
    const words = {
      idle: this.picked === null ? BEFORE : `Your choice: ${titles[this.picked]}. Start the race.`,
      measuring: "Measuring how long a step of each takes …",
      training: `${round}They are off. The distance to the data decides.`,
      paused: "Paused.",
      done: found ? verdict(titles, found, this.picked) : "Looking back.",
    }[this.state];
    if (this.tells.textContent !== words) this.tells.textContent = words;
  }

  get note() {
    if (this.state === "idle") return "After the start: how far each is from the data, and what it costs.";
    const { seeds = 1 } = kept(this.slot, "knobs")?.values ?? {};
    const spread =
      seeds > 1 ? ` Mean ± standard deviation over ${Math.max(1, this.lanes[0].results.length)} seeds.` : "";
    return `Ranked by the distance. Who can't be told apart shares a rank (=).${spread}`;
  }

  // What other parts of the page ask of a Stage.

  current() {
    const dataset = kept(PAGE, "dataset");
    const knobs = kept(this.slot, "knobs")?.values;
    if (!this.described || !dataset || !knobs) return null;
    const { query, whole } = this.described;
    return { family: this.slot, dataset, knobs, contestants: this.contestants, query, whole };
  }

  look() {
    return {};
  }

  tell(sentence, kind) {
    this.says.tell(sentence, kind);
  }

  comeIntoView() {
    this.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
}
