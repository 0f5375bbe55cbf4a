// Numbers beside their floors, and the answer to the pointer.

import { hear } from "../page/bus.js";

export function mount({ element, options }) {
  const charts = Object.entries(options.charts).filter(([, chart]) => chart.readout);
  const cards = charts.map(([name, chart]) => [card(name, chart), chart]);
  const notes = Object.entries(options.notes).map(([name, about]) => [note(name, about), about]);
  element.querySelector(".readouts").prepend(...[...cards, ...notes].map(([card]) => card));
  hear(options.slot, "recording", ({ recording, step }) => {
    for (const [card, { kinds }] of cards) {
      card.hidden = !kinds.includes(recording.kind);
      show(card, recording, step);
    }
    for (const [card, { kinds }] of notes) {
      card.hidden = !kinds.includes(recording.kind);
      tell(card, recording.notes(step)[card.dataset.note]);
    }
  });
  const pointer = element.querySelector(".pointer");
  const first = pointer.textContent;
  let hint = first;
  const write = (words) => {
    pointer.textContent = words;
  };
  hear(options.slot, "hint", (told) => {
    hint = told || first;
    write(hint);
  });
  hear(options.slot, "pointer", (under) => write(describe(under, options.timed) ?? hint));
}

function card(name, { title, help, unit, beside }) {
  const card = document.createElement("div");
  card.className = "card readout";
  card.dataset.scalar = name;
  card.dataset.unit = unit;
  card.dataset.beside = beside;
  card.innerHTML = `<h2></h2><div class="big">–</div><div class="floor">&nbsp;</div>
    <div class="meter"><i></i><u></u></div><p class="sub"></p>`;
  card.querySelector("h2").textContent = title;
  card.querySelector(".sub").textContent = help;
  return card;
}

// A note: a word or two, and a sentence with the reason.
function note(name, { title, help }) {
  const card = document.createElement("div");
  card.className = "card note";
  card.dataset.note = name;
  card.title = help;
  card.innerHTML = '<h2></h2><div class="big">–</div><p class="sub"></p>';
  card.querySelector("h2").textContent = title;
  return card;
}

function tell(card, said) {
  card.querySelector(".big").textContent = said?.value ?? "–";
  card.querySelector(".sub").textContent = said?.says ?? "";
}

const NATS = 2; // nats above the floor at which the meter is full

function show(card, recording, step) {
  const name = card.dataset.scalar;
  const value = recording.scalar(name, step);
  const floor = recording.floors[name];
  const { unit } = card.dataset;
  const nats = unit === "nats";
  if (unit === "share" || unit === "count") return showShare(card, recording, value, floor);
  card.querySelector(".big").textContent = number(value);
  // The meter is logarithmic, from half the floor to fifty times the floor, to resolve values near the floor.
  const share = nats ? (v) => 0.15 + 0.85 * ((v - floor) / NATS) : (v) => Math.log(v / floor / 0.5) / Math.log(100);
  const place = (v) => Math.min(1, Math.max(0, share(v)));
  const known = nats ? floor !== undefined : floor > 0;
  card.querySelector(".meter").classList.toggle("known", known);
  card.querySelector(".meter").hidden = nats && !known && value !== undefined; // no floor to compare with
  card.querySelector("i").style.width = known && (nats || value > 0) ? `${100 * place(value)}%` : "0";
  card.querySelector("u").style.left = `${known ? 100 * place(floor) : 0}%`;
  card.querySelector(".floor").textContent = known ? `${card.dataset.beside} ${number(floor)}` : "";
}

// A share or a count beside its ceiling, on a meter that ends there.
function showShare(card, recording, value, ceiling) {
  const name = card.dataset.scalar;
  const count = card.dataset.unit === "count";
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  const write = (part, text) => {
    card.querySelector(part).textContent = text;
  };
  write(".big", value === undefined ? "–" : count ? String(value) : percent(value));
  const filled = ceiling && value ? Math.min(100, (100 * value) / (count ? ceiling : 1)) : 0;
  card.querySelector("i").style.width = `${filled}%`;
  card.querySelector(".meter").classList.toggle("known", ceiling > 0 && !count);
  card.querySelector("u").style.left = `${100 * (ceiling ?? 1)}%`;
  const estimated = recording.floors[`${name}_estimated`];
  const of = count ? `of ${estimated ? "about " : ""}${ceiling}` : `ceiling ${percent(ceiling)}`;
  write(".floor", ceiling ? of + (estimated ? ": of clusters found in the data, an estimate" : "") : "");
}

// Two or three significant digits, with a stable width.
function number(value) {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

const fixed = (value, digits) => value.toFixed(digits).replace("-", "−");
const pair = ([x, y]) => `(${short(x)}, ${short(y)})`;
const short = (v) => v.toFixed(2).replace("-", "−");

function describe({ place, own, answer }, timed) {
  if (!place) return null;
  if (!answer) return timed ? `x = ${pair(own)} at t = ${place.t.toFixed(2)}` : null;
  if (answer.says) return answer.says;
  const { path, velocity } = answer;
  if (!path) return null;
  const speed = velocity ? ` · speed ${Math.hypot(...velocity).toFixed(2)}` : "";
  const where = `x = ${pair(answer.x)} at t = ${answer.t.toFixed(2)}${speed}.`;
  return `${where} Comes from ${pair(path[0])}, goes to ${pair(path.at(-1))}.`;
}
