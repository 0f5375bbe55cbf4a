// What one can do in the picture by pointing.

const POINT = "Point into the picture: where a place comes from, and where it goes.";

/** The hint of a Stage's layout; empty if there is nothing to point at. */
export function hintOf(stage) {
  const asks = stage.gestures.some((gesture) => stage.offers(gesture));
  return asks ? stage.layout.hint || POINT : "";
}
