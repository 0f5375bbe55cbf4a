// Answers come as the value of a component of their own, so that they never push a frame aside.

import { say } from "./bus.js";

export function mount({ props, watch, options }) {
  watch("value", () => props.value && say(options.family, options.name, JSON.parse(props.value)));
}
