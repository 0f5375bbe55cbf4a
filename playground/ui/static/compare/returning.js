// Coming back to a race, after a reload or a lost connection.

import { RETURNS } from "../links/arrival.js";
import { Lifeline } from "../links/lifeline.js";
import { heard, kept, PAGE } from "../page/bus.js";
import { leave, take } from "../page/storage.js";

const NAME = "race";
const left = JSON.parse(take(NAME) ?? "null"); // what the page that was here before has left, see `leaves`

export class Returning {
  constructor(track) {
    this.track = track;
    this.expects = RETURNS; // whether the visitor's race may still be there, until that was asked
    this.lifeline = new Lifeline(track);
    window.addEventListener("pagehide", () => this.leaves());
  }

  // What no link holds, or not yet.
  leaves() {
    const { described, field, picked, lanes, slot } = this.track;
    if (!described) return;
    const results = lanes.map((lane) => lane.results);
    const knobs = kept(slot, "knobs")?.values;
    leave(NAME, JSON.stringify({ contestants: field.contestants, knobs, picked, results }));
  }

  /** Whether the race that the tab opens with may still be there; it is then put as the page had it. */
  async opens() {
    const { expects, track } = this;
    this.expects = false;
    if (!expects) return false;
    if (left) track.restore({ family: track.slot, ...left });
    await heard(PAGE, "opened"); // the server knows who the visitor is
    return true;
  }

  /** The race is still there, in a round and a state of which the server says. */
  comesBack({ round, state }) {
    const { track } = this;
    if (left && !track.requests.sent.opened?.again) {
      track.picked = left.picked;
      track.lanes.forEach((lane, i) => {
        lane.results = left.results[i]?.slice(0, round) ?? [];
      });
    }
    track.round = round;
    track.changes(state === "done" ? "training" : state); // its frames will say that all have arrived
  }
}
