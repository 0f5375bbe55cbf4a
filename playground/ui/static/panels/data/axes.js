// The axes of a set of points.

const DIFFERENT = 3; // times that one axis must be longer than the other, for it to matter that each has its own scale

/** [lowest, highest] of each coordinate of points [[x, y], …]. */
export function extents(points) {
  const nothing = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const wider = ([low, high], value) => [Math.min(low, value), Math.max(high, value)];
  return [0, 1].map((axis) => points.reduce((range, point) => wider(range, point[axis]), nothing));
}

/** Whether the axes of points differ in length so much that the shorter one would hardly be seen. */
export function differ(points) {
  const [short, long] = extents(points)
    .map(([low, high]) => high - low)
    .sort((a, b) => a - b);
  return short > 0 && long > DIFFERENT * short;
}

/** The points with each axis from −1 to 1. */
export function apart(points) {
  const axes = extents(points);
  const onto = (value, [low, high]) => Math.fround(high > low ? (2 * value - low - high) / (high - low) : 0);
  return points.map((point) => point.map((value, axis) => onto(value, axes[axis])));
}
