// What one can do in the picture by pointing.

const POINT = "Point into the picture: where a place comes from, and where it goes.";
const CLICK = "Click: what pulls there.";

/** The hint of a Stage's layout; empty if there is nothing to point at. */
export function hintOf(stage) {
  const offered = stage.gestures.filter((gesture) => stage.offers(gesture));
  if (!offered.length) return "";
  return stage.layout.hint || [POINT, ...(offered.some(({ gesture }) => gesture === "click") ? [CLICK] : [])].join(" ");
}
