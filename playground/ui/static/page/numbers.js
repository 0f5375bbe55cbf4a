// Numbers as text.

/** Two or three significant digits, with a stable width. */
export function number(value) {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
}

const percent = (share) => (share === undefined ? "–" : `${(100 * share).toFixed(1)}%`);

const fixed = (value, digits) => value.toFixed(digits).replace("-", "−");

/** A value in its unit (playground.views.Chart.unit). */
export function inUnit(value, unit) {
  if (unit === "share") return percent(value);
  if (unit === "count") return value === undefined ? "–" : String(value);
  return number(value);
}

/** What a value is to be compared with, in words; empty if that is unknown. band: [low, high], or undefined. */
export function comparison(floor, { unit, beside, band, estimated }) {
  if (floor === undefined) return "";
  if (band) return `perfect model ${band.map((end) => inUnit(end, unit)).join(band[0] < 0 ? " to " : "–")}`;
  if (unit === "count") return `of ${floor}`;
  if (unit === "share") return `ceiling ${percent(floor)}`;
  return `${beside} ${estimated ? "≈ " : ""}${floor === 0 ? "0" : number(floor)}`;
}
