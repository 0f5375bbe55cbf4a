// The strip of a lesson, above the Stage: a step's text, its question, and the way on. Others hear of the step that is
// shown by the page's "lesson", {lesson, at, step, came(), next(), back(), go(at), end()}, null without a lesson.

import { opening } from "../links/opening.js";
import { current, ready } from "../links/state.js";
import { hear, keep, kept, PAGE, say } from "../page/bus.js";
import { inWords } from "./answers.js";
import { equation, meanings } from "./equation.js";
import { look, press, show } from "./showing.js";
import { Walk } from "./walk.js";

const PRESS = { train: "Train", play: "Play", measure: "Measure" };
const WRITES = "input:not([type=range]), textarea, select, dialog, [contenteditable], .pad";

export function mount({ element }) {
  new Strip(element.querySelector(".lesson"));
}

class Strip {
  constructor(root) {
    this.root = root;
    const find = (part) => root.querySelector(part);
    const parts = ["place", "text", "watch", "question", "choices", "answer", "equation", "press", "previous", "next"];
    this.parts = Object.fromEntries(parts.map((part) => [part, find(`.${part}`)]));
    this.title = find("h2");
    this.asks = find("#lesson-asks");
    this.walk = new Walk({
      current,
      show,
      train: () => press(this.walk.step),
      look: () => look(this.walk.step.state.family),
      tell: () => this.tell(),
      leaves,
    });
    this.parts.previous.addEventListener("click", () => this.walk.back());
    this.parts.next.addEventListener("click", () => this.walk.next() || this.walk.end());
    this.parts.press.addEventListener("click", () => press(this.walk.step));
    find(".again").addEventListener("click", () => this.walk.again());
    find(".close").addEventListener("click", () => this.end());
    document.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.makeRoom()).observe(root);
    this.listen();
  }

  listen() {
    opening.then(async ({ lesson, at, state, error }) => {
      if (!lesson) return;
      if (state) await ready(state.family);
      this.walk.begin(lesson, at, Boolean(state) || Boolean(error));
    });
    hear(PAGE, "teaches", ({ lesson, at }) => this.walk.begin(lesson, at));
    hear(PAGE, "lesson returns", (told) => this.walk.returns(told?.lesson ?? null, told?.at ?? 0));
    hear(PAGE, "titles", (titles) => {
      for (const family of Object.keys(titles)) hear(family, "recording", (told) => this.walk.hears(family, told));
    });
  }

  end() {
    this.walk.end();
    say(PAGE, "address", {});
  }

  key(event) {
    const way = { PageDown: () => this.walk.next(), PageUp: () => this.walk.back() }[event.key];
    if (!way || !this.walk.step || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(WRITES)) return;
    event.preventDefault();
    way();
  }

  // What is shown has changed: another step, or what is known of its question.
  tell() {
    const { walk } = this;
    const { lesson, at, step } = walk;
    const before = kept(PAGE, "lesson");
    this.root.hidden = !step;
    if (step) this.show(step);
    if (step && before?.step !== step && this.root.getBoundingClientRect().top < 0)
      scrollTo({ top: 0, behavior: "smooth" });
    if (before?.step === (step ?? undefined)) return;
    const ways = { next: () => walk.next(), back: () => walk.back(), go: (to) => walk.go(to), end: () => this.end() };
    keep(PAGE, "lesson", step && { lesson, at, step, came: () => walk.came ?? null, ...ways });
  }

  show(step) {
    const { parts, walk } = this;
    const { steps, title, code } = walk.lesson;
    const unshared = code ? "" : " · too long for a link: share its file";
    parts.place.textContent = `${title} · step ${walk.at + 1} of ${steps.length}${unshared}`;
    this.title.textContent = step.title;
    parts.text.textContent = step.cites ? `${step.text} (${step.cites})` : step.text;
    parts.watch.textContent = step.watch ?? "";
    parts.watch.hidden = !step.watch || walk.revealed;
    this.showEquation(step);
    this.showQuestion(step);
    parts.press.hidden = step.press === "none" || (step.question && !walk.revealed && walk.answer.predicted === null);
    parts.press.disabled = walk.arrives !== null;
    parts.press.textContent = PRESS[step.press] ?? "";
    parts.previous.disabled = walk.at === 0;
    parts.next.textContent = walk.at === steps.length - 1 ? "Finish" : "Next";
  }

  showEquation({ equation: text, symbols }) {
    const { equation: fold } = this.parts;
    fold.hidden = !text;
    if (fold.dataset.text === (text ?? "")) return;
    fold.dataset.text = text ?? "";
    fold.open = false;
    fold.querySelector("summary").replaceChildren(...equation(text ?? "", symbols));
    fold.querySelector("dl").replaceChildren(...meanings(text ?? "", symbols));
  }

  showQuestion({ question }) {
    const { parts, walk } = this;
    const { predicted, found, right } = walk.answer;
    parts.question.hidden = !question;
    this.root.classList.toggle("asks", Boolean(question));
    parts.answer.textContent = "";
    if (!question) return parts.choices.replaceChildren();
    this.asks.textContent = question.asks;
    const buttons = question.choices.map(({ says }, i) => {
      const button = Object.assign(document.createElement("button"), { className: "chip", textContent: says });
      button.setAttribute("aria-pressed", i === predicted);
      button.classList.toggle("right", i === right);
      button.disabled = walk.arrives !== null || predicted !== null || walk.revealed;
      button.addEventListener("click", () => walk.predict(i));
      return button;
    });
    const had = parts.choices.contains(document.activeElement) && predicted !== null;
    parts.choices.replaceChildren(...buttons);
    if (had) parts.next.focus({ preventScroll: true }); // keyboard users keep their place
    if (walk.revealed) parts.answer.textContent = verdict(question, walk.answer);
    else if (predicted !== null) parts.answer.textContent = "The run answers when it is done.";
    parts.answer.dataset.right = found === undefined || predicted === null ? "" : right === predicted;
  }

  // The picture gives way to the strip, so that both are seen at once.
  makeRoom() {
    const { height } = this.root.getBoundingClientRect();
    document.body.style.setProperty("--lesson", `${Math.ceil(height ? height + 12 : 0)}px`);
    document.body.classList.toggle("taught", height > 0);
  }
}

/** What came out, beside what was predicted. */
function verdict({ measure, choices, because }, { predicted, found, right }) {
  const came = inWords(measure, found);
  const said = predicted === null ? "" : predicted === right ? "You were right. " : "";
  const instead = right < 0 ? " None of these." : predicted === right ? "" : ` The answer: ${choices[right].says}.`;
  return [`${said}${came}${instead}`, because].filter(Boolean).join(" ");
}

// Back comes back to what is there now.
const leaves = ({ family }) => say(PAGE, "departs", { family });
