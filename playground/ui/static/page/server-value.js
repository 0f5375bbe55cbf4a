// What the server says to the other parts comes as the value of a component of its own.

import { keep } from "./bus.js";

export function mount({ props, watch, options }) {
  watch("value", () => props.value && keep(options.slot, options.name, JSON.parse(props.value)));
}
