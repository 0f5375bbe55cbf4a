// The tab of a Stage: its opening, and its link.

import { hear, keep, kept, PAGE } from "../page/bus.js";

const LINK = location.search; // the link that the page was opened with

const dataset = () => JSON.stringify(kept(PAGE, "dataset"));

export class Tab {
  constructor(stage) {
    this.stage = stage;
    this.asked = false; // whether the server was asked for a first frame
    this.trainedOn = ""; // the data of the run
    hear(PAGE, "dataset", () => {
      this.trainedOn ??= dataset(); // the page's first run may come before the rail says what its data are
    });
  }

  /** Whether the run has the chosen data. */
  get same() {
    return this.trainedOn === dataset();
  }

  beginsAnew() {
    this.trainedOn = dataset();
  }

  /** The Stage became visible or was resized. */
  shown() {
    const { stage } = this;
    if (!stage.screen.visible || kept(PAGE, "opens") === stage.slot) return;
    keep(PAGE, "opens", stage.slot);
    this.opens();
  }

  // The tab opens, for the first time or after the data may have changed in another tab.
  opens() {
    const { stage } = this;
    if (!this.asked && (LINK || !stage.recording.last)) stage.send("opened", { ...stage.look(), query: LINK });
    else if (!this.same) stage.transport.reset();
    if (location.search !== LINK) this.share(); // the link is that of the open tab
    this.asked = true;
  }

  /** Put the view into the link. */
  share() {
    const { stage } = this;
    stage.send("shared", { family: stage.family, view: stage.look() });
  }
}
