// The twin of playground.families.flow.curves.pchip: the curve through values at evenly spaced times from 0 to 1.

// The slope at an end: that of a parabola through three values, unless it overshoots.
function end(first, second) {
  const slope = (3 * first - second) / 2;
  if (slope * first <= 0) return 0;
  return first * second <= 0 && Math.abs(slope) > 3 * Math.abs(first) ? 3 * first : slope;
}

/** A function of t in 0 … 1: cubic pieces that are monotone wherever the values are. */
export function pchip(values) {
  const pieces = values.length - 1;
  const rises = Array.from({ length: pieces }, (_, i) => values[i + 1] - values[i]);
  const inner = rises.slice(1).map((b, i) => (rises[i] * b > 0 ? (2 * rises[i] * b) / (rises[i] + b) : 0));
  const slopes = [end(rises[0], rises[1]), ...inner, end(rises[pieces - 1], rises[pieces - 2])];
  return (t) => {
    const i = Math.min(pieces - 1, Math.max(0, Math.floor(t * pieces)));
    const own = t * pieces - i;
    const [m, n, rise] = [slopes[i], slopes[i + 1], rises[i]];
    return values[i] + own * (m + own * (3 * rise - 2 * m - n + own * (m + n - 2 * rise)));
  };
}
