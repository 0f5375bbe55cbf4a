/**
 * The lanes of a Stage: recordings side by side, each {recording, title}. The last one is live: its run is what the
 * buttons train and what questions ask. One run has one lane; a run that parted from another stands beside it.
 */

import { Recording } from "./recording.js";

export const noLanes = () => [{ recording: new Recording(), title: "" }];

export const liveLane = (lanes) => lanes.at(-1);

/** The lanes after a decoded frame has come: the same, or others if it is the first of another run. `title` is what the
 * run would be called beside the one that it parted from; `same` says whether it has the data of the one before. */
export function record(lanes, frame, title, same = false) {
  const ofRun = (run) => lanes.find(({ recording }) => recording.run === run);
  const lane = frame.run === undefined ? liveLane(lanes) : ofRun(frame.run);
  if (lane) {
    lane.recording.add(frame);
    return lanes;
  }
  const source = frame.origin && ofRun(frame.origin.run);
  const like = source ?? (same ? liveLane(lanes) : undefined);
  const recording = Recording.begin(frame, source?.recording, like?.recording);
  if (!source) return [{ recording, title: "" }];
  return [
    { recording: source.recording, title: "as it was" },
    { recording, title },
  ];
}
