// A recording as one HTML file: the player (static/player), and in it the recording's frames as the server encoded them.

import { isDark, palette } from "../page/palette.js";
import { encodeLayers } from "../paint/codec.js";
import { evenly } from "./moments.js";

const LARGEST = 1_500_000; // bytes

const FRAME = ["step", "steps", "time"]; // what a frame keeps beside its layers

/** The file, and of its longest lane how many frames are kept, and of how many: {file, kept, all}. Throws an Error with
 * a sentence if not even the last picture fits. */
export async function playerFile(stage, title) {
  const shell = await (await fetch(new URL("player.html", import.meta.url))).text();
  const lanes = stage.seenLanes.map((lane) => encoded(lane, stage.shown));
  const about = JSON.stringify(describe(stage, title));
  const { most, all } = fitting(lanes, LARGEST - shell.length - 2 * about.length);
  if (!most) throw new Error("These pictures are too large for a player.");
  const told = lanes.map(({ head, frames }) => `{${head},"frames":[${evenly(frames, most).join()}]}`);
  const recording = inScript(`{"about":${about},"kept":[${[most, all]}],"lanes":[${told}]}`);
  const page = shell.replace("{{recording}}", () => recording);
  return { file: new Blob([page], { type: "text/html" }), kept: most, all };
}

/** How many frames of each lane fit into so many bytes: {most, all}, `all` those of the longest lane. */
export function fitting(lanes, room) {
  const all = Math.max(...lanes.map(({ frames }) => frames.length));
  const sizeOf = (most) =>
    lanes.reduce(
      (sum, { head, frames }) => evenly(frames, most).reduce((s, { length }) => s + length + 1, sum + head.length),
      0,
    );
  let most = all;
  while (most && sizeOf(most) > room) most = Math.min(most - 1, Math.ceil((most * room) / sizeOf(most)));
  return { most: Math.max(0, most), all };
}

// JSON in a script element: no text in it may end the element.
export const inScript = (json) => json.replaceAll("<", "\\u003c");

// A lane as texts: what all of its frames share, and each frame.
function encoded({ recording, title }, shown) {
  const { kind, absent, layers } = recording;
  const head = JSON.stringify({ title, kind, absent, layers: encodeLayers(layers) }).slice(1, -1);
  const looked = (frame) => (shown.step === frame.step && recording.last.run === shown.run ? shown : frame);
  const frames = recording.frames.map(looked).map((frame) => {
    const kept = Object.fromEntries(FRAME.map((name) => [name, frame[name]]));
    return JSON.stringify({ ...kept, layers: encodeLayers(frame.layers) });
  });
  return { head, frames };
}

function describe(stage, title) {
  const { switches, clock, shown, plot, seenLanes } = stage;
  const recorded = new Set(
    seenLanes.flatMap(({ recording }) =>
      [recording, ...recording.frames, shown].flatMap(({ layers }) => Object.keys(layers)),
    ),
  );
  const layers = Object.fromEntries(Object.entries(switches.layers).filter(([name]) => recorded.has(name)));
  return {
    title,
    layers,
    layouts: switches.layouts,
    on: [...switches.on],
    layout: switches.layoutName,
    timed: stage.timed,
    time: clock.time,
    step: shown.step,
    size: [plot.clientWidth, plot.clientHeight],
    dark: isDark(),
    colours: colours(),
  };
}

// The style sheet's variables that the player uses.
function colours() {
  const { classes, ...named } = palette();
  const style = getComputedStyle(document.body);
  const more = ["bg", "chip", "link"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return { ...named, ...Object.fromEntries(more) };
}
