// The page's colours, from CSS variables, so that light and dark themes share the code.

const NAMES = ["data", "samples", "noise", "map", "real", "fake", "ink", "soft", "line", "card", "accent", "bad"];
const CLASSES = 10;

let known = null;
let of = null; // the theme of the known colours

/** The colours by name, and those of the classes also as a list. The object is the same until the theme changes. */
export function palette() {
  const theme = document.body.className;
  if (known?.ink && theme === of) return known; // without ink, the style sheet has not loaded yet
  const style = getComputedStyle(document.body);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = Array.from({ length: CLASSES }, (_, i) => `class-${i}`);
  const byName = Object.fromEntries([...NAMES, ...names].map((name) => [name, colour(name)]));
  known = { ...byName, classes: names.map((name) => byName[name]) };
  of = theme;
  return known;
}

export function isDark() {
  return document.body.classList.contains("dark");
}
