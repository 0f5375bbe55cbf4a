// Plotly figures, built in Python, filled from the film. plotly.js is large and comes after everything else.

import { channel, colours, hear, say, throttle } from "../../page/bus.js";

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
  const boxes = Object.entries(options.charts).map(([name, chart]) => {
    const made = box(name, chart);
    made.querySelector(".figure").style.height = `${chart.figure.layout.height}px`;
    if (chart.explains) made.append(Object.assign(document.createElement("p"), { className: "sub", textContent: chart.help }));
    return made;
  });
  element.querySelector(".charts").append(...boxes);
  let newest = null;
  const redraw = throttle(async () => {
    const Plotly = await plotly(home);
    if (!newest || element.offsetParent === null) return;
    for (const box of boxes) {
      if (box.hidden) continue;
      const figure = options.charts[box.dataset.chart].figure;
      Plotly.react(box.querySelector(".figure"), traces(figure, newest), layout(figure, newest.step), { displayModeBar: false, responsive: true });
    }
  }, REDRAW);
  hear(options.family, "film", (detail) => {
    newest = detail;
    for (const box of boxes) box.hidden = !options.charts[box.dataset.chart].of.includes(detail.film.of);
    redraw();
  });
  hear("page", "theme", redraw);
  const figures = Object.entries(options.figures).map(([name, about]) => new Asked(options.family, name, about, home));
  element.querySelector(".charts").append(...figures.map((figure) => figure.box));
}

// A figure that is measured when somebody asks for it.
class Asked {
  constructor(family, name, about, home) {
    Object.assign(this, { family, name, about, home });
    this.box = box(name, about);
    this.button = document.createElement("button");
    this.button.className = "measure";
    this.button.textContent = "Measure";
    this.button.hidden = about.auto;
    this.note = document.createElement("p");
    this.note.className = "sub";
    this.note.textContent = about.help;
    this.box.append(this.note, this.button);
    this.button.addEventListener("click", () => this.ask());
    this.asked = null; // the run and step that the figure is of
    hear(family, "answer", (answer) => answer.figure === name && this.answered(answer));
    hear(family, "film", (detail) => this.filmed(detail));
    hear(family, "time", () => this.draw());
    hear("page", "theme", () => this.draw());
  }

  ask() {
    this.button.disabled = true;
    this.button.textContent = "Measuring …";
    setTimeout(() => this.ready(), 30000);
    say(this.family, "asks", { ask: "plot", figure: this.name });
  }

  ready() {
    this.button.disabled = false;
    this.button.textContent = this.plot ? "Measure again" : "Measure";
  }

  // When training pauses, what was measured is of the past; a figure that costs little is asked for again.
  filmed({ film, frame }) {
    this.box.hidden = !this.about.of.includes(film.of);
    const now = `${film.run}:${frame.step}:${frame.version ?? 0}`;
    if (frame.state === "training" || now === this.asked) return;
    if (this.about.auto && this.box.offsetParent !== null) {
      this.asked = now;
      this.ask();
    } else if (this.plot) this.box.classList.add("old");
  }

  answered({ plot, error }) {
    if (plot) this.plot = JSON.parse(plot);
    const warning = error ?? this.plot?.layout.meta?.warning;
    if (warning && warning !== this.warned && !error) say(this.family, "tells", warning);
    this.warned = warning;
    this.note.textContent = warning ?? this.about.help;
    this.note.classList.toggle("warning", Boolean(warning));
    this.box.classList.remove("old");
    this.ready();
    this.draw();
  }

  draw = throttle(async () => {
    if (!this.plot || this.box.offsetParent === null) return;
    const Plotly = await plotly(this.home);
    const place = this.about.atTime ? channel(this.family).time : undefined;
    const { data, layout: wanted } = this.plot;
    const figure = this.box.querySelector(".figure");
    figure.style.height = `${wanted.height}px`;
    Plotly.react(figure, data.map(coloured), layout({ layout: wanted }, place), { displayModeBar: false, responsive: true });
  }, REDRAW);
}

// Traces name the page's colours by `meta`, so that light and dark need no other figure.
function coloured(trace) {
  const colour = colours()[trace.meta] ?? colours().ink;
  if (trace.type === "heatmap") return { ...trace, colorscale: [[0, colours().card], [1, colour]] };
  return { ...trace, line: { ...trace.line, color: colour }, marker: { ...trace.marker, color: colour } };
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
    const [about, colour = "samples"] = trace.meta.split("@");
    const [kind, name] = about.includes(":") ? about.split(":") : ["", about];
    if (kind === "floor") {
      const floor = film.floors[name];
      return { ...trace, x: [0, last], y: floor === undefined ? [] : [floor, floor], line: { ...trace.line, color: palette[colour] ?? palette.ink } };
    }
    const known = film.history.filter((scalars) => scalars[name] !== undefined);
    const every = Math.max(1, Math.ceil(known.length / POINTS));
    const kept = known.filter((_, i) => i % every === 0 || i === known.length - 1);
    const mode = kept.length === 1 ? "markers" : trace.mode; // a line of one point can't be seen
    return { ...trace, mode, marker: { color: palette[colour] }, x: kept.map((s) => s.step), y: kept.map((s) => s[name]), line: { ...trace.line, color: palette[colour] } };
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
    ...(figure.layout.yaxis2 ? { yaxis2: { ...figure.layout.yaxis2, ...axis } } : {}),
    shapes: step === undefined ? (figure.layout.shapes ?? []) : [{ type: "line", x0: step, x1: step, yref: "paper", y0: 0, y1: 1, line: { color: palette.accent, width: 1.5 } }],
  };
}
