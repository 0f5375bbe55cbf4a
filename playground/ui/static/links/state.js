// The state of the page: what a link or a file holds of the open tab.

import { heard, kept, openStage, PAGE } from "../page/bus.js";
import { linkOf, sameLink } from "./link.js";

const UNTOUCHED = { time: 1, weights: "averaged", noise_draw: 0 }; // a view that nobody has changed

/** The state of the open tab, {family, dataset, knobs, view, step} or, of a race, {family, dataset, knobs, contestants,
 * query, whole}, and the name of its run; null while the page is being
 * built. */
export function current() {
  const stage = openStage();
  if (stage?.current) return stage.current(); // a race has a state of its own
  const knobs = stage && kept(stage.slot, "knobs")?.values;
  const dataset = kept(PAGE, "dataset");
  if (!knobs || !dataset) return null;
  const state = { family: stage.family, dataset, knobs, view: stage.look(), step: null, run: stage.recording.run };
  const step = stage.tab.same ? stage.shown?.step : undefined; // until other data have a picture, it is another run's
  return step === undefined || step === openingStep(state) ? state : { ...state, step };
}

// The step at which an experiment opens: the last one if its model ships with the project, else the first.
function openingStep(state) {
  const { query } = link({ ...state, view: null });
  return Object.entries(kept(PAGE, "shipped") ?? {}).find(([shipped]) => sameLink(shipped, query))?.[1] ?? 0;
}

/** The link of a state of the open tab, {query, whole}. */
export function link(state) {
  if (state.query !== undefined) return state; // of a race, from the server
  const { defaults: knobs } = kept(state.family, "knobs");
  const settings = kept(PAGE, "settings")[state.dataset.name];
  return linkOf(state, { knobs, settings, view: { ...UNTOUCHED, ...openStage().switches.opening } });
}

/** The link of a state of the open tab, with the step of a lesson that is shown beside it, {query, whole}: the step
 * alone where the state is the step's own. */
export function linkInLesson(state) {
  const { query, whole } = link(state);
  const { lesson, at, step, came } = kept(PAGE, "lesson") ?? {};
  if (!lesson?.code) return { query, whole };
  const beside = `lesson=${lesson.code}.${at + 1}`;
  const its = step.state;
  const own =
    state.family === its.family && !state.contestants && sameLink(query, link({ ...its, step: came() }).query);
  return own ? { query: beside, whole: true } : { query: `${query}&${beside}`, whole };
}

/** Resolves when the parts of a tab whose values go to the server have theirs. */
export const ready = (slot) => Promise.all([heard(PAGE, "dataset"), heard(slot, "knobs")]);
