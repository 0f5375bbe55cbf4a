// What one can do in the picture by pointing.

/** The hint of a Stage's layout; empty if there is nothing to point at. */
export function hintOf(stage) {
  const offered = stage.gestures.filter((gesture) => stage.offers(gesture));
  if (!offered.length) return "";
  return (
    stage.layout.hint ||
    offered
      .map(({ hint }) => hint)
      .filter(Boolean)
      .join(" ")
  );
}
