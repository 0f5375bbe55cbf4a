// The layout of a picture's panels in pixels, and the panel and canvas coordinates under a pixel.

export const HALF = 4; // a panel shows the canvas coordinates [−4, 4]²

const SPREAD = 3.3; // half the width of data or noise, which a journey keeps free at each end
const GAP = 0.25; // between two panels, in canvas units
const HEAD = 22; // CSS pixels above a row of panels for titles, if any
export const FOOT = 20; // CSS pixels below a row of panels for each colour bar
const NEAR = 2.4; // distance from an end of a journey within which a point belongs to that end

/**
 * A view for each panel of a picture (see paint.js), in an area of width × height device pixels, `ratio` of them per
 * CSS pixel. In a moving picture the single panel moves from left to right with time; otherwise the panels are side by
 * side, in the number of rows that makes them largest.
 *
 * A view maps canvas coordinates to pixels: x(x, t) and y(y). `scale` is the pixels per unit, `middle(t)` the pixel of
 * x = 0, `dot` the radius of a point and `line` the width of a line.
 */
export function layOut({ moving, panels }, width, height, ratio) {
  const foot = barRows(panels) * FOOT * ratio;
  if (moving) {
    const view = journey(width, height - foot, ratio);
    return panels.map(() => view);
  }
  const head = panels.some(({ title }) => title) ? HEAD * ratio : 0;
  const { scale, columns, rows } = grid(panels.length, width, height, head + foot);
  const pitch = (2 * HALF + GAP) * scale;
  return panels.map((_, i) => {
    const column = i % columns;
    const row = Math.floor(i / columns);
    const x = width / 2 + (column - (columns - 1) / 2) * pitch;
    const y = (height + head - foot) / 2 + (row - (rows - 1) / 2) * (pitch + head + foot);
    return view(scale, () => x, y, ratio, false);
  });
}

/** The most colour bars under a panel: each piece that has one needs a row. */
export const barRows = (panels) =>
  Math.max(0, ...panels.map(({ pieces = [] }) => pieces.filter(({ bar }) => bar).length));

function journey(width, height, ratio) {
  const scale = Math.min(height / (2 * HALF), width / (4 * SPREAD + 0.6));
  const left = Math.max(SPREAD * scale, width * 0.2);
  const right = width - Math.max(SPREAD * scale, width * 0.22);
  return view(scale, (t) => left + (right - left) * t, height / 2, ratio, true);
}

function grid(panels, width, height, margin) {
  let best = { scale: 0, columns: 1, rows: 1 };
  for (let columns = 1; columns <= panels; columns++) {
    const rows = Math.ceil(panels / columns);
    const wide = width / (columns * (2 * HALF + GAP) - GAP);
    const tall = (height - rows * margin) / (rows * (2 * HALF + GAP) - GAP);
    const scale = Math.min(wide, tall);
    if (scale > best.scale) best = { scale, columns, rows };
  }
  return best;
}

function view(scale, middle, y, ratio, moving) {
  return {
    scale,
    middle,
    ratio,
    moving,
    x: (x, t) => middle(t) + x * scale,
    y: (v) => y - v * scale,
    dot: Math.max(1.1 * ratio, scale * 0.026),
    line: Math.max(1, ratio * 1.1),
  };
}

/** The position under a pixel, {panel, x: [x, y], t}; null outside all panels. In a moving picture the left end is
 * noise, the right end is data, and the panel at the given time is between them. */
export function locate(views, px, py, time) {
  for (const [panel, view] of views.entries()) {
    const times = view.moving ? [time, 0, 1] : [time];
    for (const t of times) {
      const x = (px - view.x(0, t)) / view.scale;
      const y = (view.y(0) - py) / view.scale;
      const near = !view.moving || t === times.at(-1) || Math.hypot(x, y) < NEAR;
      if (near && Math.abs(x) <= HALF && Math.abs(y) <= HALF) return { panel, x: [x, y], t };
    }
  }
  return null;
}
