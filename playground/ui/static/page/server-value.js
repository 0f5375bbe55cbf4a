// Messages of the server to the other parts arrive as the value of a separate component.

import { keep } from "./bus.js";

export function mount({ props, watch, options }) {
  watch("value", () => props.value && keep(options.slot, options.name, JSON.parse(props.value)));
}
