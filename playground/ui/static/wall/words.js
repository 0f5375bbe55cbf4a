// What a tile says.

/** What a tile says of its run, in parts: about; step, of; number, floor. */
export function wordsOf({ title, dataset, step, steps, state, distance, band }) {
  if (title === undefined) return { about: "", step: "Nothing to see yet", of: "", number: "", floor: "" };
  const about = dataset ? `${title}, ${dataset}` : title;
  const count = (n) => n.toLocaleString("en");
  const failed = state === "failed";
  const came = failed ? "It has blown up." : `Step ${count(step)}`;
  const of = failed ? "" : `of ${count(steps)}${PAUSED[state] ?? ""}`;
  const number = Number.isFinite(distance) ? distance.toPrecision(2) : "";
  const floor = number && band ? `perfect ${band[1].toPrecision(2)} to ${band[2].toPrecision(2)}` : "";
  return { about, step: came, of, number, floor };
}

const PAUSED = { paused: ", paused", done: ", done" };
