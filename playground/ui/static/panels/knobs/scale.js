// How the numbers of a control lie on its slider: in steps that suit their range; where that spans decades, on a
// logarithmic scale with steps of the slider's own, so that it reaches both ends.

const STOPS = 200;

/** {min, max, step} of the slider, and the way there and back: toSlider(number) and fromSlider(place). */
export function scaleOf({ low, high, log, step }) {
  const toSlider = log ? (v) => (STOPS * Math.log(v / low)) / Math.log(high / low) : (v) => v;
  const snap = (v) => {
    const onStep = step ? Math.round(v / step) * step : v;
    return Math.min(high, Math.max(low, Number(onStep.toPrecision(log ? 2 : 12)))); // no noise of floating point
  };
  return {
    min: toSlider(low),
    max: toSlider(high),
    step: log ? 1 : (step ?? (high - low) / STOPS),
    toSlider,
    fromSlider: (place) => snap(log ? low * (high / low) ** (place / STOPS) : place),
  };
}

/** A number in words. */
export function inWords(value, whole) {
  if (whole) return Number(value).toLocaleString("en");
  if (Math.abs(value) < 0.01 && value !== 0) return Number(value).toExponential().replace("e-", "e−");
  return String(Number(Number(value).toPrecision(3)));
}
