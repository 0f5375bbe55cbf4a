// The table of a race, its chart, and what can be taken from it.

import { download } from "../links/files.js";
import { palette } from "../page/palette.js";
import { throttle } from "../page/timing.js";
import { paintLines } from "../paint/lines.js";
import { averaged, deciding } from "./ranking.js";

const OFTEN = 400; // ms between two tables while the race is on

export class Standings {
  constructor(root, columns) {
    Object.assign(this, { root, columns });
    this.table = root.querySelector("table");
    this.note = root.querySelector(".sub");
    this.canvas = root.querySelector("canvas");
    this.show = throttle((told) => this.write(told), OFTEN);
    root.querySelector("[id$=-csv]").addEventListener("click", () => this.save());
  }

  /** lanes; ranks, by lane; bands, {name: [mean, low, high]}; note: a sentence. */
  write({ lanes, ranks, bands, note }) {
    const rows = lanes.map((lane, i) => ({
      lane,
      rank: ranks[i],
      values: this.columns.map((c) => measureOf(lane, c)),
    }));
    rows.sort((a, b) => (a.rank ?? 99) - (b.rank ?? 99));
    this.rows = rows;
    this.columnsShown = this.columns.filter((_, c) => rows.some(({ values }) => values[c]));
    const shown = (row) => this.columns.flatMap((column, c) => (this.columnsShown.includes(column) ? [row[c]] : []));
    const ceiling = this.ceiling(lanes);
    const head = line("th", ["", "", ...this.columnsShown.map(({ title }) => title)]);
    head.querySelectorAll("th").forEach((cell, i) => {
      cell.scope = "col";
      const column = this.columnsShown[i - 2];
      if (column) cell.title = column.help;
      else cell.replaceChildren(hidden(i ? "Contestant" : "Rank"));
    });
    const body = rows.map(({ lane, rank, values }) => {
      const shares = rows.filter((row) => row.rank === rank).length > 1;
      const cells = shown(values).map((value, i) => written(value, this.columnsShown[i]));
      const row = line("td", [rank === null ? "–" : `${rank}${shares ? "=" : ""}`, "", ...cells.map(([mean]) => mean)]);
      cells.forEach(([, spread], i) => {
        if (spread) row.children[i + 2].append(Object.assign(document.createElement("small"), { textContent: spread }));
      });
      row.children[1].append(dot(lane), lane.about?.title ?? "");
      row.classList.toggle("leads", rank === 1);
      return row;
    });
    const perfect = this.columnsShown.map(({ name, digits }) => {
      if (name === "log_likelihood" && ceiling !== null) return ceiling.toFixed(2).replace("-", "−");
      const band = bands[name];
      return band ? `${band[1].toFixed(digits)}–${band[2].toFixed(digits)}` : "";
    });
    const foot = line("td", ["", "A perfect model", ...perfect]);
    foot.className = "perfect";
    const parts = [section("thead", head), section("tbody", ...body)];
    if (perfect.some(Boolean)) parts.push(section("tfoot", foot));
    this.table.replaceChildren(...parts);
    if (this.note.textContent !== note) this.note.textContent = note;
    this.paint(lanes, bands.distance);
  }

  ceiling(lanes) {
    const known = lanes.flatMap(({ results }) => results.map((found) => found?.log_likelihood_ceiling));
    return averaged(known)?.mean ?? null;
  }

  // The distance over the race.
  paint(lanes, band) {
    const { canvas } = this;
    canvas.parentElement.hidden = !lanes.some((lane) => pointsOf(lane).length);
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const size = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (!size[0]) return;
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    const lines = lanes.map((lane) => ({ colour: lane.colour, points: pointsOf(lane) }));
    if (band && lines.some(({ points }) => points.length)) {
      const floor = [0, 1].map((x) => [x, band[0]]); // so that the axis is that of the whole race
      lines.push({ colour: palette().soft, dashed: true, points: floor, band: band.slice(1) });
    }
    const drawn = lines.filter(({ points }) => points.length);
    const shares = lanes.map((lane) => lane.track.share).filter((share) => share !== null);
    paintLines(canvas, drawn, { log: true }, { mark: shares[0], colours: palette(), ratio });
  }

  save() {
    if (!this.rows) return;
    const names = this.columnsShown.flatMap(({ name }) => [name, `${name}_sd`]);
    const cells = ({ lane, rank, values }) => {
      const kept = this.columns.flatMap((c, i) => (this.columnsShown.includes(c) ? [values[i]] : []));
      return [
        rank ?? "",
        lane.about.title,
        lane.about.family,
        ...kept.flatMap((v) => [v?.mean ?? "", v?.spread ?? ""]),
      ];
    };
    const rows = [["rank", "contestant", "family", ...names], ...this.rows.map(cells)];
    const text = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
    download(new Blob([text], { type: "text/csv" }), "race.csv");
  }
}

// A spreadsheet would take a text that begins with these for a formula.
const quoted = (value) => {
  const text = String(value);
  if (typeof value === "number") return text;
  return `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

// What is known of a measure: of the rounds that are over or, until then, of the present one.
function measureOf(lane, { name }) {
  const rounds = lane.results.filter(Boolean).map((found) => found[name]);
  const over = averaged(rounds);
  if (over) return over;
  const { last } = lane.recording;
  const live = { distance: lane.distance, steps: Math.round(lane.step), seconds: lane.shown?.seconds };
  const known = { ...live, parameters: lane.about?.parameters, evaluations: lane.about?.evaluations };
  return last?.step || name in lane.about ? averaged([known[name]]) : null;
}

// The mean and the spread, which is of nothing where all rounds have the same.
function written(value, { digits }) {
  if (!value) return ["", ""];
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const number = (v) => v.toLocaleString("en", places).replace("-", "−");
  return [number(value.mean), value.spread ? ` ± ${number(value.spread)}` : ""];
}

const pointsOf = ({ recording }) =>
  recording.curves
    .filter((scalars) => scalars[deciding(recording)] !== undefined && scalars.step > 0)
    .map((scalars) => [scalars.step / recording.last.steps, scalars[deciding(recording)]]);

function line(tag, texts) {
  const row = document.createElement("tr");
  for (const text of texts) row.append(Object.assign(document.createElement(tag), { textContent: text }));
  return row;
}

function section(tag, ...rows) {
  const part = document.createElement(tag);
  part.append(...rows);
  return part;
}

function dot(lane) {
  const mark = document.createElement("i");
  mark.style.setProperty("--lane", `var(--${lane.colourName})`);
  return mark;
}

const hidden = (words) => Object.assign(document.createElement("span"), { className: "unheard", textContent: words });
