// The link of a state of the page: the twin of playground.ui.links.page_state.from_link.

import { encode } from "../pad/drawing.js";

/**
 * The query string of a state. It contains only what differs from the defaults.
 *
 * state: {family, dataset, knobs, view, step}; a view or a step of null is that which the experiment opens with.
 * defaults: {knobs, settings, view}, of the same shapes.
 *
 * `whole` is false if its points are too many for a link, or if its data are somebody's pictures.
 */
export function linkOf({ family, dataset, knobs, view, step }, defaults) {
  const points = dataset.points && pointsOf(dataset);
  const named = dataset.name && namedSet(dataset, defaults.settings);
  const link = { family, ...(points || named) }; // nobody's pictures are in a link
  Object.assign(link, changed(knobs, defaults.knobs));
  for (const [name, value] of Object.entries(changed(view ?? {}, defaults.view))) link[`view.${name}`] = value;
  if (step !== null) link.step = step;
  const text = new URLSearchParams(link).toString().replaceAll("%2C", ",");
  return { query: text, whole: Boolean(points || named) };
}

// A drawing from a link is still its text (playground.data.link_text).
function pointsOf({ points, labels, on_canvas: onCanvas = true, origin, names }) {
  const text = typeof points === "string" ? points : encode(points, labels, onCanvas, { origin, names });
  return text && { [onCanvas ? "points" : "coordinates"]: text };
}

function namedSet({ name, settings }, defaults) {
  const parts = Object.entries(changed(settings ?? {}, defaults));
  return { dataset: name, ...Object.fromEntries(parts.map(([name, value]) => [`data.${name}`, value])) };
}

// Layers are a set.
const text = (value) => (Array.isArray(value) ? [...value].sort().join() : String(value));

function changed(values, defaults) {
  const different = Object.entries(values).filter(([name, value]) => text(value) !== text(defaults[name]));
  return Object.fromEntries(different.map(([name, value]) => [name, text(value)]));
}

/** Whether two query strings mean the same, in whatever order and notation of numbers. */
export function sameLink(one, other) {
  const parts = (query) => [...new URLSearchParams(query)].map(([name, value]) => `${name}=${plain(value)}`).sort();
  return parts(one).join("&") === parts(other).join("&");
}

const plain = (value) => (value === "" || Number.isNaN(+value) ? value : String(+value));
