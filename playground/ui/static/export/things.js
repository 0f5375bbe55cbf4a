// What can be taken home from a Stage: how it is called, in which formats and sizes, and how it is made.

import { fileOf } from "../links/files.js";
import { changesWithTime } from "../stage/picture.js";
import { gif } from "./gif.js";
import { MOST, ofTime, ofTraining } from "./moments.js";
import { playerFile } from "./player-file.js";
import { Reel } from "./reel.js";
import { lacksVideo, video } from "./video.js";

const FILM = {
  formats: ["gif", "mp4", "webm"],
  sizes: { Small: 360, Medium: 560, Large: 1120 },
  size: "Medium",
};
const TABLE = { formats: ["csv", "npy"], numbers: { points: 2000, images: 50 } };

/**
 * {title, help(stage), formats, sizes, size, numbers, lacks(stage), make(stage, choice, rests)}. sizes: of the longer
 * side, in pixels, by name, and the one to begin with. numbers: how many points or images to begin with. lacks: the
 * sentence why it can't be had now. make: gives {file, told}, or {error}; choice is {format, pixels, number, title};
 * `rests` is awaited between two pieces of work, with the share that is done.
 */
export const THINGS = {
  picture: {
    title: "Picture",
    help: () => "What the Stage shows now.",
    formats: ["png"],
    sizes: { Small: 800, Medium: 1600, Large: 3200 },
    size: "Medium",
    make: async (stage, { pixels }) => {
      const reel = new Reel(stage, pixels);
      reel.paint({ picture: stage.picture(), time: stage.clock.time });
      return { file: await new Promise((done) => reel.canvas.toBlob(done)) };
    },
  },
  training: {
    title: "Training",
    help: ({ recording, clock, timed }) => {
      const n = recording.frames.length;
      const some = n > MOST ? `${MOST} of the ${n}` : `The ${n}`;
      return `${some} recorded pictures of the training${timed ? `, at t = ${clock.time.toFixed(2)}` : ""}.`;
    },
    ...FILM,
    lacks: ({ recording }) => (recording.frames.length < 2 ? "Train first: so far there is one picture." : ""),
    make: (stage, choice, rests) => film(stage, choice, ofTraining(stage.recording.frames, stage.clock.time), rests),
  },
  time: {
    title: "Noise → data",
    help: ({ shown }) => `The way from noise to data at step ${shown.step.toLocaleString("en")}.`,
    ...FILM,
    lacks: (stage) => {
      if (!stage.timed) return "This model makes data in one step.";
      if (!changesWithTime(stage.picture())) return "Pause first, and show a layer that moves with time.";
      return "";
    },
    make: (stage, choice, rests) => film(stage, choice, ofTime(stage.shown, stage.layout.backwards), rests),
  },
  player: {
    title: "Player",
    help: () => "The recording as one page, to scrub and to play without a network.",
    formats: ["html"],
    make: async (stage, { title }) => {
      const { file, kept, all } = await playerFile(stage, title);
      return { file, told: kept < all ? `${kept} of ${counted(all, "picture")} fit into it.` : "" };
    },
  },
  samples: {
    title: "Samples",
    help: ({ shown }) =>
      `New samples of the model of step ${shown.step.toLocaleString("en")}, in the data's own coordinates.`,
    ...TABLE,
    make: (stage, { format, number }) => fileOf(stage, { ask: "table", of: "samples", n: number, format }),
  },
  data: {
    title: "Data",
    help: () => "New data of the same distribution.",
    ...TABLE,
    make: (stage, { format, number }) => fileOf(stage, { ask: "table", of: "data", n: number, format }),
  },
  model: {
    title: "Model",
    help: ({ shown }) =>
      `The weights of step ${shown.step.toLocaleString("en")}, with all settings: it opens here again.`,
    formats: ["safetensors"],
    make: (stage) => fileOf(stage, { ask: "model" }),
  },
};

/** Why a format can't be had in this browser; empty if it can. */
export const lacksFormat = (format) => (["mp4", "webm"].includes(format) ? lacksVideo() : "");

const counted = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;

async function film(stage, { format, pixels }, moments, rests) {
  const reel = new Reel(stage, pixels);
  let last = {}; // of time, all moments have one frame
  const show = (i) => {
    const { frame, time, words, ms } = moments[i];
    if (last.frame !== frame) last = { frame, picture: stage.pictureOf(frame) };
    reel.paint({ picture: last.picture, time, words });
    return ms;
  };
  const painted = (i) => ({ ms: show(i), data: reel.pixels, width: reel.canvas.width, height: reel.canvas.height });
  const n = moments.length;
  const file = format === "gif" ? await gif(n, painted, rests) : await video(format, reel.canvas, n, show, rests);
  return { file, told: `${counted(n, "picture")}, ${reel.canvas.width} × ${reel.canvas.height} pixels.` };
}
