// The tab that a Stage stands in: it opens, its link is that of the page, and a link may say what is looked at.

import { keep, kept, PAGE } from "../page/bus.js";

const LINK = location.search; // as the page was opened

const dataset = () => JSON.stringify(kept(PAGE, "dataset"));

export class Tab {
  constructor(stage) {
    this.stage = stage;
    this.asked = false; // whether the server was asked for a first picture
    this.trainedOn = ""; // the data that the run is of
  }

  /** Whether the run is of the data that are chosen. */
  get same() {
    return this.trainedOn === dataset();
  }

  beginsAnew() {
    this.trainedOn = dataset();
  }

  /** The Stage has come into sight, or another size. */
  shown() {
    const { stage } = this;
    if (!stage.screen.visible || kept(PAGE, "opens") === stage.slot) return;
    keep(PAGE, "opens", stage.slot);
    this.opens();
  }

  // For the first time, or after the data may have changed in another.
  opens() {
    const { stage } = this;
    if (!this.asked && (LINK || !stage.recording.last)) stage.send("opened", { ...stage.look(), query: LINK });
    else if (!this.same) stage.transport.reset();
    if (location.search !== LINK) this.share(); // the link is of the tab that is open
    this.asked = true;
  }

  /** The link of what is seen. */
  share() {
    const { stage } = this;
    stage.send("shared", { family: stage.family, view: stage.look() });
  }
}
