// Plotly figures in the page's colours. plotly.js is large, and is loaded for the first of them.

import { palette } from "../page/palette.js";

let library;

function plotly(home) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${home}plotly.js`;
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

/** Draw a figure's coloured traces, with an optional mark on the x axis. `latest` is called when the library has loaded
 * and returns {traces, figure, mark}, or null if there is nothing left to draw. */
export async function draw(home, element, latest) {
  const Plotly = await plotly(home);
  const now = latest();
  if (!now) return;
  Plotly.react(element, now.traces, layout(now.figure, now.mark), { displayModeBar: false, responsive: true });
}

function layout(figure, mark) {
  const { line, soft, accent } = palette();
  const { layout } = figure;
  const axis = { gridcolor: line, linecolor: line, tickcolor: line };
  const marked = { type: "line", x0: mark, x1: mark, yref: "paper", y0: 0, y1: 1, line: { color: accent, width: 1.5 } };
  return {
    ...layout,
    font: { ...layout.font, color: soft, size: 11, family: "system-ui, sans-serif" },
    xaxis: { ...layout.xaxis, ...axis },
    yaxis: { ...layout.yaxis, ...axis },
    ...(layout.yaxis2 ? { yaxis2: { ...layout.yaxis2, ...axis } } : {}),
    shapes: [...(layout.shapes ?? []), ...(mark === undefined ? [] : [marked])],
  };
}

/** A card with a title and an element for a figure. */
export function card(name, { title }) {
  const card = document.createElement("div");
  card.className = "card chart";
  card.dataset.chart = name;
  card.innerHTML = '<h2></h2><div class="figure"></div>';
  card.querySelector("h2").textContent = title;
  return card;
}

/** A sentence under a figure. */
export function sentence(text) {
  return Object.assign(document.createElement("p"), { className: "sub", textContent: text });
}
