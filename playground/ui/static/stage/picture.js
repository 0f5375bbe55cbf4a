// What a Stage shows, as a picture for paint/paint.js.

import { liveLane } from "./recording/lanes.js";

/**
 * lanes: those that are seen. shown: the frame of the live one; the others show what they had at its step.
 *
 * view: layout {panels: [title, …], data, moving}; layers, the names of those to paint, the first one lowest; data,
 * whether the data are seen; and what is pointed out in the live lane: pointedOut (pieces), trace, veil.
 */
export function compose(lanes, shown, { layout, layers, data, pointedOut = [], trace = null, veil = false }) {
  const beside = lanes.length > 1;
  const live = liveLane(lanes);
  const panels = lanes.flatMap((lane) => {
    const frame = lane === live ? shown : lane.recording.at(shown.step);
    const known = frame ? lane.recording.layersOf(frame) : {};
    const pieces = layers.flatMap((name) => known[name] ?? []);
    const own = divide(pieces, lane === live ? pointedOut : [], layout.panels);
    own.forEach((panel, i) => {
      const behind = beside || layout.data === null || layout.data.includes(i);
      panel.backdrop = (data && behind && known.data) || null;
      panel.moment = frame?.time ?? 1;
    });
    if (lane === live) own[0].trace = trace;
    return beside ? [{ ...own[0], title: titleOf(lane, shown.step) }] : own; // of several, each has one panel
  });
  return { moving: layout.moving, panels, veil };
}

// Pieces by their panel. A layout has its panels; a piece may open another, and name it.
function divide(pieces, pointedOut, titles) {
  const panels = titles.map(empty);
  const panelOf = ({ panel = 0, title }) => {
    while (panels.length <= panel) panels.push(empty(""));
    if (title) panels[panel].title = title;
    return panels[panel];
  };
  for (const piece of pieces) panelOf(piece).pieces.push(piece);
  for (const piece of pointedOut) panelOf(piece).pointedOut.push(piece);
  return panels;
}

const empty = (title) => ({ title, backdrop: null, pieces: [], pointedOut: [], trace: null, moment: 1 });

// A lane that ended before the step that is shown says so.
function titleOf({ recording, title }, step) {
  const words = title.toLowerCase();
  const last = recording.last?.step;
  return last < step ? `${words}, step ${last.toLocaleString("en")}` : words;
}
