// How the page shows a step's state: as it opens a link or a file, or, of the run that is there, only looked at
// differently.

import { sameLink } from "../links/link.js";
import { current, link } from "../links/state.js";
import { openTab } from "../links/tabs.js";
import { keep, next, PAGE, stages } from "../page/bus.js";

const PATIENCE = 20_000; // ms after which what was asked for is taken to have been refused
const REFUSED = "refused";

/** Show a state; resolves when it is there, to false if it was refused. anew: also where the run that is there is of the same experiment. */
export async function show(state, anew) {
  const here = current();
  const stage = stages.get(state.family);
  if (!anew && here && sameRun(here, state)) {
    stage.see(state.view);
    stage.lookElsewhere();
    return true;
  }
  const before = stage?.recording?.run; // a tab that was never open has no Stage
  const arrived = state.contestants ? null : arrival(state.family, before); // a race has no recording of its own
  keep(PAGE, "restores", { ...state, aside: true });
  await openTab(state.family);
  return (await arrived) !== REFUSED;
}

// Another run has come, or the picture that all visitors share.
const arrival = (slot, before) =>
  Promise.race([
    next(slot, "recording", ({ recording, frame }) => recording.run !== before || frame?.notice !== undefined),
    new Promise((refused) => setTimeout(refused, PATIENCE, REFUSED)),
  ]);

// Whether what is shown is a run of this state's experiment, at its step if it names one.
function sameRun(here, state) {
  if (here.family !== state.family || here.contestants || (state.run && state.run !== here.run)) return false;
  if (state.step !== null && state.step !== here.step) return false;
  const [one, other] = [here, state].map((it) => link({ ...it, view: null, step: null }).query);
  return sameLink(one, other);
}

/** Press what a step asks for. */
export function press({ press: what, figure, state: { family } }) {
  if (what !== "measure") look(family);
  if (what === "train") document.querySelector(`#${family}-train`).click();
  else if (what === "play") stages.get(family).clock.play(0);
  else if (what === "measure") measure(family, figure);
}

/** On a phone, the picture stands below the step: bring it into sight. */
export function look(family) {
  if (matchMedia("(max-width: 820px)").matches)
    stages.get(family)?.root.scrollIntoView({ block: "center", behavior: "smooth" });
}

// The analyses are folded, and below.
function measure(family, figure) {
  const fold = document.querySelector(`#${family}-charts`);
  fold.open = true;
  const card = fold.querySelector(`[data-chart="${figure}"]`);
  card.scrollIntoView({ block: "center", behavior: "smooth" });
  card.querySelector(".measure").click();
}
