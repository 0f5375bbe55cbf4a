// Charts of a training: figures built in Python, filled from the recording.

import { hear, PAGE } from "../../page/bus.js";
import { palette } from "../../page/palette.js";
import { throttle } from "../../page/timing.js";
import { MeasuredFigure } from "./measured-figure.js";
import { card, draw, sentence } from "./plotly.js";

const REDRAW = 350; // ms between two redraws: a chart is read, not watched
const POINTS = 300;

export function mount({ element, options, home }) {
  const { slot, charts, figures } = options;
  const cards = Object.entries(charts).map(([name, chart]) => {
    const made = card(name, chart);
    made.querySelector(".figure").style.height = `${chart.figure.layout.height}px`;
    if (chart.explains) made.append(sentence(chart.help));
    return made;
  });
  let newest = null;
  const redraw = throttle(() => {
    for (const made of cards) {
      const { figure } = charts[made.dataset.chart];
      draw(home, made.querySelector(".figure"), () => {
        if (!newest || made.hidden || element.offsetParent === null) return null;
        return { traces: traces(figure, newest.recording), figure, mark: newest.step };
      });
    }
  }, REDRAW);
  hear(slot, "recording", (told) => {
    newest = told;
    for (const made of cards) made.hidden = !charts[made.dataset.chart].kinds.includes(told.recording.kind);
    redraw();
  });
  hear(PAGE, "theme", redraw);
  const measured = Object.entries(figures).map(([name, about]) => new MeasuredFigure(slot, name, about, home));
  element.querySelector(".charts").append(...cards, ...measured.map(({ card }) => card));
}

// The traces of a figure. Their `meta` is the name of a scalar, or `floor:` and a name; a suffix `@` and a name choose
// a colour of the palette other than that of samples.
function traces(figure, recording) {
  const colours = palette();
  const last = recording.curves.at(-1)?.step ?? 0;
  return figure.data.map((trace) => {
    const [about, colour = "samples"] = trace.meta.split("@");
    const name = about.replace("floor:", "");
    if (name !== about) {
      const floor = recording.floors[name];
      const line = { ...trace.line, color: colours[colour] ?? colours.ink };
      return { ...trace, x: [0, last], y: floor === undefined ? [] : [floor, floor], line };
    }
    const known = recording.curves.filter((scalars) => scalars[name] !== undefined);
    const every = Math.max(1, Math.ceil(known.length / POINTS));
    const kept = known.filter((_, i) => i % every === 0 || i === known.length - 1);
    return {
      ...trace,
      mode: kept.length === 1 ? "markers" : trace.mode, // a line of one point is invisible
      marker: { color: colours[colour] },
      x: kept.map(({ step }) => step),
      y: kept.map((scalars) => scalars[name]),
      line: { ...trace.line, color: colours[colour] },
    };
  });
}
