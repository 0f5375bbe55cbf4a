// The house: imports only descend, what can be pure is, and nothing is written that nobody uses.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const STATIC = join(ROOT, "playground/ui/static");
const MAX_LINES = 300;
const MAX_FILES = 12;

const FLOORS = {
  paint: [],
  page: [],
  pad: ["paint"],
  links: ["page", "pad"],
  stage: ["page", "paint", "links"],
  panels: ["page", "paint", "pad", "links"],
  export: ["page", "paint", "links", "stage"],
  player: ["page", "paint", "stage"],
  wall: ["page", "paint", "stage"],
  lessons: ["page", "links"],
  compare: ["page", "paint", "pad", "links", "stage", "panels"],
};
const PURE = [
  "paint/",
  "stage/recording/lanes.js",
  "stage/picture.js",
  "stage/recording.js",
  "pad/sketch.js",
  "pad/drawing.js",
  "links/link.js",
  "compare/ranking.js",
  "export/moments.js",
  "wall/grid.js",
  "wall/words.js",
  "lessons/answers.js",
  "lessons/walk.js",
];
const CALLED = ["mount", "play"]; // by a component's script, and by the player's page
const BROWSER = /\b(document|window|localStorage|location|requestAnimationFrame|getComputedStyle)\b(?!["'])/;

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

const files = [...walk(STATIC)];
const modules = files
  .filter((path) => path.endsWith(".js"))
  .map((path) => ({ path, name: relative(STATIC, path).split(sep).join("/"), text: readFileSync(path, "utf8") }));
const tests = [...walk(join(ROOT, "tests"))].filter((path) => /\.(js|html|py)$/.test(path));
const roomOf = (name) => name.split("/")[0];

// What a module imports: [[path of the module, [name, …]], …].
function imports({ path, text }) {
  const found = text.matchAll(/^import (?:\* as \w+|\{([^}]*)\}) from "([^"]*)";$/gm);
  return [...found].map(([, names = "", from]) => [
    join(dirname(path), from),
    names.split(",").flatMap((name) => name.trim().split(" as ")[0] || []),
  ]);
}

const exportsOf = ({ text }) =>
  [...text.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name);

test("there are modules, and their imports are found", () => {
  assert.ok(modules.length > 30);
  assert.ok(modules.flatMap(imports).length > 60);
  assert.equal(
    modules.flatMap(imports).length,
    modules.flatMap(({ text }) => text.match(/^import /gm) ?? []).length,
    "each import has a form that is read here",
  );
});

test("imports only descend", () => {
  for (const module of modules) {
    const room = roomOf(module.name);
    assert.ok(room in FLOORS, `${module.name} stands in no room`);
    for (const [path] of imports(module)) {
      const there = roomOf(relative(STATIC, path).split(sep).join("/"));
      assert.ok(there === room || FLOORS[room].includes(there), `${module.name} imports from ${there}/`);
    }
  }
});

test("what is exported is imported somewhere, or is what a component's script calls", () => {
  const used = new Map(modules.map(({ path }) => [path, new Set()]));
  for (const [path, names] of modules.flatMap(imports)) for (const name of names) used.get(path).add(name);
  for (const module of modules) {
    const isUsed = (name) =>
      CALLED.includes(name) || used.get(module.path).has(name) || namedInTests(module.path, name);
    const idle = exportsOf(module).filter((name) => !isUsed(name));
    assert.deepEqual(idle, [], module.name);
  }
});

// Whether a test imports a module and names what it exports.
const namedInTests = (path, name) =>
  tests.some((file) => {
    const text = readFileSync(file, "utf8");
    return text.includes(path.slice(STATIC.length + 1)) && new RegExp(`\\b${name}\\b`).test(text);
  });

test("painting and arithmetic know no page", () => {
  const pure = modules.filter(({ name }) => PURE.some((path) => name.startsWith(path)));
  assert.ok(pure.length > 15);
  for (const { name, text } of pure) {
    const code = text.replace(/\/\*.*?\*\/|\/\/.*$/gms, "");
    assert.doesNotMatch(code, BROWSER, name);
  }
});

test("no file is long, and no room is crowded", () => {
  for (const path of files) {
    const lines = readFileSync(path, "utf8").split("\n").length - 1;
    assert.ok(lines <= MAX_LINES, `${path} has ${lines} lines`);
  }
  for (const folder of new Set(files.map(dirname))) {
    const here = files.filter((path) => dirname(path) === folder).length;
    assert.ok(here <= MAX_FILES, `${folder} holds ${here} files`);
  }
});
