// The markup of the drawing pad.

const icon = (d) => `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${d}"/></svg>`;
const ICONS = {
  brush: icon("M8 9h6v8H8zM9.5 9V6h3v3M8 12.5h6M6 6h.01M6 3.2h.01M3.4 4.6h.01M3.4 7.4h.01M3.4 1.8h.01"),
  eraser: icon("M11.5 3.5l5 5-7.5 7.5H6L3.2 13.2a1 1 0 0 1 0-1.4zM7.3 7.7l5 5M9 16h8"),
  undo: icon("M7 4L3 8l4 4M3 8h8.5a4.5 4.5 0 0 1 0 9H9"),
  redo: icon("M13 4l4 4-4 4M17 8H8.5a4.5 4.5 0 0 0 0 9H11"),
  clear: icon("M3.5 5.5h13M8 5.5v-2h4v2M5 5.5L5.8 17h8.4L15 5.5M8.3 8.5V14M11.7 8.5V14"),
};
const button = (id, label, attributes = "") =>
  `<button type="button" id="draw-${id}" aria-label="${label}" title="${label}" ${attributes}>${ICONS[id]}</button>`;
const swatch = (name, i) =>
  `<button type="button" id="draw-class-${i}" class="draw-swatch" aria-label="Class ${name}" title="Class ${name}"
    style="--mine: var(--class-${i})"><b>${name}</b></button>`;
const slider = (id, label, range) => `<label>${label}<input type="range" id="draw-${id}" ${range}></label>`;
const HELP =
  "Drawing pad. Arrow keys move the cursor, with Shift in small steps; Space sprays a few points there, or erases; " +
  "Backspace undoes.";
const MARKUP = `
  <div class="draw-square">
    <canvas id="draw-canvas" tabindex="0" role="application" aria-label="${HELP}"></canvas>
    <p class="draw-hint"><span>Draw here: a face, your initials, anything</span></p>
    <div class="draw-ring"></div>
  </div>
  <div class="draw-bar" role="group" aria-label="Drawing tools">
    <span>${button("brush", "Spray")}${button("eraser", "Eraser")}</span>
    <span>${button("undo", "Undo")}${button("redo", "Redo")}${button("clear", "Clear")}</span>
    <button type="button" id="draw-done">Done</button>
    <span role="group" aria-label="Class of the points">${["A", "B", "C", "D"].map(swatch).join("")}</span>
    <span class="draw-sliders">${slider("size", "Size", 'min="0.04" max="0.8" step="0.02" value="0.16"')}
      ${slider("density", "Density", 'min="10" max="250" step="5" value="50"')}</span>
  </div>
  <div class="draw-foot" role="status"><span id="draw-count"></span> <span class="draw-note"></span></div>`;

const BY_CLASS = ["bar", "ring", "hint", "note"];
const BY_ID = ["canvas", "count", "size", "density", "brush", "eraser", "undo", "redo", "clear", "done"];

/** A pad's element, and its parts by name. */
export function makePad() {
  const root = Object.assign(document.createElement("div"), { id: "draw-pad", className: "pad", innerHTML: MARKUP });
  const parts = Object.fromEntries([
    ...BY_CLASS.map((name) => [name, root.querySelector(`.draw-${name}`)]),
    ...BY_ID.map((name) => [name, root.querySelector(`#draw-${name}`)]),
  ]);
  return { root, parts: { ...parts, classes: [...root.querySelectorAll(".draw-swatch")] } };
}
