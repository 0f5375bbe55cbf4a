/**
 * Paints a picture on a canvas. It knows nothing of a page: a Stage calls it, and so may a lane of a comparison, an
 * exported player, or a test.
 *
 *     picture = {
 *       moving    whether the one panel goes from noise on the left to data on the right with time (a journey)
 *       panels    what stands side by side, each {
 *         title       over the panel; "" for none
 *         backdrop    the piece behind everything, which doesn't change from frame to frame, or null
 *         pieces      in the order of painting
 *         pointedOut  pieces over them, of what is under the pointer
 *         trace       a path through time, {path: [[x, y], …], times: [t, …], here: {x: [x, y], t}}, or null
 *         moment      the time of pieces that name none
 *       }
 *       veil      whether everything steps back behind what is pointed out
 *     }
 *     piece   = what codec.js decodes: {kind, colour, n, times, …}, with typed arrays. Its places are of the square
 *               [−4, 4]²; with several times it has places for each of them
 *     time    = 0 is noise, 1 is data; pieces of several times are painted as they are then
 *     palette = {classes: [colour, …], name: colour, …}, colours as "#rrggbb"; the same object as long as none changes
 *
 * Options: `ratio` pixels of the canvas make one of the page; a `backdrop` that is kept from frame to frame spares
 * painting again what stands still.
 */

import { Backdrop } from "./backdrop.js";
import { HALF, layOut } from "./geometry.js";
import { PAINTERS } from "./painters/painters.js";
import { inside, write } from "./panel.js";

export function paint(canvas, picture, time, palette, { ratio = 1, backdrop = new Backdrop() } = {}) {
  const g = canvas.getContext("2d");
  g.clearRect(0, 0, canvas.width, canvas.height);
  const views = layOut(picture, canvas.width, canvas.height, ratio);
  g.drawImage(backdrop.of(canvas, picture, views, palette), 0, 0);
  // What was measured at one time is painted at that time.
  const timeOf = ({ times }, { moment }) => (times.length > 1 ? time : (times[0] ?? moment));
  const paintAll = (which) =>
    picture.panels.forEach((panel, i) => {
      for (const piece of panel[which]) {
        inside(g, views[i], () => PAINTERS[piece.kind](g, piece, views[i], timeOf(piece, panel), palette));
      }
    });
  paintAll("pieces");
  if (picture.veil) for (const view of views) paintVeil(g, view, palette);
  paintAll("pointedOut");
  picture.panels.forEach(({ title, trace }, i) => {
    const view = views[i];
    // Titles stand above their panels, since tiles and heat maps fill these.
    if (title && !view.moving) write(g, title, view.x(0, 1), view.y(HALF) - 7 * ratio, view, palette);
    if (trace) paintTrace(g, trace, view, palette);
  });
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
