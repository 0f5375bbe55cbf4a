// Answers come as the value of a component of their own, so that they never push a frame aside.

import { keep, say } from "./bus.js";

export function mount({ props, watch, options }) {
  const tell = options.kept ? keep : say;
  watch("value", () => props.value && tell(options.family, options.name, JSON.parse(props.value)));
}
