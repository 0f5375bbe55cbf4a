// The state of a Stage as a picture for paint/paint.js.

import { liveLane } from "./recording/lanes.js";

/**
 * lanes: the visible ones. shown: the frame of the live lane; the others show their frame at its step.
 *
 * view: layout {panels: [title, …], data, moving}; layers, the names of those to paint, from the bottom; data, whether
 * the data are visible; and the highlights: of the live lane pointedOut (pieces), trace, veil; of all lanes marks, the
 * names of layers, "samples@0" at time 0 only. Whatever isn't highlighted is veiled.
 */
export function compose(
  lanes,
  shown,
  { layout, layers, data, pointedOut = [], marks = [], trace = null, veil = false },
) {
  let veiled = veil;
  const beside = lanes.length > 1;
  const live = liveLane(lanes);
  const panels = lanes.flatMap((lane) => {
    const frame = lane === live ? shown : lane.recording.at(shown.step);
    const known = frame ? lane.recording.layersOf(frame) : {};
    const pieces = layers.flatMap((name) => known[name] ?? []);
    const marked = marks.flatMap((mark) => piecesOf(mark, known, layout));
    veiled ||= marked.length > 0;
    const own = divide(pieces, lane === live ? [...marked, ...pointedOut] : marked, layout.panels);
    own.forEach((panel, i) => {
      const behind = beside || layout.data === null || layout.data.includes(i);
      panel.backdrop = (data && behind && known.data) || null;
      panel.source = (layout.moving && known.source) || null;
      panel.moment = frame?.time ?? 1;
    });
    if (lane === live) own[0].trace = trace;
    return beside ? [{ ...own[0], title: titleOf(lane, shown.step) }] : own; // of several lanes, each has one panel
  });
  return { moving: layout.moving, panels, veil: veiled };
}

// The pieces that a mark means, if they are known at its time. Data stand where they stand behind all else.
function piecesOf(mark, known, { data }) {
  const [name, time] = mark.split("@");
  const pieces = [known[name] ?? []].flat();
  if (name === "data") return pieces.map((piece) => ({ ...piece, at: 1, panel: data?.[0] ?? 0 }));
  if (time === undefined) return pieces;
  const at = Number(time);
  const colour = at ? {} : { colour: "noise" };
  return pieces.filter(({ times }) => times.includes(at)).map((piece) => ({ ...piece, ...colour, at }));
}

/** Whether a picture changes with time. What the frames of a training hold is of one time only, but for paths. */
export const changesWithTime = ({ panels }) =>
  panels.some(({ pieces }) => pieces.some(({ type, times }) => type !== "paths" && times?.length > 1));

// Pieces by their panel. A piece may add a panel to those of the layout, with a title.
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

const empty = (title) => ({ title, backdrop: null, source: null, pieces: [], pointedOut: [], trace: null, moment: 1 });

// The title says if a lane ended before the step that is shown.
function titleOf({ recording, title }, step) {
  const words = title.toLowerCase();
  const last = recording.last?.step;
  return last < step ? `${words}, step ${last.toLocaleString("en")}` : words;
}
