// The values of knobs: their defaults for a kind of data, and which of them have an effect.

/** The values that nobody has changed, for data of a kind. kinds: the defaults that are others for a kind, or null. */
export function defaultsOf(controls, kinds, kind) {
  const own = Object.fromEntries(controls.map((control) => [control.name, control.default]));
  return kinds ? { ...own, ...kinds[kind], kind } : own;
}

/** What changes where the data become of another kind: values that nobody has changed become its defaults. */
export function suited(values, controls, kinds, kind) {
  const before = defaultsOf(controls, kinds, values.kind);
  const now = Object.entries(defaultsOf(controls, kinds, kind));
  return Object.fromEntries(now.filter(([name]) => values[name] === before[name]));
}

/** The names of the controls that have an effect. What data of this kind don't have stands in no other's way. */
export function effective(controls, values) {
  const absent = controls.filter(({ kinds }) => kinds && !kinds.includes(values.kind)).map(({ name }) => name);
  const free = ([other, allowed]) => absent.includes(other) || allowed.includes(values[other]);
  const shown = controls.filter(({ name, when = {} }) => !absent.includes(name) && Object.entries(when).every(free));
  return shown.map(({ name }) => name);
}
