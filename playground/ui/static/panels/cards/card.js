// One quantity: its number, what that is to be compared with, and its line over the training.

import { comparison, inUnit } from "../../page/numbers.js";
import { palette } from "../../page/palette.js";
import { paintLines, stepAt } from "../../paint/lines.js";
import { enlarge } from "./enlarged.js";
import { bandOf, linesOf, pointsOf, scaleOf } from "./series.js";

export class Card {
  constructor(name, chart, { slot, home }) {
    Object.assign(this, { name, chart, slot, home });
    this.lines = linesOf(chart);
    this.scalars = this.lines.filter((line) => !line.floor);
    this.at = null; // the step that is pointed at
    this.told = null; // {recording, step} to be shown
    this.element = made(name, chart);
    this.big = this.element.querySelector(".big");
    this.floor = this.element.querySelector(".floor");
    this.verdict = this.element.querySelector(".verdict");
    this.verdict.hidden = !chart.inside;
    this.keys = this.element.querySelector(".keys");
    this.why = this.element.querySelector(".why p");
    this.canvas = this.element.querySelector("canvas");
    this.keys.hidden = this.scalars.length === 1;
    this.element.querySelector(".number").hidden = this.scalars.length > 1;
    const button = this.element.querySelector(".line");
    button.addEventListener("click", () => enlarge(this));
    button.addEventListener("pointermove", (event) => this.point(event));
    button.addEventListener("pointerleave", () => this.leave());
  }

  get help() {
    return this.chart.help[this.told.recording.kind] ?? "";
  }

  suits({ kind, absent }) {
    return this.chart.kinds.includes(kind) && !absent.includes(this.name);
  }

  take(told) {
    this.told = told;
    this.element.hidden = !this.suits(told.recording);
    set(this.why, this.help);
  }

  /** The lines of the recording that have points. */
  drawn() {
    const { recording } = this.told;
    const colours = palette();
    return this.lines
      .map((line) => ({
        ...line,
        dashed: line.floor,
        colour: colours[line.colour],
        points: pointsOf(line, recording),
        band: line.floor ? bandOf(line.scalar, recording) : undefined,
      }))
      .filter(({ points }) => points.length);
  }

  show() {
    if (!this.told || this.element.hidden) return;
    const drawn = this.drawn();
    this.write(drawn);
    this.paint(drawn);
  }

  write(drawn) {
    const { recording, step } = this.told;
    const { unit, beside, inside } = this.chart;
    const at = this.at ?? step;
    if (this.scalars.length === 1) {
      const [{ scalar }] = this.scalars;
      const value = recording.scalar(scalar, at);
      set(this.big, inUnit(value, unit));
      const { [scalar]: floor, [`${scalar}_estimated`]: estimated } = recording.floors;
      const band = bandOf(scalar, recording);
      const than = comparison(floor, { unit, beside, estimated, band });
      set(this.verdict, band && value <= band[1] ? inside : "");
      set(this.floor, this.at === null ? than : `at step ${Math.round(at).toLocaleString("en")}`);
      return;
    }
    const keys = drawn.map(({ name, scalar, floor, colour }) => {
      const value = floor ? recording.floors[scalar] : recording.scalar(scalar, at);
      return { colour, floor, text: `${name} ${inUnit(value, unit)}` };
    });
    const now = JSON.stringify(keys);
    if (now === this.written) return;
    this.written = now;
    this.keys.replaceChildren(...keys.map(key));
  }

  paint(drawn) {
    const { canvas } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    const { recording, step } = this.told;
    const past = step < (recording.last?.step ?? 0);
    const mark = this.at ?? (past ? step : undefined);
    paintLines(canvas, drawn, scaleOf(this.chart), { mark, colours: palette(), ratio });
  }

  point({ clientX }) {
    if (!this.told) return;
    const { left, width } = this.canvas.getBoundingClientRect();
    this.at = stepAt(clientX - left, width, this.drawn()) ?? null;
    this.show();
  }

  leave() {
    this.at = null;
    this.show();
  }
}

function made(name, { title }) {
  const card = document.createElement("section");
  card.className = "card quantity";
  card.dataset.scalar = card.dataset.chart = name;
  card.innerHTML = `<header><h2></h2><details class="why"><summary aria-label="What this is">?</summary><p></p></details></header>
    <p class="number"><b class="big">–</b> <span class="floor"></span></p><p class="verdict"></p><p class="keys"></p>
    <button class="line"><canvas></canvas></button>`;
  card.querySelector("h2").textContent = title;
  card.querySelector(".line").setAttribute("aria-label", `${title}: enlarge the chart`);
  return card;
}

function key({ colour, floor, text }) {
  const span = document.createElement("span");
  const dot = document.createElement("i");
  dot.style.setProperty("--dot", colour);
  dot.className = floor ? "dashed" : "";
  span.append(dot, text);
  return span;
}

// Text that has not changed is not written: it would cost a layout of the page.
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
