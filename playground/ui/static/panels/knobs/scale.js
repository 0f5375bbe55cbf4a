// The scale of a slider: linear with steps that suit the range or, if the range spans decades, logarithmic with steps
// such that the slider reaches both ends.

const STOPS = 200;

/** {min, max, step} of the slider, and the conversions toSlider(number) and fromSlider(position). */
export function scaleOf({ low, high, log, step }) {
  const toSlider = log ? (v) => (STOPS * Math.log(v / low)) / Math.log(high / low) : (v) => v;
  const snap = (v) => {
    const onStep = step ? Math.round(v / step) * step : v;
    return Math.min(high, Math.max(low, Number(onStep.toPrecision(log ? 2 : 12)))); // no floating-point noise
  };
  // The ends are themselves, though they may have more digits.
  const ends = new Map([
    [0, low],
    [STOPS, high],
  ]);
  const between = (place) => ends.get(Math.round(place)) ?? snap(low * (high / low) ** (place / STOPS));
  return {
    min: toSlider(low),
    max: toSlider(high),
    step: log ? 1 : (step ?? (high - low) / STOPS),
    toSlider,
    fromSlider: (place) => (log ? between(place) : snap(place)),
  };
}

/** A number as text. */
export function inWords(value, whole) {
  if (whole) return Number(value).toLocaleString("en");
  if (Math.abs(value) < 0.01 && value !== 0) return Number(value).toExponential().replace("e-", "e−");
  return String(Number(Number(value).toPrecision(3)));
}
