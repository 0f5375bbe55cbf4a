// Controls made from config fields: a slider, a choice or a switch for each. Those marked `more` are collapsed, and those
// that have no effect with the other values, or with this kind of data, are hidden.

import { opening } from "../../links/opening.js";
import { hear, keep, PAGE } from "../../page/bus.js";
import { curves } from "./curves.js";
import { inWords, scaleOf } from "./scale.js";
import { source } from "./source.js";
import { defaultsOf, effective, suited } from "./values.js";

const WIDGETS = { choice, switch: toggle, number: slider, curves, points: source };
const PICTURES = ["curves", "points"]; // which are no single input, with a label

export function mount({ element, props, trigger, watch, options }) {
  const { slot, family, controls } = options;
  let known = null; // the value that is shown
  const told = () => keep(slot, "knobs", { values: { ...knobs.values }, defaults: knobs.defaults() });
  const give = () => {
    props.value = known = JSON.stringify(knobs.values);
    told();
  };
  const turned = () => {
    give();
    trigger("turned");
  };
  const knobs = new Knobs(slot, controls, turned, options.kinds);
  hear(slot, "turn again", turned);
  hear(slot, "set knobs", (values) => {
    knobs.set(values);
    give();
  });
  element.querySelector(".knobs").append(...knobs.parts());
  const take = () => {
    known = props.value;
    if (known) knobs.set(JSON.parse(known));
    told();
  };
  const restore = (state) => {
    if (state?.family !== family) return false;
    knobs.set({ ...knobs.defaults(state.knobs.kind), ...state.knobs });
    give();
    return true;
  };
  watch("value", take);
  hear(PAGE, "opens", (opened) => {
    // Only the open tab's knobs are seen. Gradio wraps a component in several elements of its classes.
    const wrappers = document.querySelectorAll(`.of-family.of-${family}`);
    for (const wrapper of wrappers) wrapper.classList.toggle("open", opened === slot);
  });
  opening.then(({ state }) => restore(state) || take());
  hear(PAGE, "restores", restore);
  hear(PAGE, "lesson", (taught) => knobs.hide(taught?.step.hides));
  hear(PAGE, "kind", (kind) => {
    // The values of a recipe come with its data, and it is chance which of the two is heard of first.
    if (known !== null && props.value !== known) take();
    else if (knobs.suit(kind)) give();
  });
  hear(PAGE, "classes", ({ count, names }) => {
    if (knobs.offer(count, names)) give();
  });
}

export class Knobs {
  // changed() is called when the visitor has let go of a control.
  // kinds: the defaults that are others for a kind of data. The values then have a `kind`, too.
  constructor(prefix, controls, changed, kinds = null) {
    Object.assign(this, { prefix, controls, changed, kinds });
    this.values = this.defaults("points");
    this.hidden = []; // the knobs that a lesson does without
    this.setters = {};
    this.inputs = {};
    this.boxes = {};
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
    this.arrange();
    return main;
  }

  // The values that nobody has changed, for data of a kind.
  defaults(kind = this.values.kind) {
    return defaultsOf(this.controls, this.kinds, kind);
  }

  // The data are of this kind now. Returns whether values have changed.
  suit(kind) {
    if (!this.kinds || kind === this.values.kind) return false;
    this.set(suited(this.values, this.controls, this.kinds, kind));
    return true;
  }

  // Show what has an effect.
  arrange() {
    const shown = effective(this.controls, this.values);
    const seen = shown.filter((name) => !this.hidden.includes(name));
    for (const { name } of this.controls) this.boxes[name].hidden = !seen.includes(name);
  }

  hide(names = []) {
    this.hidden = names;
    this.arrange();
  }

  set(values) {
    if (this.kinds && values.kind) this.values.kind = values.kind;
    for (const [name, value] of Object.entries(values)) {
      if (!(name in this.setters)) continue;
      this.values[name] = value;
      this.setters[name](value);
    }
    this.arrange();
  }

  // Offer only the classes that the data has, by their names if they have any. Returns true if this reset a choice that
  // is not among them.
  offer(classes, names) {
    let changed = false;
    for (const { name, options } of this.controls.filter((control) => control.classes)) {
      const offered = options.slice(0, classes > 1 ? classes + 1 : 1); // the first one is for all classes
      const words = offered.map((option, i) => names?.[i - 1] ?? option);
      this.inputs[name].replaceChildren(...offered.map((option, i) => new Option(words[i], option)));
      if (!offered.map(String).includes(String(this.values[name]))) {
        this.values[name] = options[0];
        changed = true;
      }
      this.setters[name](this.values[name]);
    }
    return changed;
  }

  part(control) {
    const picture = PICTURES.includes(control.widget);
    const label = document.createElement(picture ? "div" : "label");
    label.className = `knob ${picture ? control.widget : ""}`.trim();
    label.title = control.help;
    const id = `${this.prefix}-${control.name.replaceAll("_", "-")}`;
    const title = document.createElement("span");
    title.textContent = control.title;
    if (picture) {
      label.setAttribute("role", "group");
      label.setAttribute("aria-label", control.title);
    } else label.append(title);
    const change = (value, settled) => {
      this.values[control.name] = value;
      this.arrange();
      if (settled) this.changed();
    };
    const input = WIDGETS[control.widget](control, label, change, this);
    this.boxes[control.name] = label;
    input.element.id = id;
    this.setters[control.name] = input.set;
    this.inputs[control.name] = input.element;
    input.set(control.default);
    return label;
  }
}

function choice(control, label, changed) {
  const element = document.createElement("select");
  for (const option of control.options) {
    element.add(new Option(control.words?.[option] ?? option.replaceAll("_", " "), option));
  }
  element.addEventListener("change", () => changed(element.value, true));
  label.append(element);
  const set = (value) => {
    element.value = value;
  };
  return { element, set };
}

function toggle(_, label, changed) {
  const element = document.createElement("input");
  element.type = "checkbox";
  element.addEventListener("change", () => changed(element.checked, true));
  label.append(element);
  const set = (value) => {
    element.checked = value;
  };
  return { element, set };
}

function slider(control, label, changed) {
  const { min, max, step, toSlider, fromSlider } = scaleOf(control);
  const output = document.createElement("output");
  const element = Object.assign(document.createElement("input"), { type: "range", min, max, step });
  element.setAttribute("aria-label", control.title);
  const show = (value) => {
    output.textContent = inWords(value, control.whole);
    element.setAttribute("aria-valuetext", output.textContent);
  };
  element.addEventListener("input", () => {
    const value = fromSlider(+element.value);
    show(value);
    changed(value, false);
  });
  element.addEventListener("change", () => changed(fromSlider(+element.value), true));
  label.append(output, element);
  const set = (value) => {
    element.value = toSlider(value);
    show(value);
  };
  return { element, set };
}
