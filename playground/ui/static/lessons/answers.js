// The answer to a lesson's question, measured from the recording of the run that is shown
// (playground.lessons.lesson.Measure).

import { inUnit, number } from "../page/numbers.js";

/** What is measured, a number, a text or a list of numbers; undefined as long as it isn't known. */
export function measured({ what, scalar }, recording, step) {
  if (what === "alert") return Object.values(recording.alerts)[0]?.title ?? "";
  if (what === "mode") return modesHeld(recording, step);
  const now = recording.scalar(scalar, step);
  if (!Number.isFinite(now)) return undefined;
  if (what === "value") return now;
  const { [scalar]: floor } = recording.floors;
  const before =
    what === "floors" ? floor : recording.curves.find((scalars) => Number.isFinite(scalars[scalar]))[scalar];
  return Number.isFinite(before) && before !== 0 ? now / before : undefined;
}

// The numbers of the modes that have samples: the others are marked on the Stage, with their numbers.
function modesHeld(recording, step) {
  const { lost } = recording.layersOf(recording.at(step));
  const count = recording.floors.modes;
  if (!lost || count === undefined) return undefined;
  const numbers = lost.texts.map((text) => Number.parseInt(text.match(/\d+/)[0], 10));
  return Array.from({ length: count }, (_, i) => i + 1).filter((mode) => !numbers.includes(mode));
}

/** The index of the choice that is right, −1 if none is. */
export function rightOf(choices, found) {
  return choices.findIndex(({ range, among }) => {
    if (range) return (range[0] === null || found >= range[0]) && (range[1] === null || found <= range[1]);
    return Array.isArray(found) ? found.some((one) => among.includes(one)) : among.includes(found);
  });
}

/** What was measured, in words. */
export function inWords({ what, title, unit }, found) {
  if (what === "alert") return found ? `The detector says: ${found.toLowerCase()}.` : "The detector says nothing.";
  if (what === "mode") return found.length ? `Samples are on mode ${found.join(", ")}.` : "Samples are on no mode.";
  if (what === "floors") return `${title}: ${number(found)} times a perfect model's.`;
  if (what === "ratio") return `${title}: ${number(found)} times what it was at first.`;
  return `${title}: ${inUnit(found, unit)}.`;
}
