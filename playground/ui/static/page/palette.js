// The page's colours are CSS variables, so that light and dark need no other code.

const NAMES = ["data", "samples", "noise", "ink", "soft", "line", "card", "accent", "bad"];
const CLASSES = 10;

let known = null;
let of = null; // the theme that they are of

/** The colours by name, and those of the classes also in a list: the same object until the theme changes. */
export function palette() {
  const theme = document.body.className;
  if (known?.ink && theme === of) return known; // without ink, the style sheet has not come yet
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
