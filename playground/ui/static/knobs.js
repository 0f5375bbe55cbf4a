// Controls made from config fields: a slider, a choice or a switch for each; those marked `more` are folded away.

import { hear, stages } from "./bus.js";

export function mount({ element, props, trigger, watch, options }) {
  const turned = () => {
    props.value = JSON.stringify(knobs.values);
    trigger("turned", { family: options.family, view: stages.get(options.family)?.look() });
  };
  const knobs = new Knobs(options.family, options.controls, turned);
  hear(options.family, "turn again", turned);
  element.querySelector(".knobs").append(...knobs.parts());
  const take = () => props.value && knobs.set(JSON.parse(props.value));
  watch("value", take);
  take();
  hear("page", "classes", (classes) => {
    if (knobs.offer(classes)) props.value = JSON.stringify(knobs.values);
  });
}

export class Knobs {
  // changed() is called when the visitor has let go of a control.
  constructor(prefix, controls, changed) {
    Object.assign(this, { prefix, controls, changed });
    this.values = Object.fromEntries(controls.map((c) => [c.name, c.default]));
    this.setters = {};
    this.select = {};
  }

  parts() {
    const main = this.controls.filter((c) => !c.more).map((c) => this.part(c));
    const more = this.controls.filter((c) => c.more).map((c) => this.part(c));
    if (more.length) {
      const fold = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "More";
      fold.append(summary, ...more);
      main.push(fold);
    }
    return main;
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) {
      if (!(name in this.setters)) continue;
      this.values[name] = value;
      this.setters[name](value);
    }
  }

  // Offer only the classes that the data has. True if one was chosen that is not among them, and no longer is.
  offer(classes) {
    let changed = false;
    for (const { name, options } of this.controls.filter((control) => control.classes)) {
      this.select[name].replaceChildren(...options.slice(0, classes > 1 ? classes + 1 : 1).map((o) => new Option(o, o)));
      if (!this.select[name].querySelector(`[value="${this.values[name]}"]`)) {
        this.values[name] = options[0];
        changed = true;
      }
      this.setters[name](this.values[name]);
    }
    return changed;
  }

  part(control) {
    const label = document.createElement("label");
    label.className = "knob";
    label.title = control.help;
    const id = `${this.prefix}-${control.name.replaceAll("_", "-")}`;
    const title = document.createElement("span");
    title.textContent = control.title;
    label.append(title);
    const input = { choice, switch: toggle, number: slider }[control.kind](control, label, (value, settled) => {
      this.values[control.name] = value;
      if (settled) this.changed();
    });
    input.element.id = id;
    this.setters[control.name] = input.set;
    this.select[control.name] = input.element;
    input.set(control.default);
    return label;
  }
}

function choice(control, label, changed) {
  const element = document.createElement("select");
  for (const option of control.options) element.add(new Option(control.words?.[option] ?? option.replaceAll("_", " "), option));
  element.addEventListener("change", () => changed(element.value, true));
  label.append(element);
  return { element, set: (value) => (element.value = value) };
}

function toggle(control, label, changed) {
  const element = document.createElement("input");
  element.type = "checkbox";
  element.addEventListener("change", () => changed(element.checked, true));
  label.append(element);
  return { element, set: (value) => (element.checked = value) };
}

const STOPS = 200;

// A slider, in steps that suit its range; where the range spans decades, on a logarithmic scale.
function slider(control, label, changed) {
  const { low, high, whole, log } = control;
  const output = document.createElement("output");
  const element = document.createElement("input");
  element.type = "range";
  // On a logarithmic scale the slider has its own steps, from 0 to STOPS, so that it reaches both ends.
  const toSlider = log ? (v) => (STOPS * Math.log(v / low)) / Math.log(high / low) : (v) => v;
  const snap = (v) => {
    if (control.step) v = Math.round(v / control.step) * control.step;
    if (!whole && log) v = Number(v.toPrecision(2));
    else if (whole && log && v > 20) v = Number(v.toPrecision(2));
    return Math.min(high, Math.max(low, Number(v.toPrecision(12))));
  };
  const fromSlider = (s) => snap(log ? low * (high / low) ** (s / STOPS) : s);
  element.min = toSlider(low);
  element.max = toSlider(high);
  element.step = log ? 1 : (control.step ?? (high - low) / STOPS);
  element.setAttribute("aria-label", control.title);
  const show = (value) => {
    output.textContent = text(value, whole);
    element.setAttribute("aria-valuetext", output.textContent);
  };
  element.addEventListener("input", () => {
    const value = fromSlider(+element.value);
    show(value);
    changed(value, false);
  });
  element.addEventListener("change", () => changed(fromSlider(+element.value), true));
  label.append(output, element);
  return {
    element,
    set(value) {
      element.value = toSlider(value);
      show(value);
    },
  };
}

function text(value, whole) {
  if (whole) return Number(value).toLocaleString("en");
  return Math.abs(value) < 0.01 && value !== 0 ? Number(value).toExponential().replace("e-", "e−") : String(Number(Number(value).toPrecision(3)));
}
