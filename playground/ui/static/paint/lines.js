// A small chart of numbers over steps, which fills its canvas: lines, dashed floors, and a mark at one step.

const LABEL = 10; // px, the height of the axis labels
const GUTTER = 32; // px on the left, for the labels
const PAD = 3; // px around the lines
const SHADE = 0.2; // opacity of a band

/**
 * lines: [{points: [[step, number], …], colour, dashed, band}, …]. band: [low, high], what is as good as perfect, or
 * undefined. scale: {log, range} of the vertical axis; without a range it is that of the numbers. mark: a step, or
 * undefined. colours: {ink, soft, accent}. ratio: device pixels per pixel.
 */
export function paintLines(canvas, lines, { log, range }, { mark, colours, ratio }) {
  const g = canvas.getContext("2d");
  g.clearRect(0, 0, canvas.width, canvas.height);
  const known = lines.map((line) => ({ ...line, points: line.points.filter(([, y]) => possible(y, log)) }));
  const box = bounds(known, log, range);
  if (!box) return;
  const gutter = box.low === box.high ? 0 : GUTTER * ratio;
  const at = placing(box, gutter, canvas, PAD * ratio);
  for (const { band } of known) if (band) shade(g, band, at, box, colours.soft);
  for (const { points, colour, dashed } of known) {
    g.strokeStyle = g.fillStyle = colour;
    g.lineWidth = (dashed ? 1.25 : 1.75) * ratio;
    g.setLineDash(dashed ? [4 * ratio, 3 * ratio] : []);
    line(g, points.map(at), ratio);
  }
  g.setLineDash([]);
  if (mark !== undefined) {
    const [x] = at([mark, box.high]);
    g.strokeStyle = colours.accent;
    g.lineWidth = 1.25 * ratio;
    g.beginPath();
    g.moveTo(x, 0);
    g.lineTo(x, canvas.height);
    g.stroke();
  }
  label(g, box, canvas, colours.soft, ratio);
}

/** The step at x pixels from the left of a chart of this width; undefined if there is none. */
export function stepAt(x, width, lines) {
  const box = bounds(lines);
  if (!box) return undefined;
  const share = (x - GUTTER - PAD) / (width - GUTTER - 2 * PAD);
  return box.left + Math.min(1, Math.max(0, share)) * (box.right - box.left);
}

const possible = (y, log) => Number.isFinite(y) && (!log || y > 0);

/** The ranges of the axes: {left, right, low, high, log}, or null if there is nothing to show. */
export function bounds(lines, log, range) {
  const points = lines.flatMap((line) => line.points);
  if (!points.length) return null;
  const steps = points.map(([step]) => step);
  const bands = lines.flatMap(({ band = [] }) => band);
  const numbers = range ?? [...points.map(([, number]) => number), ...bands];
  const [left, right] = [Math.min(...steps), Math.max(...steps)];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return { left, right, low, high, log };
}

// From a step and a number to a pixel.
function placing({ left, right, low, high, log }, gutter, { width, height }, pad) {
  const scaled = log ? Math.log : (y) => y;
  const span = scaled(high) - scaled(low) || 1;
  const flat = high === low; // in the middle
  return ([step, number]) => [
    gutter + pad + ((step - left) / (right - left || 1)) * (width - gutter - 2 * pad),
    height - pad - (flat ? 0.5 : (scaled(number) - scaled(low)) / span) * (height - 2 * pad),
  ];
}

function shade(g, [low, high], at, { left, right, ...box }, colour) {
  const within = (y) => Math.min(box.high, Math.max(box.low, y));
  const [x, top] = at([left, within(high)]);
  const [end, bottom] = at([right, within(low)]);
  g.fillStyle = colour;
  g.globalAlpha = SHADE;
  g.fillRect(x, top, end - x, bottom - top);
  g.globalAlpha = 1;
}

// A line of one point is invisible: it is a dot.
function line(g, places, ratio) {
  g.beginPath();
  if (places.length === 1) {
    g.arc(...places[0], 3 * ratio, 0, 2 * Math.PI);
    g.fill();
    return;
  }
  for (const place of places) g.lineTo(...place);
  g.stroke();
}

// The ends of the vertical axis.
function label(g, { low, high }, { height }, colour, ratio) {
  if (low === high) return;
  g.fillStyle = colour;
  g.font = `${LABEL * ratio}px system-ui, sans-serif`;
  g.textBaseline = "top";
  g.fillText(short(high), 0, 2 * ratio);
  g.textBaseline = "bottom";
  g.fillText(short(low), 0, height);
}

const short = (v) => String(Number(v.toPrecision(2))).replace("-", "−");
