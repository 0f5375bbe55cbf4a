// Plotly figures, built in Python, filled from the film. plotly.js is large and comes after everything else.

import { colours, hear, throttle } from "./bus.js";

const REDRAW = 350; // ms between two redraws: a chart is read, not watched
const POINTS = 300;

let library;

function plotly(home) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = home + "plotly.min.js";
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    const idle = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 300));
    idle(() => document.head.append(script), { timeout: 1500 });
  });
  return library;
}

export function mount({ element, options, home }) {
  const boxes = Object.entries(options.charts).map(([name, chart]) => box(name, chart));
  element.querySelector(".charts").append(...boxes);
  let newest = null;
  const redraw = throttle(async () => {
    const Plotly = await plotly(home);
    if (!newest || element.offsetParent === null) return;
    for (const box of boxes) {
      const figure = options.charts[box.dataset.chart].figure;
      Plotly.react(box.querySelector(".figure"), traces(figure, newest), layout(figure, newest.step), { displayModeBar: false, responsive: true });
    }
  }, REDRAW);
  hear(options.family, "film", (detail) => {
    newest = detail;
    redraw();
  });
  hear("page", "theme", redraw);
}

function box(name, { title, help }) {
  const box = document.createElement("div");
  box.className = "card chart";
  box.dataset.chart = name;
  box.title = help;
  box.innerHTML = '<h2></h2><div class="figure"></div>';
  box.querySelector("h2").textContent = title;
  return box;
}

function traces(figure, { film }) {
  const palette = colours();
  const last = film.history[film.history.length - 1]?.step ?? 0;
  return figure.data.map((trace) => {
    const [kind, name] = trace.meta.includes(":") ? trace.meta.split(":") : ["", trace.meta];
    if (kind === "floor") {
      const floor = film.floors[name];
      return { ...trace, x: [0, last], y: floor === undefined ? [] : [floor, floor], line: { ...trace.line, color: palette.ink } };
    }
    const known = film.history.filter((scalars) => scalars[name] !== undefined);
    const every = Math.max(1, Math.ceil(known.length / POINTS));
    const kept = known.filter((_, i) => i % every === 0 || i === known.length - 1);
    return { ...trace, x: kept.map((s) => s.step), y: kept.map((s) => s[name]), line: { ...trace.line, color: palette.samples } };
  });
}

// The page's colours, and a mark at the step that the Stage shows.
function layout(figure, step) {
  const palette = colours();
  const axis = { gridcolor: palette.line, linecolor: palette.line, tickcolor: palette.line };
  return {
    ...figure.layout,
    font: { ...figure.layout.font, color: palette.soft, size: 11, family: "system-ui, sans-serif" },
    xaxis: { ...figure.layout.xaxis, ...axis },
    yaxis: { ...figure.layout.yaxis, ...axis },
    shapes: [{ type: "line", x0: step, x1: step, yref: "paper", y0: 0, y1: 1, line: { color: palette.accent, width: 1.5 } }],
  };
}
