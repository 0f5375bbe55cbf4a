// Numbers beside their floors, and what is under the pointer.

import { hear } from "./bus.js";

export function mount({ element, options }) {
  const charts = Object.entries(options.charts).filter(([, chart]) => chart.readout);
  const cards = charts.map(([name, chart]) => card(name, chart));
  element.querySelector(".readouts").prepend(...cards);
  hear(options.family, "film", ({ film, step }) => {
    charts.forEach(([, chart], i) => (cards[i].hidden = !chart.of.includes(film.of)));
    cards.forEach((card) => show(card, film, step));
  });
  const pointer = element.querySelector(".pointer"), hint = pointer.textContent;
  hear(options.family, "pointer", (under) => (pointer.textContent = describe(under) ?? hint));
}

function card(name, { title, help, beside }) {
  const card = document.createElement("div");
  card.className = "card readout";
  card.dataset.scalar = name;
  card.dataset.beside = beside;
  card.innerHTML = '<h2></h2><div class="big">–</div><div class="floor">&nbsp;</div><div class="meter"><i></i><u></u></div><p class="sub"></p>';
  card.querySelector("h2").textContent = title;
  card.querySelector(".sub").textContent = help;
  return card;
}

function show(card, film, step) {
  const name = card.dataset.scalar;
  const value = film.scalar(name, step), floor = film.floors[name];
  card.querySelector(".big").textContent = number(value);
  // The meter is logarithmic from half the floor to fifty times it: near the floor is where differences count.
  const place = (v) => Math.min(1, Math.max(0, Math.log(v / floor / 0.5) / Math.log(100)));
  const known = floor > 0;
  card.querySelector(".meter").classList.toggle("known", known);
  card.querySelector("i").style.width = known && value > 0 ? `${100 * place(value)}%` : "0";
  card.querySelector("u").style.left = `${100 * place(floor || 1)}%`;
  card.querySelector(".floor").textContent = known ? `${card.dataset.beside} ${number(floor)}` : "";
}

// Two or three digits that don't jump about.
function number(value) {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

const pair = ([x, y]) => `(${short(x)}, ${short(y)})`;
const short = (v) => v.toFixed(2).replace("-", "−");

function describe({ place, own, answer }) {
  if (!place) return null;
  if (!answer) return own && `x = ${pair(own)} at t = ${place.t.toFixed(2)}`;
  if (answer.says) return answer.says;
  const { path, velocity } = answer;
  if (!path) return null;
  const speed = Math.hypot(...velocity);
  return `x = ${pair(answer.x)} at t = ${answer.t.toFixed(2)} · speed ${speed.toFixed(2)}. Comes from ${pair(path[0])}, goes to ${pair(path[path.length - 1])}.`;
}
