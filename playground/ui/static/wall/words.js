// What a tile says.

/** The line of the run, and that of its distance: [text, number, text]. */
export function wordsOf({ title, dataset, step, steps, state, distance, band }) {
  if (title === undefined) return { about: "", came: "Nothing to see yet", number: "", floor: "" };
  const about = dataset ? `${title}, ${dataset}` : title;
  const count = (n) => n.toLocaleString("en");
  const came = state === "failed" ? "It has blown up." : `Step ${count(step)} of ${count(steps)}${PAUSED[state] ?? ""}`;
  const number = Number.isFinite(distance) ? distance.toPrecision(2) : "";
  const floor = number && band ? `perfect ${band[1].toPrecision(2)} to ${band[2].toPrecision(2)}` : "";
  return { about, came, number, floor };
}

const PAUSED = { paused: ", paused", done: ", done" };
