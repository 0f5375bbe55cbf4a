// A figure that is measured on demand or, if that is cheap, whenever training pauses. It is drawn in sight only.

import { hear, kept, PAGE, say } from "../../page/bus.js";
import { palette } from "../../page/palette.js";
import { throttle } from "../../page/timing.js";
import { card, draw, sentence } from "../plotly.js";

const REDRAW = 350; // ms between two redraws
const PATIENCE = 30_000; // ms until it may be asked for again

export class MeasuredFigure {
  /** fold: the element that folds all figures; hidden with its tab. */
  constructor(slot, name, about, home, fold) {
    Object.assign(this, { slot, name, about, home, fold });
    this.card = card(name, about);
    this.figure = this.card.querySelector(".figure");
    this.note = sentence("");
    this.button = document.createElement("button");
    this.button.className = "measure";
    this.button.textContent = "Measure";
    this.button.hidden = about.auto;
    this.button.addEventListener("click", () => this.ask());
    this.card.append(this.note, this.button);
    this.plot = null;
    this.now = null; // the run and step that are shown
    this.asked = null; // those of the figure
    this.redraw = throttle(() => this.draw(), REDRAW);
    hear(slot, "answer", (answer) => answer.figure === name && this.answered(answer));
    hear(slot, "recording", (told) => this.trained(told));
    hear(slot, "time", () => this.redraw());
    hear(PAGE, "theme", () => this.redraw());
  }

  ask() {
    this.asked = this.now;
    this.button.disabled = true;
    this.button.textContent = "Measuring …";
    setTimeout(() => this.ready(), PATIENCE);
    say(this.slot, "asks", { ask: "plot", figure: this.name });
  }

  ready() {
    this.button.disabled = false;
    this.button.textContent = this.plot ? "Measure again" : "Measure";
  }

  // Of another step, the figure is out of date. When training pauses, or the picture of an earlier step is there, it is
  // asked for again if it is cheap, also in a closed fold: its warning is told on the Stage.
  trained({ recording, frame }) {
    this.card.hidden = !this.about.kinds.includes(recording.kind);
    this.help = this.about.help[recording.kind] ?? "";
    this.explain();
    this.now = `${recording.run}:${frame.step}:${frame.version ?? 0}`;
    const rests = frame.state === "rewound" ? frame.whole : frame.state !== "training";
    this.mark();
    const wanted = this.about.auto && !this.card.hidden && this.fold.offsetParent !== null;
    if (wanted && rests && this.now !== this.asked) this.ask();
  }

  mark() {
    this.card.classList.toggle("old", this.plot !== null && this.now !== this.asked);
  }

  answered({ plot, error }) {
    if (plot) this.plot = JSON.parse(plot);
    const warning = error ?? this.plot?.layout.meta?.warning;
    if (warning && warning !== this.warned && !error) say(this.slot, "tells", warning);
    this.warned = warning;
    this.explain();
    this.mark();
    this.ready();
    this.redraw();
  }

  explain() {
    const words = this.warned ?? this.help;
    if (this.note.textContent !== words) this.note.textContent = words;
    this.note.classList.toggle("warning", Boolean(this.warned));
  }

  draw() {
    if (!this.card.checkVisibility()) return;
    draw(this.home, this.figure, () => {
      if (!this.plot || !this.card.checkVisibility()) return null;
      this.figure.style.height = `${this.plot.layout.height}px`;
      const mark = this.about.atTime ? kept(this.slot, "time") : undefined;
      return { traces: this.plot.data.map(coloured), figure: this.plot, mark };
    });
  }
}

// Traces name a colour of the palette by `meta`, so that a figure suits light and dark themes.
function coloured(trace) {
  const { card, ink, [trace.meta]: color = ink } = palette();
  const colorscale = [
    [0, card],
    [1, color],
  ];
  if (trace.type === "heatmap") return { ...trace, colorscale };
  return { ...trace, line: { ...trace.line, color }, marker: { ...trace.marker, color } };
}
