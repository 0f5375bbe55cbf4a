// The families side by side: boxes and arrows, a small picture of each shipped model, what is good and what is not.

import { LINKED } from "../../links/opening.js";
import { openTab } from "../../links/tabs.js";
import { hear, PAGE } from "../../page/bus.js";
import { palette } from "../../page/palette.js";
import { draw } from "../../stage/model/diagram.js";

const ROOM = 900; // px of height with which the overview is open from the start
const SIDE = 72; // px of a picture
const DOT = 1.1;
const LEVELS = 255;
const PATIENCE = 20_000; // ms that a tab may take to open

export function mount({ element, options }) {
  const root = element.querySelector(".overview");
  const models = Object.entries(options.families).map(([family, about]) => new Model(family, about));
  root.querySelector(".models").append(...models.map((model) => model.element));
  root.open = innerHeight >= ROOM && innerWidth > 820 && !LINKED;
  let asked = false;
  const fill = async () => {
    if (asked || !root.open || root.offsetParent === null) return;
    asked = true;
    try {
      const found = await (await fetch(new URL("playground/overview", document.baseURI))).json();
      for (const model of models) model.show(found[model.family]);
    } catch {
      asked = false; // they are asked for when it is opened again
    }
  };
  root.addEventListener("toggle", fill);
  hear(PAGE, "opens", (slot) => slot === options.slot && fill());
  hear(PAGE, "lesson", (taught) => {
    if (taught?.step.state.family === options.slot) root.open = true;
  });
  hear(PAGE, "theme", () => {
    for (const model of models) model.paint();
  });
}

class Model {
  constructor(family, { title, diagram, facts, traits }) {
    this.family = family;
    this.points = null;
    this.element = document.createElement("section");
    this.element.className = "model";
    const [heading, list] = [document.createElement("h3"), document.createElement("dl")];
    heading.textContent = title;
    for (const [name, words] of Object.entries(facts)) {
      const [term, meaning] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      meaning.textContent = words;
      list.append(term, meaning);
    }
    this.canvas = Object.assign(document.createElement("canvas"), { width: 2 * SIDE, height: 2 * SIDE, hidden: true });
    this.canvas.setAttribute("aria-hidden", "true");
    const says = document.createElement("p");
    says.className = "sub";
    says.textContent = diagram.says;
    const head = document.createElement("div");
    head.className = "known";
    head.append(list, this.canvas);
    const merits = document.createElement("div");
    merits.className = "traits";
    merits.append(...traits.map((trait) => this.trait(trait)));
    this.element.append(heading, draw(diagram), says, head, merits);
  }

  // A click shows it, in the family's own tab.
  trait({ good, says, recipe }) {
    const button = document.createElement("button");
    button.className = good ? "trait good" : "trait";
    button.textContent = says;
    button.setAttribute("aria-label", `${good ? "Good" : "Weak"}: ${says}. See it.`);
    button.title = "See it in its tab";
    button.addEventListener("click", async () => {
      await openTab(this.family);
      const wanted = `#${this.family}-recipes [data-recipe="${recipe}"]`;
      const end = performance.now() + PATIENCE;
      while (!document.querySelector(wanted)?.checkVisibility() && performance.now() < end)
        await new Promise((later) => setTimeout(later, 50));
      document.querySelector(wanted)?.click();
    });
    return button;
  }

  show(points) {
    this.points = points ?? null;
    this.paint();
  }

  paint() {
    if (!this.points) return;
    this.canvas.hidden = false;
    const g = this.canvas.getContext("2d");
    const { width, height } = this.canvas;
    g.clearRect(0, 0, width, height);
    g.fillStyle = palette().samples;
    for (let i = 0; i < this.points.length; i += 2) {
      const [x, y] = [this.points[i] / LEVELS, 1 - this.points[i + 1] / LEVELS];
      g.fillRect(x * width - DOT, y * height - DOT, 2 * DOT, 2 * DOT);
    }
  }
}
