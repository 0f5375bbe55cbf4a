// The address bar: it always holds the link of what the page shows. Back and Forward go through tabs, recipes and files,
// each with the run that it showed.

import { hear, keep, kept, openStage, PAGE, say, stages } from "../page/bus.js";
import { follow } from "../page/host.js";
import { throttle } from "../page/timing.js";
import { stateOf } from "./opening.js";
import { current, linkInLesson } from "./state.js";
import { openTab } from "./tabs.js";

const OFTEN = 500; // ms between two links; browsers refuse to change the address much more often
const CHANGES = ["recording", "time", "knobs", "looks"]; // what a slot says when its link may have changed

export class Address {
  constructor(slots, space) {
    this.space = space; // of the hub, in whose page this one stands
    this.query = null; // the last link; the first one is not written, it is what the address means already
    this.states = new Map(); // of the entries of the browser's history, by their numbers
    this.awaited = null; // the tab that opens by itself
    this.leaving = undefined; // the run that is still shown while another entry's is on its way
    this.entry = history.state?.entry ?? number();
    history.replaceState({ ...history.state, entry: this.entry }, "");
    const often = throttle(() => this.freshen(), OFTEN);
    const later = () => (this.query === null ? this.freshen() : often()); // the first, before a visitor changes anything
    for (const slot of slots) for (const name of CHANGES) hear(slot, name, later);
    hear(PAGE, "dataset", later);
    hear(PAGE, "opens", (slot) => this.opens(slot));
    hear(PAGE, "departs", ({ family }) => this.departs(family));
    hear(PAGE, "address", later);
    window.addEventListener("popstate", (event) => this.goes(event.state ?? {}));
  }

  /** Put the link of what is seen now into the address, even if that is what it means already. False if its
   * points are too many for it. */
  freshen(explicit = false) {
    const state = this.remember(explicit);
    if (!state) return true;
    const { query, whole } = linkInLesson(state);
    this.leaving = undefined;
    const changed = this.query !== null && (this.query !== query || state.run !== history.state?.run);
    if (explicit || changed) this.write("replaceState", query, state.run);
    this.query = query;
    return whole;
  }

  // What is seen now is that of the entry, unless its run is still on its way.
  remember(explicit = false) {
    const state = current();
    if (!state || (!explicit && state.run === this.leaving)) return null;
    const { lesson, at } = kept(PAGE, "lesson") ?? {};
    this.states.set(this.entry, { ...state, taught: lesson && { lesson, at } });
    return state;
  }

  // A tab that a visitor opens is a new entry of the history.
  opens(slot) {
    const before = this.states.get(this.entry);
    if (before && before.family !== slot && this.awaited !== slot) this.push();
    this.awaited = null;
    this.freshen();
  }

  // Other settings take the place of these: a recipe's, a file's, or those of a lesson's step. Their tab may open next.
  departs(family) {
    this.freshen();
    this.awaited = family;
    this.push();
  }

  push() {
    this.leaving = undefined;
    this.entry = number();
    if (this.query !== null) this.write("pushState", this.query);
  }

  // Parameters that a host adds to the address are kept.
  write(how, query, run) {
    const theirs = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("__"));
    const more = theirs.length ? `&${new URLSearchParams(theirs)}` : "";
    try {
      history[how]({ entry: this.entry, run }, "", `${location.pathname}?${query}${more}${location.hash}`);
    } catch {
      // the browser has had too many; the next link replaces this one
    }
    follow(this.space, location.search);
  }

  // What the address asks for.
  async asked() {
    const { state, lesson, at } = await stateOf(location.search);
    return { ...state, taught: lesson && { lesson, at } };
  }

  // Back and Forward open the tab of an entry. If it showed another run of that tab, that comes back, with its settings.
  async goes({ entry = number(), run }) {
    this.remember();
    this.entry = entry;
    this.leaving = openStage()?.recording.run;
    const state = this.states.get(entry) ?? { ...(await this.asked()), run };
    if (!state.family || this.entry !== entry) return;
    if (state.taught || kept(PAGE, "lesson")) say(PAGE, "lesson returns", state.taught);
    const shown = stages.get(state.family)?.recording.run;
    const same = state.family !== openStage()?.family || sameKnobs(state);
    if (state.run !== shown || !same) keep(PAGE, "restores", { ...state, aside: true });
    else if (state.dataset !== kept(PAGE, "dataset")) keep(PAGE, "restores", { dataset: state.dataset });
    if (shown === this.leaving && state.run === shown) this.leaving = undefined;
    await openTab(state.family);
  }
}

// Settings that may change while a run goes on, as a recipe's may, come back with it.
const sameKnobs = ({ family, knobs }) => JSON.stringify(knobs) === JSON.stringify(kept(family, "knobs")?.values);

const number = () => Math.random().toString(36).slice(2);
