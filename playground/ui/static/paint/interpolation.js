// Interpolation between the times of a measurement.

/** The two indices of times around t, and the fraction between them: [before, after, share]. */
export function bracket(times, t) {
  if (times.length < 2) return [0, 0, 0];
  let after = times.findIndex((time) => time >= t);
  if (after < 0) after = times.length - 1;
  if (after === 0) return [0, 0, 0];
  return [after - 1, after, (t - times[after - 1]) / (times[after] - times[after - 1])];
}

/** The positions of a piece's points at time t, interpolated linearly: n pairs. */
export const at = (piece, t) => between(piece, piece.xy, 2, t);

/** Numbers of a piece's n things, `per` of each, at time t, interpolated linearly. */
export function between({ times, n }, values, per, t) {
  const [before, after, share] = bracket(times, t);
  const size = per * n;
  const a = values.subarray(before * size, before * size + size);
  if (!share) return a;
  const b = values.subarray(after * size, after * size + size);
  return a.map((from, i) => from + share * (b[i] - from));
}
