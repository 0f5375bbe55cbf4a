// The cards of a tab: one for each quantity that is measured, and for each note.

import { hear, PAGE } from "../../page/bus.js";
import { throttle } from "../../page/timing.js";
import { Card } from "./card.js";
import { refresh } from "./enlarged.js";
import { Note } from "./note.js";

const REDRAW = 250; // ms between two redraws: a chart is read, not watched
const [LOW, GAP] = [150, 12]; // px, the least height of a card beside the Stage, and the gap to the next

export function mount({ element, options, home }) {
  const { slot, charts, notes } = options;
  const cards = [
    ...Object.entries(charts).map(([name, chart]) => new Card(name, chart, { slot, home })),
    ...Object.entries(notes).map(([name, about]) => new Note(name, about)),
  ];
  element.querySelector(".cards").append(...cards.map((card) => card.element));

  // Only the cards in sight are drawn.
  const inSight = new Set();
  const draw = () => {
    for (const card of cards) if (inSight.has(card.element)) card.show();
    refresh();
  };
  const redraw = throttle(draw, REDRAW);
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) inSight[isIntersecting ? "add" : "delete"](target);
    draw();
  });
  for (const card of cards) sight.observe(card.element);
  const resized = new ResizeObserver(redraw);
  for (const card of cards) resized.observe(card.element);

  // As many rows of cards stand beside the Stage as have room there; the others follow below.
  const table = element.closest(".table");
  const middle = table.querySelector(".middle");
  const arrange = () => {
    const most = Math.max(1, Math.floor((middle.offsetHeight + GAP) / (LOW + GAP)));
    const shown = cards.filter((card) => !card.element.hidden).length;
    table.style.setProperty("--rows", Math.min(shown, most));
  };
  new ResizeObserver(arrange).observe(middle);

  hear(slot, "recording", (told) => {
    const before = cards.map((card) => card.element.hidden).join();
    for (const card of cards) card.take(told);
    if (cards.map((card) => card.element.hidden).join() !== before) arrange();
    redraw();
  });
  hear(PAGE, "theme", redraw);
}
