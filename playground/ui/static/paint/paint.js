/**
 * Paints a picture on an HTML canvas. It is independent of the page: a Stage calls it, and so may a lane of a
 * comparison, an exported player, or a test.
 *
 *     picture = {
 *       moving    whether the single panel moves with time from noise on the left to data on the right (a journey)
 *       panels    side by side, each {
 *         title       over the panel; "" for none
 *         backdrop    the piece behind everything, which doesn't change from frame to frame, or null
 *         source      in a moving panel, the points on the left, or null for standard Gaussian noise
 *         pieces      in painting order; maps (heat, mesh) lie under the backdrop
 *         pointedOut  pieces over them, which highlight what is under the pointer
 *         trace       a path through time, {path: [[x, y], …], times: [t, …], here: {x: [x, y], t}}, or null
 *         moment      the time of pieces without times
 *       }
 *       veil      whether everything but the highlighted pieces is faded
 *     }
 *     piece   = what codec.js decodes: {type, colour, n, times, …}, with typed arrays. Positions are canvas
 *               coordinates [−4, 4]², for each of its times if there are several. at: the only time that is shown
 *     time    = 0 is noise, 1 is data; pieces with several times are interpolated at it
 *     palette = {classes: [colour, …], name: colour, …}, colours as "#rrggbb"; the same object until one changes
 *
 * Options: `ratio`, the device pixels per CSS pixel; `backdrop`, kept from frame to frame, which caches the static part.
 */

import { Backdrop } from "./backdrop.js";
import { paintBar } from "./bar.js";
import { HALF, layOut } from "./geometry.js";
import { hasMap, isMap, PAINTERS } from "./painters/painters.js";
import { inside, write } from "./panel.js";

export function paint(canvas, picture, time, palette, { ratio = 1, backdrop = new Backdrop() } = {}) {
  const g = canvas.getContext("2d");
  g.clearRect(0, 0, canvas.width, canvas.height);
  const views = layOut(picture, canvas.width, canvas.height, ratio);
  // A piece with a single time is painted at that time.
  const timeOf = ({ at, times }, { moment }) => at ?? (times.length > 1 ? time : (times[0] ?? moment));
  const paintAll = (pick) =>
    picture.panels.forEach((panel, i) => {
      const options = { halo: hasMap(panel) };
      for (const piece of pick(panel)) {
        inside(g, views[i], () => PAINTERS[piece.type](g, piece, views[i], timeOf(piece, panel), palette, options));
      }
    });
  paintAll(({ pieces }) => pieces.filter(isMap)); // under the data, which would vanish in them
  g.drawImage(backdrop.of(canvas, picture, views, palette), 0, 0);
  paintAll(({ pieces }) => pieces.filter((piece) => !isMap(piece)));
  if (picture.veil) for (const view of views) paintVeil(g, view, palette);
  paintAll(({ pointedOut }) => pointedOut);
  picture.panels.forEach((panel, i) => {
    const view = views[i];
    const { title, trace } = panel;
    const bars = panel.pieces.filter(({ bar }) => bar);
    for (const [row, piece] of bars.entries()) paintBar(g, piece, view, row, timeOf(piece, panel), palette);
    // Titles are above their panels, since tiles and heat maps fill the panels.
    if (title) writeTitle(g, title, view, palette);
    if (trace) paintTrace(g, trace, view, palette);
  });
}

// A journey has no room above it.
function writeTitle(g, title, view, palette) {
  const [x, y] = view.moving ? [view.x(0, 0.5), 16 * view.ratio] : [view.x(0, 1), view.y(HALF) - 7 * view.ratio];
  write(g, title, x, y, view, palette);
}

function paintVeil(g, view, palette) {
  g.globalAlpha = 0.6;
  g.fillStyle = palette.card;
  inside(g, view, () => g.fillRect(0, 0, g.canvas.width, g.canvas.height));
  g.globalAlpha = 1;
}

function paintTrace(g, { path, times, here }, view, palette) {
  g.strokeStyle = palette.ink;
  g.lineWidth = 2.2 * view.ratio;
  g.lineJoin = "round";
  g.beginPath();
  path.forEach(([x, y], i) => {
    g.lineTo(view.x(x, times[i]), view.y(y));
  });
  g.stroke();
  const ends = [
    [path[0], 0, palette.noise],
    [path.at(-1), 1, palette.samples],
    [here.x, here.t, palette.ink],
  ];
  for (const [[x, y], t, colour] of ends) {
    g.fillStyle = colour;
    g.strokeStyle = palette.card;
    g.beginPath();
    g.arc(view.x(x, t), view.y(y), 5.5 * view.ratio, 0, 6.2832);
    g.fill();
    g.stroke();
  }
}
