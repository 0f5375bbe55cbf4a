// What went wrong in a training, and what may help: one click parts from the run before it happened.

import { hear, say, stages } from "../page/bus.js";

export function mount({ element, trigger, options }) {
  new Verdict(element, options, trigger);
}

class Verdict {
  constructor(element, { family, watches }, trigger) {
    Object.assign(this, { family, watches, trigger });
    this.found = element.querySelector(".found");
    this.parted = element.querySelector(".parted");
    this.told = ""; // what was last said on the Stage
    this.drawn = "";
    hear(family, "film", ({ film }) => this.show(film));
  }

  show(film) {
    const findings = Object.values(film.findings);
    const { before } = film;
    const now = JSON.stringify([film.run, film.findings, film.title, before?.findings, this.stage?.alone, this.began(film)]);
    if (now === this.drawn) return;
    this.drawn = now;
    this.found.replaceChildren(...(findings.length ? findings.flatMap((f) => this.finding(f, film)) : [this.well(film)]));
    this.parted.replaceChildren(...(before ? this.comparison(film) : []));
    const news = findings.map((f) => f.title).join();
    if (news && `${film.run} ${news}` !== this.told) say(this.family, "tells", `${findings[0].title}. ${findings[0].sentence}`);
    if (!news && this.told) say(this.family, "tells", ""); // it was a false alarm, or belonged to the run before
    this.told = news ? `${film.run} ${news}` : "";
  }

  get stage() {
    return stages.get(this.family);
  }

  // Whether a training has been watched.
  began(film) {
    return film.frames.length > 1;
  }

  well(film) {
    return text("p", "sub", this.began(film) ? "Nothing has gone wrong so far." : "Watches each training, and says when and how the game breaks, and what may help.");
  }

  finding(finding, film) {
    const title = text("p", "kind", `${finding.title}, since step ${finding.step.toLocaleString("en")}`);
    return [title, text("p", "sub", finding.sentence), this.remedies(finding, film.run, "Go back to before it, and")];
  }

  // A button for each remedy, with its reason.
  remedies({ remedies, before }, run, lead) {
    const list = document.createElement("div");
    list.className = "remedies";
    if (remedies.length) list.append(text("p", "sub", lead));
    for (const { title, why, changes } of remedies) {
      const row = document.createElement("div");
      const button = text("button", "", title);
      button.dataset.remedy = Object.keys(changes)[0];
      button.addEventListener("click", () => this.fork(run, before, title, changes));
      row.append(button, text("span", "sub", why));
      list.append(row);
    }
    return list;
  }

  fork(run, step, title, changes) {
    const { stage } = this;
    stage.parts(title);
    this.trigger("forked", { ...stage.look(), run, step, changes });
  }

  // Two runs side by side.
  comparison(film) {
    const { step } = film.origin;
    const where = step ? `They part at step ${step.toLocaleString("en")}` : "Both begin with the same seed";
    const parts = [text("p", "sub", `Left: as it was. Right: ${film.title.toLowerCase()}. ${where}.`)];
    const button = text("button", "", this.stage.alone ? "Show both" : "Show only the new one");
    button.className = "alone";
    button.addEventListener("click", () => {
      this.stage.leaveAlone(!this.stage.alone);
      this.show(film);
    });
    parts.push(button);
    for (const finding of Object.values(film.before.findings)) {
      const others = finding.remedies.filter((remedy) => remedy.title !== film.title);
      parts.push(this.remedies({ ...finding, remedies: others }, film.before.run, "Or go back once more, and"));
    }
    return parts;
  }
}

function text(tag, name, words) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = words;
  return element;
}
