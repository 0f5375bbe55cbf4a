// What is said of a race.

import { verdict } from "./ranking.js";

/** One sentence over the lanes. found: the ranks, once all have arrived. */
export function sentenceOf({ lanes, state, picked, round }, found) {
  const titles = lanes.map(({ about }) => about?.title ?? "");
  const begins = round ? `Round ${round + 1}. ` : "";
  return {
    idle: picked === null ? "Who will win? Choose one, and start." : `Your choice: ${titles[picked]}. Start the race.`,
    measuring: "Measuring how long a step of each takes …",
    training: `${begins}They are off. The distance to the data decides.`,
    paused: "Paused.",
    done: found ? verdict(titles, found, picked) : "Looking back.",
  }[state];
}

/** A note on the table. */
export function noteOf({ lanes, state, seeds }) {
  if (state === "idle") return "After the start: how far each is from the data, and what it costs.";
  const runs = Math.max(1, lanes[0].results.length);
  const spread = seeds > 1 ? ` Mean ± standard deviation over ${runs} of ${seeds} seeds.` : "";
  return `Ranked by the distance. Who can't be told apart shares a rank (=).${spread}`;
}
