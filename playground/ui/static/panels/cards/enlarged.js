// A card's chart, large, with axes and values: on a click.

import { showDialog } from "../../page/dialogs.js";
import { throttle } from "../../page/timing.js";
import { draw } from "../plotly.js";

const MARKUP = `<div class="figure"></div><p class="sub"></p>`;
const REDRAW = 500; // ms between two redraws while a run trains

let open = null; // the card that is enlarged
let dialog = null;

const redraw = throttle(() => {
  const card = open;
  if (!card) return;
  draw(card.home, dialog.querySelector(".figure"), () => {
    if (open !== card) return null;
    const { figure } = card.chart;
    const { recording, step } = card.told;
    const drawn = new Map(card.drawn().map((line) => [line.name, line]));
    const traces = figure.data.map((trace) => {
      const { points, colour } = drawn.get(trace.name) ?? { points: [], colour: "" };
      const [x, y] = [0, 1].map((i) => points.map((point) => point[i]));
      const mode = points.length === 1 ? "markers" : trace.mode; // a line of one point is invisible
      return { ...trace, x, y, mode, marker: { color: colour }, line: { ...trace.line, color: colour } };
    });
    const bands = [...drawn.values()].flatMap(({ band }) => (band ? [band] : []));
    const layout = { ...figure.layout, height: undefined, showlegend: true, shapes: bands.map(shape) };
    return { traces, figure: { ...figure, layout }, mark: step < recording.last.step ? step : undefined };
  });
}, REDRAW);

export function enlarge(card) {
  const closed = () => {
    open = null;
  };
  dialog = showDialog({ title: card.chart.title, markup: MARKUP, kind: "enlarged", closed });
  dialog.querySelector(".sub").textContent = card.help;
  open = card;
  redraw();
}

/** New values have come. */
export function refresh() {
  if (open) redraw();
}

const shape = ([y0, y1]) => ({
  ...{ type: "rect", layer: "below", xref: "paper", x0: 0, x1: 1, y0, y1 },
  ...{ fillcolor: "rgba(128, 128, 128, 0.18)", line: { width: 0 } },
});
