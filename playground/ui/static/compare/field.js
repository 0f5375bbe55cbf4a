// The contestants of a race, and how they are changed.

import { ContestantDialog } from "./contestant.js";

const LEAST = 2;

export class Field {
  /** changed(i): the contestants from the i-th on are others. */
  constructor({ families, contestants, most }, button, changed) {
    Object.assign(this, { families, contestants, most, button, changed });
    this.edited = 0;
    const replace = (...others) => this.replace(this.edited, others);
    this.dialog = new ContestantDialog(families, {
      changed: (contestant) => replace(contestant),
      removed: () => replace(),
      twin: (contestant) => replace(contestant, { ...contestant, name: this.fresh(contestant.family) }),
    });
    button.addEventListener("click", () => this.add());
  }

  /** As the server knows them. */
  take(contestants) {
    this.contestants = contestants;
    this.button.disabled = contestants.length >= this.most;
  }

  /** The steps are to be measured anew. */
  forgetSteps() {
    this.contestants = this.contestants.map((contestant) => ({ ...contestant, steps: null }));
  }

  replace(i, others) {
    this.contestants = this.contestants.toSpliced(i, 1, ...others);
    this.changed(i);
  }

  // The first family that is not there yet, else one once more.
  add() {
    const used = this.contestants.map(({ family }) => family);
    const names = Object.keys(this.families);
    const family = names.find((name) => !used.includes(name)) ?? names[0];
    const name = used.includes(family) ? this.fresh(family) : "";
    this.contestants = [...this.contestants, { family, name, config: {} }];
    this.changed(used.length);
  }

  fresh(family) {
    return `${this.families[family].title} ${this.contestants.length + 1}`;
  }

  edit(i) {
    this.edited = i;
    const { length } = this.contestants;
    this.dialog.open(this.contestants[i], length > LEAST, length < this.most);
  }
}
