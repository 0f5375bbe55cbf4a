// Colours mean one thing, for everyone: measured on the colours in the style sheets.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chroma, contrast, distance, lab } from "./vision.js";

const read = (name) => readFileSync(new URL(`../../playground/ui/static/${name}`, import.meta.url), "utf8");
const SHEETS = ["page/page.css", "pad/pad.css"].map(read);

// The colours of a theme: those of the light one, with what the dark one changes.
function colours(dark) {
  const found = {};
  const take = (selector) => {
    for (const sheet of SHEETS)
      for (const [, body] of sheet.matchAll(new RegExp(`(?:^|\\n)${selector} \\{([^}]*)\\}`, "g")))
        for (const [, name, colour] of body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)) found[name] = colour;
  };
  for (const selector of ["body", ":root"]) take(selector);
  if (dark) for (const selector of ["body\\.dark", "\\.dark"]) take(selector);
  return found;
}

const THEMES = { light: colours(false), dark: colours(true) };
const CLASSES = Array.from({ length: 10 }, (_, i) => `class-${i}`);
const DRAWN = CLASSES.slice(0, 4); // the classes that can be drawn
const MAPS = ["map", "real", "fake"];

// Each pair of two lists of names is at least so far apart, in both themes.
function apart(some, others, least) {
  for (const [theme, palette] of Object.entries(THEMES))
    for (const a of some)
      for (const b of others) {
        if (a === b) continue;
        const found = distance(palette[a], palette[b]);
        assert.ok(found >= least, `${a} and ${b}, ${theme}: ${found.toFixed(1)}, not ${least}`);
      }
}

test("the measure is the one that it is said to be", () => {
  assert.deepEqual(lab("#ffffff").map(Math.round), [100, 0, 0]);
  assert.deepEqual(lab("#ff0000").map(Math.round), [53, 80, 67]);
  assert.ok(distance("#d00000", "#8a6a00") < distance("#d00000", "#0000d0") / 2, "red and green meet");
  assert.equal(contrast("#000000", "#ffffff").toFixed(2), "21.00");
});

test("all colours are found, in both themes", () => {
  for (const palette of Object.values(THEMES))
    for (const name of ["data", "samples", "noise", "card", ...CLASSES, ...MAPS])
      assert.match(palette[name], /^#/, name);
  for (const name of ["data", "samples", ...CLASSES, ...MAPS]) assert.notEqual(THEMES.light[name], THEMES.dark[name]);
});

test("the first class is the data's colour", () => {
  for (const palette of Object.values(THEMES)) assert.equal(palette["class-0"], palette.data);
});

test("data, samples and noise are told apart", () => {
  apart(["data", "samples", "noise"], ["data", "samples", "noise"], 25);
});

test("classes are told apart by everyone, also beside samples and noise", () => {
  apart([...CLASSES, "samples"], [...CLASSES, "samples"], 17);
  apart([...DRAWN, "samples"], [...DRAWN, "samples"], 27);
  apart(CLASSES, ["noise"], 12);
});

test("classes and points stand out from the paper", () => {
  for (const palette of Object.values(THEMES))
    for (const name of [...CLASSES, "data", "samples", "noise"])
      assert.ok(contrast(palette[name], palette.card) >= 3, `${name}: ${contrast(palette[name], palette.card)}`);
});

test("maps are unsaturated, and points don't vanish in them", () => {
  for (const palette of Object.values(THEMES)) for (const name of MAPS) assert.ok(chroma(palette[name]) <= 30, name);
  apart(MAPS, ["data", "samples"], 33);
  apart(MAPS, DRAWN, 12); // and they have a halo there
  apart(["real"], ["fake"], 25);
  apart(["map"], ["real", "fake"], 12);
  apart(MAPS, ["card"], 18);
});
