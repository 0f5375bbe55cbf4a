// An alert about a training, and its remedies. One click forks the run before the failure.

import { hear, say, stages } from "../page/bus.js";

const WELL = "Nothing has gone wrong so far.";
const WATCHES = "Watches each training, and says when and how the game breaks, and what may help.";

export function mount({ element, trigger, options }) {
  new Alert(element, options, trigger);
}

class Alert {
  constructor(element, { slot }, trigger) {
    Object.assign(this, { slot, trigger });
    this.found = element.querySelector(".found");
    this.parted = element.querySelector(".parted");
    this.told = ""; // the last sentence on the Stage
    this.drawn = "";
    this.words = []; // what writes the sentences that change as the training goes on
    hear(slot, "recording", ({ lanes }) => this.show(lanes));
  }

  // The last lane is the run that trains; with several lanes, the one before it is the source of its fork. Buttons stay
  // while they offer the same: one that was replaced between press and release would never be clicked.
  show(lanes) {
    const [{ recording, title }, source] = [lanes.at(-1), lanes.at(-2)];
    const { run, alerts } = recording;
    const began = recording.frames.length > 1; // a training has been watched
    const offers = [recording, source?.recording].map((it) => it && [it.run, offered(it.alerts)]);
    const now = JSON.stringify([offers, title, this.stage?.alone, began]);
    if (now !== this.drawn) {
      this.drawn = now;
      this.words = [];
      const told = Object.keys(alerts).flatMap((name) => this.alert(name, recording));
      this.found.replaceChildren(...(told.length ? told : [text("p", "sub", began ? WELL : WATCHES)]));
      this.parted.replaceChildren(...(source ? this.comparison(lanes, title, recording.origin, source.recording) : []));
    }
    for (const write of this.words) write();
    this.tell(run, Object.values(alerts));
  }

  // Say on the Stage what is new.
  tell(run, alerts) {
    const news = alerts.map((alert) => alert.title).join();
    if (news && `${run} ${news}` !== this.told) say(this.slot, "tells", `${alerts[0].title}. ${alerts[0].sentence}`);
    if (!news && this.told) say(this.slot, "tells", ""); // it was a false alarm, or of the previous run
    this.told = news ? `${run} ${news}` : "";
  }

  get stage() {
    return stages.get(this.slot);
  }

  alert(name, recording) {
    const [title, sentence] = [text("p", "kind", ""), text("p", "sub", "")];
    this.words.push(() => {
      const alert = recording.alerts[name];
      write(title, `${alert.title}, since step ${alert.step.toLocaleString("en")}`);
      write(sentence, alert.sentence);
    });
    const { remedies } = recording.alerts[name];
    return [title, sentence, this.remedies(recording, name, remedies, "Go back to before it, and")];
  }

  // A button for each remedy, with its reason. What is forked is the run before the alert as it is then.
  remedies(recording, name, remedies, lead) {
    const list = document.createElement("div");
    list.className = "remedies";
    if (remedies.length) list.append(text("p", "sub", lead));
    for (const { title, why, changes } of remedies) {
      const row = document.createElement("div");
      const button = text("button", "", title);
      button.dataset.remedy = Object.keys(changes)[0];
      button.addEventListener("click", () => this.fork(recording.run, recording.alerts[name].before, title, changes));
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
  comparison(lanes, title, { step }, source) {
    const { stage } = this;
    const where = step ? `They part at step ${step.toLocaleString("en")}` : "Both begin with the same seed";
    const button = text("button", "alone", stage.alone ? "Show both" : "Show only the new one");
    button.addEventListener("click", () => {
      stage.leaveAlone(!stage.alone);
      this.show(lanes);
    });
    const others = Object.entries(source.alerts).map(([name, alert]) => {
      const remedies = alert.remedies.filter((remedy) => remedy.title !== title);
      return this.remedies(source, name, remedies, "Or go back once more, and");
    });
    return [text("p", "sub", `Left: as it was. Right: ${title.toLowerCase()}. ${where}.`), button, ...others];
  }
}

// What is offered against each alert.
const offered = (alerts) =>
  Object.entries(alerts).map(([name, { remedies }]) => [name, remedies.map(({ title }) => title)]);

function write(element, words) {
  if (element.textContent !== words) element.textContent = words; // else what is selected in it stays
}

function text(tag, name, words) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = words;
  return element;
}
