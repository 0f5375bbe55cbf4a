// What a film shows: moments, each {frame, time, words, ms}, of a training or of the way from noise to data.

export const MOST = 100; // pictures in a film
const TRAINING = 80; // ms that each is shown
const TIME = 50;
const LAST = 1500; // ms that the last one stays

/** At most `most` of a list, evenly, the first and the last among them. */
export function evenly(list, most) {
  if (list.length <= most) return [...list];
  if (most < 2) return list.slice(-1);
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
}

/** The training, at the time that is looked at. */
export const ofTraining = (frames, time) =>
  lasting(
    evenly(frames, MOST).map((frame) => ({ frame, time, words: `step ${frame.step.toLocaleString("en")}` })),
    TRAINING,
  );

/** From noise to data, or back, in one frame. */
export const ofTime = (frame, backwards = false) =>
  lasting(
    Array.from({ length: MOST }, (_, i) => {
      const share = i / (MOST - 1);
      const time = backwards ? 1 - share : share;
      return { frame, time, words: `t = ${time.toFixed(2)}` };
    }),
    TIME,
  );

const lasting = (moments, ms) => moments.map((moment, i) => ({ ...moment, ms: i === moments.length - 1 ? LAST : ms }));
