/**
 * The lanes of a Stage: recordings side by side, each {recording, title}. The last one is live: buttons and questions
 * apply to its run. Each run has one lane; a fork is shown beside its source.
 */

import { Recording } from "./recording.js";

export const noLanes = () => [{ recording: new Recording(), title: "" }];

export const liveLane = (lanes) => lanes.at(-1);

/** The lanes after a decoded frame: the same, or new ones if it is the first frame of another run. `title` is the title
 * of a fork beside its source, unless it takes the source's place; `same` says whether the run has the data of the previous one. */
export function record(lanes, frame, title, same = false) {
  const ofRun = (run) => lanes.find(({ recording }) => recording.run === run);
  const lane = frame.run === undefined ? liveLane(lanes) : ofRun(frame.run);
  if (lane) {
    lane.recording.add(frame);
    return lanes;
  }
  const source = frame.origin && ofRun(frame.origin.run);
  if (source && frame.origin.replaces) {
    const recording = Recording.goesOn(frame, source.recording);
    return lanes.map((lane) => (lane === source ? { ...lane, recording } : lane));
  }
  const like = source ?? (same ? liveLane(lanes) : undefined);
  const recording = Recording.begin(frame, source?.recording, like?.recording);
  if (!source) return [{ recording, title: "" }];
  return [
    { recording: source.recording, title: "as it was" },
    { recording, title },
  ];
}
