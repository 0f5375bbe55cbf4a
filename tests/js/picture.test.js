import assert from "node:assert/strict";
import { test } from "node:test";
import { compose } from "../../playground/ui/static/stage/picture.js";
import { Recording } from "../../playground/ui/static/stage/recording/recording.js";

const piece = (name, more = {}) => ({ type: "points", name, times: [], n: 0, ...more });
const DATA = piece("data");

function lane(run, steps, title = "", layers = {}) {
  const frames = steps.map((step) => ({
    run,
    step,
    time: 0.5,
    layers: { data: DATA, samples: piece(`samples ${run} ${step}`), ...layers },
  }));
  const recording = Recording.begin(frames[0]);
  for (const frame of frames.slice(1)) recording.add(frame);
  return { recording, title };
}

const LAYOUT = { panels: [""], data: [0], moving: false };
const view = (more = {}) => ({ layout: LAYOUT, layers: ["samples"], data: true, ...more });
const named = (pieces) => pieces.map(({ name }) => name);
const of = (lanes, more, shown = lanes.at(-1).recording.last) => compose(lanes, shown, view(more));

test("one run has the panels of its layout, with the data behind", () => {
  const { moving, veil, panels } = of([lane("a", [0, 10])]);
  assert.deepEqual([moving, veil, panels.length], [false, false, 1]);
  const [panel] = panels;
  assert.deepEqual([panel.title, panel.backdrop, panel.trace, panel.moment], ["", DATA, null, 0.5]);
  assert.deepEqual(named(panel.pieces), ["samples a 10"]);
});

test("layers are painted in the order that is given, those that were not sent are left out", () => {
  const layers = { field: [piece("field 1"), piece("field 2")] };
  const [panel] = of([lane("a", [0], "", layers)], { layers: ["field", "missing", "samples"] }).panels;
  assert.deepEqual(named(panel.pieces), ["field 1", "field 2", "samples a 0"]);
});

test("pieces go to their panel, and may open another and name it", () => {
  const layers = { codes: piece("codes", { panel: 1 }), more: piece("more", { panel: 3, title: "Heun" }) };
  const layout = { ...LAYOUT, panels: ["data", "latents"] };
  const { panels } = of([lane("a", [0], "", layers)], { layout, layers: ["samples", "codes", "more"] });
  assert.deepEqual(
    panels.map(({ title, pieces }) => [title, named(pieces)]),
    [
      ["data", ["samples a 0"]],
      ["latents", ["codes"]],
      ["", []],
      ["Heun", ["more"]],
    ],
  );
});

test("where a journey doesn't start from Gaussian noise, its source lies on the left", () => {
  const source = piece("source");
  const layout = { ...LAYOUT, moving: true };
  assert.equal(of([lane("a", [0], "", { source })], { layout }).panels[0].source, source);
  assert.equal(of([lane("a", [0], "", { source })]).panels[0].source, null, "elsewhere it is a layer like others");
  assert.equal(of([lane("a", [0])], { layout }).panels[0].source, null);
});

test("the data lie behind the panels that the layout says, or behind all", () => {
  const behind = (data, more = {}) => {
    const { panels } = of([lane("a", [0])], { layout: { ...LAYOUT, panels: ["a", "b"], data }, ...more });
    return panels.map(({ backdrop }) => backdrop !== null);
  };
  assert.deepEqual(behind([1]), [false, true]);
  assert.deepEqual(behind(null), [true, true]);
  assert.deepEqual(behind([]), [false, false]);
  assert.deepEqual(behind(null, { data: false }), [false, false]);
});

test("what is pointed out lies in its panel, a trace in the first", () => {
  const trace = { path: [] };
  const layout = { ...LAYOUT, panels: ["a", "b"] };
  const pointedOut = [piece("here"), piece("there", { panel: 1 })];
  const { panels, veil } = of([lane("a", [0])], { layout, pointedOut, trace, veil: true });
  assert.deepEqual(
    panels.map((panel) => [named(panel.pointedOut), panel.trace]),
    [
      [["here"], trace],
      [["there"], null],
    ],
  );
  assert.equal(veil, true);
});

for (const n of [2, 3, 5]) {
  test(`${n} runs have a panel each, at the same step`, () => {
    const lanes = Array.from({ length: n }, (_, i) => lane(`run ${i}`, [0, 10, 20], `Lane ${i}`));
    const layers = { codes: piece("codes", { panel: 1, title: "latents" }) };
    lanes[0] = lane("run 0", [0, 10, 20], "Lane 0", layers);
    const layout = { ...LAYOUT, data: [] };
    const { panels } = of(lanes, { layout, layers: ["samples", "codes"] }, lanes.at(-1).recording.at(10));
    assert.deepEqual(
      panels.map(({ title, pieces }) => [title, named(pieces)]),
      lanes.map((_, i) => [`lane ${i}`, [`samples run ${i} 10`]]),
    );
    assert.ok(panels.every(({ backdrop }) => backdrop === DATA));
  });
}

test("a lane that ended before says at which step", () => {
  const lanes = [lane("a", [0, 1200], "As it was"), lane("b", [0, 1200, 1600], "Other")];
  const titles = (shown) => of(lanes, {}, shown).panels.map(({ title }) => title);
  assert.deepEqual(titles(lanes[1].recording.last), ["as it was, step 1,200", "other"]);
  assert.deepEqual(titles(lanes[1].recording.at(1200)), ["as it was", "other"]);
});

test("a lane without a frame yet is an empty panel", () => {
  const lanes = [{ recording: new Recording(), title: "Soon" }, lane("b", [0], "Now")];
  const [soon, now] = of(lanes).panels;
  assert.deepEqual([soon.title, soon.pieces, soon.backdrop], ["soon", [], null]);
  assert.equal(now.title, "now");
});

test("what is pointed out belongs to the live lane", () => {
  const trace = { path: [] };
  const { panels } = of([lane("a", [0], "a"), lane("b", [0], "b")], { pointedOut: [piece("here")], trace });
  assert.deepEqual(
    panels.map((panel) => [named(panel.pointedOut), panel.trace]),
    [
      [[], null],
      [["here"], trace],
    ],
  );
});

test("what a symbol means is painted over the rest, which is veiled, in all lanes", () => {
  const times = [0, 1];
  const layers = { samples: piece("samples", { times, colour: "samples" }) };
  const lanes = [lane("a", [0, 10], "", layers), lane("b", [0, 10], "", layers)];
  const { veil, panels } = of(lanes, { marks: ["data", "samples@0"] });
  assert.ok(veil);
  for (const { pointedOut } of panels) {
    const [data, noise] = pointedOut;
    assert.deepEqual([data.name, data.at, data.panel], ["data", 1, 0]);
    assert.deepEqual([noise.name, noise.at, noise.colour], ["samples", 0, "noise"]);
  }
});

test("a mark that can't be seen veils nothing", () => {
  const { veil, panels } = of([lane("a", [0])], { marks: ["samples@0", "critic"] });
  assert.deepEqual([veil, panels[0].pointedOut], [false, []], "of one time only, and not in the frame");
});
