/**
 * The lanes of a Stage: recordings side by side, each {recording, title}. The last one is live: buttons and questions
 * apply to its run. Each run has one lane; a fork is shown beside its source.
 */

import { Recording } from "./recording.js";

export const noLanes = () => [{ recording: new Recording(), title: "" }];

export const liveLane = (lanes) => lanes.at(-1);

const MOST_EARLIER = 4;

/** Lanes that gave way to those of another run. If their run comes back, they do. */
export class Earlier {
  #kept = []; // the latest last
  awaited = null; // the run that is asked to come back

  keep(lanes) {
    this.#kept = [...this.#kept, lanes].slice(-MOST_EARLIER);
  }

  /** Whether a frame is a late one, of a run that was left. A notice is an answer, never late. */
  late({ run, notice }) {
    return notice === undefined && run !== this.awaited && this.#kept.some((lanes) => laneOf(lanes, run));
  }

  take(run) {
    const back = this.#kept.findLast((lanes) => laneOf(lanes, run));
    this.#kept = this.#kept.filter((lanes) => lanes !== back);
    return back;
  }
}

const laneOf = (lanes, run) => lanes.find(({ recording }) => recording.run === run);

/** The lanes after a decoded frame: the same, or others if it is of another run, which are kept. `title` is the title of a
 * fork beside its source, unless it takes the source's place; `same` says whether the run has the data of the previous
 * one. */
export function record(lanes, frame, title, same = false, earlier = new Earlier()) {
  const lane = frame.run === undefined ? liveLane(lanes) : laneOf(lanes, frame.run);
  if (lane) {
    lane.recording.add(frame);
    return lanes;
  }
  const back = earlier.take(frame.run);
  earlier.keep(lanes);
  if (!back) return begin(lanes, frame, title, same);
  laneOf(back, frame.run).recording.add(frame);
  return back;
}

function begin(lanes, frame, title, same) {
  const source = frame.origin && laneOf(lanes, frame.origin.run);
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
