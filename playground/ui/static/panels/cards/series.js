// From a chart and a recording to lines. The traces of a chart's figure say by their `meta` what they show: the name of
// a scalar or, for a floor, `floor:` and the name; a suffix `@` and a name choose a colour of the palette other than
// that of samples.

const POINTS = 300;

const parse = (meta) => {
  const [about, colour] = meta.split("@");
  const scalar = about.replace("floor:", "");
  const floor = scalar !== about;
  return { scalar, floor, colour: colour ?? (floor ? "ink" : "samples") };
};

/** The lines of a chart, without their points: [{name, scalar, floor, colour}, …]. */
export function linesOf({ figure }) {
  return figure.data.map((trace) => ({ name: trace.name, ...parse(trace.meta) }));
}

/** How the vertical axis is scaled: {log, range}. */
export function scaleOf({ figure }) {
  const { type, range } = figure.layout.yaxis;
  return { log: type === "log", range };
}

/** The points of a line in a recording, [[step, number], …], at most POINTS of them. */
export function pointsOf({ scalar, floor }, { curves, floors }) {
  if (floor) {
    const value = floors[scalar];
    return value === undefined || !curves.length
      ? []
      : [
          [curves[0].step, value],
          [curves.at(-1).step, value],
        ];
  }
  const known = curves.filter((scalars) => Number.isFinite(scalars[scalar]));
  const every = Math.max(1, Math.ceil(known.length / POINTS));
  const kept = known.filter((_, i) => i % every === 0 || i === known.length - 1);
  return kept.map((scalars) => [scalars.step, scalars[scalar]]);
}

/** The band of a scalar's floor, [low, high]; undefined if it has none. */
export function bandOf(scalar, { floors }) {
  const band = [floors[`${scalar}_low`], floors[`${scalar}_high`]];
  return band.every(Number.isFinite) ? band : undefined;
}
