// A path drawn by hand: the curves α and σ over time, whose inner values are handles to drag or to move with the arrow
// keys. The value is text, "α,α,α;σ,σ,σ".

import { pchip } from "./pchip.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, MARGIN] = [240, 132, 12];
const STEP = 0.05;
const DRAWN = 48; // pieces of a curve's line
const CURVES = [
  { name: "α", of: "data", ends: [0, 1] },
  { name: "σ", of: "noise", ends: [1, 0] },
];

export function curves(control, box, changed) {
  const { low, high } = control;
  const x = (t) => MARGIN + t * (WIDTH - 2 * MARGIN);
  const y = (v) => HEIGHT - MARGIN - (v / high) * (HEIGHT - 2 * MARGIN);
  const snap = (v) => Number(Math.min(high, Math.max(low, v)).toFixed(2));
  const picture = made("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "curves" });
  for (const v of [0, 1]) picture.append(made("line", { x1: x(0), x2: x(1), y1: y(v), y2: y(v), class: "grid" }));

  const drawn = CURVES.map(({ name, of, ends }) => {
    const line = made("path", { class: `of-${of}` });
    const label = made("text", {
      x: x(ends[1]) + (ends[1] ? -6 : 6),
      y: y(1) - 3,
      "text-anchor": ends[1] ? "end" : "start",
    });
    label.textContent = name;
    picture.append(line, label);
    return { line, of, name, ends, values: [], handles: [] };
  });
  const written = () => drawn.map(({ values }) => values.join()).join(";");

  function show() {
    for (const { line, ends, values, handles } of drawn) {
      const at = pchip([ends[0], ...values, ends[1]]);
      const places = Array.from({ length: DRAWN + 1 }, (_, i) => `${x(i / DRAWN)},${y(at(i / DRAWN))}`);
      line.setAttribute("d", `M${places.join("L")}`);
      handles.forEach((handle, i) => {
        handle.setAttribute("transform", `translate(${x((i + 1) / (values.length + 1))} ${y(values[i])})`);
        handle.setAttribute("aria-valuenow", values[i]);
      });
    }
  }

  function move(curve, i, value, settled) {
    curve.values[i] = snap(value);
    show();
    changed(written(), settled);
  }

  function handle(curve, i, count) {
    const time = (i + 1) / (count + 1);
    const group = made("g", { class: `handle of-${curve.of}`, tabindex: 0, role: "slider" });
    group.setAttribute("aria-label", `${curve.name} at t = ${Number(time.toFixed(2))}`);
    group.setAttribute("aria-valuemin", low);
    group.setAttribute("aria-valuemax", high);
    group.setAttribute("aria-orientation", "vertical");
    group.append(made("circle", { r: 16, class: "touched" }), made("circle", { r: 5.5 }));
    const value = ({ clientY }) => {
      const { top, height } = picture.getBoundingClientRect();
      return (high * (HEIGHT - MARGIN - ((clientY - top) / height) * HEIGHT)) / (HEIGHT - 2 * MARGIN);
    };
    group.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // no selection of text
      group.focus();
      group.setPointerCapture(event.pointerId);
    });
    group.addEventListener("pointermove", (event) => {
      if (group.hasPointerCapture(event.pointerId)) move(curve, i, value(event), false);
    });
    group.addEventListener("lostpointercapture", () => changed(written(), true));
    group.addEventListener("keydown", (event) => {
      const by = { ArrowUp: STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowLeft: -STEP }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation(); // the arrows of the page rewind
      move(curve, i, curve.values[i] + by, true);
    });
    return group;
  }

  const set = (text) => {
    const parts = text.split(";").map((values) => values.split(",").map(Number));
    drawn.forEach((curve, k) => {
      curve.values = parts[k];
      if (curve.handles.length) return;
      curve.handles = parts[k].map((_, i) => handle(curve, i, parts[k].length));
      picture.append(...curve.handles);
    });
    show();
  };
  for (const [t, name, anchor] of [
    [0, "source", "start"],
    [1, "data", "end"],
  ]) {
    const word = made("text", { x: x(t), y: HEIGHT - 1, "text-anchor": anchor });
    word.textContent = name;
    picture.append(word);
  }
  box.append(picture);
  return { element: picture, set };
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
