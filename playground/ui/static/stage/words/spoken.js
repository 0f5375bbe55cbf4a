// The picture in words, for those who don't see it: when training begins and when it rests, not seven times in between.

import { hear } from "../../page/bus.js";

const STATES = {
  training: "Training",
  paused: "Paused",
  done: "Trained",
  failed: "Training failed",
  rewound: "Looking back",
  idle: "Untrained",
};

export function speak(canvas, slot) {
  let told = "";
  hear(slot, "recording", ({ recording, frame, step }) => {
    const now = `${recording.run} ${frame?.state} ${frame?.state === "training" ? "" : step} ${recording.floorsOf}`;
    if (now === told || !frame?.kind) return;
    told = now;
    canvas.setAttribute("aria-label", inWords(recording, frame, step));
  });
}

/** "Paused at step 400 of 4,000. Distance to the data 0.12, floor 0.09." */
export function inWords(recording, { state, steps }, step) {
  const count = (n) => n.toLocaleString("en");
  if (state === "training") return `Training for ${count(steps)} steps.`;
  const begins = `${STATES[state] ?? STATES.idle} at step ${count(step)} of ${count(steps)}.`;
  const [distance, floor] = [recording.scalar("distance", step), recording.floors.distance];
  if (distance === undefined) return begins;
  const beside = floor === undefined ? "" : `, floor ${floor.toPrecision(2)}`;
  return `${begins} Distance to the data ${distance.toPrecision(2)}${beside}.`;
}
