// What one can do in the picture by pointing.

/** The hint of a Stage's layout; empty if there is nothing to point at. */
export function hintOf(stage) {
  const offered = stage.gestures.filter((gesture) => offers(stage, gesture));
  if (!offered.length) return "";
  return (
    stage.layout.hint ||
    offered
      .map(({ hint }) => hint)
      .filter(Boolean)
      .join(" ")
  );
}

/** Whether a gesture means something in the picture of a Stage. */
export function offers({ switches, recording }, { layouts, kinds }) {
  return layouts.includes(switches.layoutName) && kinds.includes(recording.kind);
}
