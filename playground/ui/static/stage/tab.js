// The tab of a Stage: its opening.

import { RETURNS } from "../links/arrival.js";
import { LINKED, opening } from "../links/opening.js";
import { ready } from "../links/state.js";
import { hear, heard, keep, kept, PAGE } from "../page/bus.js";

const WAITS = "The training that you left is paused until you come back to it.";

const PATIENCE = 3000; // ms that a picture stays for another's

const dataset = () => JSON.stringify(kept(PAGE, "dataset"));

export class Tab {
  constructor(stage) {
    this.stage = stage;
    this.settled = !LINKED; // whether it is known what the page opens with
    this.wanted = null; // the state that the tab is to open with
    this.error = ""; // why it can't
    this.asked = false; // whether the server was asked for a first frame
    this.trainedOn = ""; // the data of the run
    hear(PAGE, "dataset", () => {
      this.trainedOn ??= dataset(); // the page's first run may come before the rail says what its data are
    });
    stage.root.toggleAttribute("data-opening", LINKED || RETURNS);
    opening.then(({ state, error, family = stage.slot }) => this.settle(state, family === stage.slot ? error : ""));
    hear(PAGE, "restores", (state) => {
      if (state.family !== stage.family) return;
      this.wanted = state;
      if (kept(PAGE, "opens") === stage.slot) this.opens();
    });
  }

  settle(state, error) {
    const { stage } = this;
    if (state?.family === stage.family) this.wanted = state;
    this.error = error;
    this.settled = true;
    if (!this.wanted && !RETURNS) stage.takeFirst();
    this.shown();
  }

  /** Whether the run has the chosen data. */
  get same() {
    return this.trainedOn === dataset();
  }

  beginsAnew() {
    this.trainedOn = dataset();
    this.stage.root.removeAttribute("data-opening");
    if (this.error) this.stage.tell(this.error, "error");
    this.error = "";
  }

  /** The Stage became visible or was resized. */
  shown() {
    const { stage } = this;
    if (!this.settled || !stage.screen.visible || kept(PAGE, "opens") === stage.slot) return;
    keep(PAGE, "opens", stage.slot);
    this.opens();
  }

  // The tab opens, for the first time or after the data may have changed in another tab, or it is given a state.
  async opens() {
    const { stage, wanted } = this;
    const back = RETURNS && !this.asked; // the visitor's run may still be there
    const first = !this.asked && !stage.recording.last;
    this.wanted = null;
    this.asked = true;
    await ready(stage.slot);
    if (back) await heard(PAGE, "opened");
    if (wanted) this.openWith(wanted, back);
    else if (first) stage.send("opened", { ...stage.look(), back });
    else if (!this.same) stage.send("reset", { ...stage.look(), aside: true });
  }

  // aside: whether the run that is there is set aside, for the state of another, of which `run` is the name.
  async openWith({ view, step, aside, run }, back) {
    const { stage } = this;
    if (aside) {
      if (stage.state === "training") stage.says.announce(WAITS);
      await stage.requests.answer; // else a training that was asked for just now would begin later
      stage.earlier.awaited = run;
    }
    stage.transport.endSlow();
    if (stage.shown) stage.screen.hold(PATIENCE); // another layout has nothing to show yet
    stage.see(view);
    stage.send("opened", { ...stage.look(), step, back, aside, run });
  }
}
