// What the pictures among the controls compute: the drawn path's curve, and the kept source.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../../playground/ui/static/pad/drawing.js";
import { asSource } from "../../playground/ui/static/panels/knobs/as-source.js";
import { pchip } from "../../playground/ui/static/panels/knobs/pchip.js";
import { defaultsOf, effective, suited } from "../../playground/ui/static/panels/knobs/values.js";

// scipy.interpolate.PchipInterpolator(np.linspace(0, 1, 5), values) at .1, .3, .6 and .95.
const SCIPY = [
  { values: [0, 0.1, 0.4, 0.8, 1], at: [0.0208, 0.139428571, 0.564571429, 0.974933333] },
  { values: [1, 0.95, 0.75, 0.4, 0], at: [0.99008, 0.927105455, 0.625985455, 0.084053333] },
  { values: [0, 0.6, 0.2, 0.8, 1], at: [0.3696, 0.5584, 0.3824, 0.9888] },
  { values: [1, 1.25, 0.05, 1.25, 0], at: [1.196, 1.1252, 0.4724, 0.4468] },
];

test("a drawn curve is scipy's", () => {
  for (const { values, at } of SCIPY) {
    const curve = pchip(values);
    [0.1, 0.3, 0.6, 0.95].forEach((t, i) => {
      assert.ok(Math.abs(curve(t) - at[i]) < 1e-6, `${values} at ${t}`);
    });
    [0, 0.25, 0.5, 0.75, 1].forEach((t, i) => {
      assert.ok(Math.abs(curve(t) - values[i]) < 1e-12);
    });
  }
});

test("a drawing becomes a source as it is", () => {
  const points = [[-3, 1], [0.5, 0.25], [2, -2]]; // biome-ignore format: points
  assert.deepEqual(decode(asSource({ points, on_canvas: true })).points, points);
  assert.equal(asSource({ points: asSource({ points }) }), asSource({ points }), "also from a link's text");
});

test("points of a file are brought onto the canvas as the data are", () => {
  const { points } = decode(asSource({ points: [[100, 50], [300, 150], [200, 60]], on_canvas: false })); // biome-ignore format: points
  const wanted = [[-3.2, -1.6], [3.2, 1.6], [0, -1.28]]; // biome-ignore format: points
  for (const [i, point] of points.entries()) {
    for (const k of [0, 1]) assert.ok(Math.abs(point[k] - wanted[i][k]) <= 1 / 1024);
  }
});

test("of many points a thousand are kept, from all of the file, and they fit into a link", () => {
  const points = Array.from({ length: 20_000 }, (_, i) => [-3 + (6 * i) / 20_000, Math.sin(i)]);
  const text = asSource({ points });
  assert.ok(text.length <= 4000);
  const kept = decode(text).points;
  assert.equal(kept.length, 1000);
  assert.ok(kept[0][0] < -2.99 && kept[999][0] > 2.98);
});

const CONTROLS = [
  { name: "network", default: "convolutional", kinds: ["images"] },
  { name: "channels", default: 24, kinds: ["images"], when: { network: ["convolutional"] } },
  { name: "width", default: 64, when: { network: ["fully_connected"] } },
  { name: "steps", default: 4000 },
];

const KINDS = { points: {}, images: { steps: 2000, width: 256 } };

test("knobs have the defaults of the data's kind, where nobody has changed them", () => {
  const points = { ...defaultsOf(CONTROLS, KINDS, "points"), width: 32 };
  assert.deepEqual(points, { network: "convolutional", channels: 24, width: 32, steps: 4000, kind: "points" });
  const images = { ...points, ...suited(points, CONTROLS, KINDS, "images") };
  assert.deepEqual(images, { network: "convolutional", channels: 24, width: 32, steps: 2000, kind: "images" });
  const again = { ...images, steps: 500, ...suited({ ...images, steps: 500 }, CONTROLS, KINDS, "points") };
  assert.deepEqual(again, { ...points, steps: 500 });
});

test("only what has an effect on the data in hand is shown", () => {
  const of = (kind, network) => effective(CONTROLS, { ...defaultsOf(CONTROLS, KINDS, kind), network });
  assert.deepEqual(of("points", "convolutional"), ["width", "steps"], "points have no choice of networks");
  assert.deepEqual(of("images", "convolutional"), ["network", "channels", "steps"]);
  assert.deepEqual(of("images", "fully_connected"), ["network", "width", "steps"]);
});

test("settings of data have no kind", () => {
  assert.equal("kind" in defaultsOf(CONTROLS, null, "images"), false);
});
