import assert from "node:assert/strict";
import { test } from "node:test";
import { Backdrop } from "../../playground/ui/static/paint/backdrop.js";
import { decodeLayers } from "../../playground/ui/static/paint/codec.js";
import { HALF, layOut } from "../../playground/ui/static/paint/geometry.js";
import { paint } from "../../playground/ui/static/paint/paint.js";
import { calls, fakeCanvas, names, PALETTE } from "./canvas.js";
import { pieces } from "./encoded.js";

const [WIDTH, HEIGHT] = [1000, 500];
const EMPTY = { title: "", backdrop: null, source: null, pieces: [], pointedOut: [], trace: null, moment: 1 };
const panel = (more) => ({ ...EMPTY, ...more });
const picture = (panels, more = {}) => ({ moving: false, veil: false, panels, ...more });
const decoded = (name) => decodeLayers({ it: pieces[name].piece }).it;
const dot = (x, y, more = {}) => ({
  type: "points",
  colour: "samples",
  n: 1,
  times: [],
  xy: Float32Array.of(x, y),
  ...more,
});

function painted(what, { time = 1, ...options } = {}) {
  const canvas = fakeCanvas(WIDTH, HEIGHT);
  paint(canvas, what, time, PALETTE, options);
  return canvas;
}

const views = (what, ratio = 1) => layOut(what, WIDTH, HEIGHT, ratio);
const centres = (canvas) => calls(canvas, "arc").map(({ args: [x, y] }) => [x, y]);

test("a point is painted at its place, in its colour, within its panel", () => {
  const what = picture([panel({ pieces: [dot(1, -2)] })]);
  const canvas = painted(what);
  const [view] = views(what);
  assert.deepEqual(centres(canvas), [[view.x(1, 1), view.y(-2)]]);
  const [fill] = calls(canvas, "fill");
  assert.deepEqual([fill.fillStyle, fill.globalAlpha], [PALETTE.samples, 0.75]);
  const side = 2 * HALF * view.scale;
  assert.deepEqual(calls(canvas, "rect")[0].args, [view.x(-HALF, 1), view.y(HALF), side, side]);
  const order = names(canvas);
  assert.ok(order.includes("clip"));
  assert.ok(order.indexOf("clip") < order.indexOf("arc") && order.indexOf("arc") < order.indexOf("restore"));
});

test("what was there before is wiped first, and what stands still lies lowest", () => {
  const [first, second] = painted(picture([panel({ pieces: [dot(0, 0)] })])).log;
  assert.deepEqual([first.call, first.args], ["clearRect", [0, 0, WIDTH, HEIGHT]]);
  assert.equal(second.call, "drawImage");
});

test("each panel has its own pieces", () => {
  const what = picture([panel({ pieces: [dot(0, 0)] }), panel({ pieces: [dot(1, 1)] })]);
  const [left, right] = views(what);
  assert.deepEqual(centres(painted(what)), [
    [left.x(0, 1), left.y(0)],
    [right.x(1, 1), right.y(1)],
  ]);
});

test("as many lanes as there are have a panel and a title each", () => {
  const lanes = ["a", "b", "c", "d", "e"];
  const what = picture(lanes.map((title) => panel({ title, pieces: [dot(0, 0)] })));
  const canvas = painted(what);
  assert.deepEqual(
    centres(canvas),
    views(what).map((view) => [view.x(0, 1), view.y(0)]),
  );
  const titles = calls(canvas, "fillText").map(({ args: [text, x, y] }) => [text, x, y]);
  assert.deepEqual(
    titles,
    views(what).map((view, i) => [lanes[i], view.x(0, 1), view.y(HALF) - 7]),
  );
});

test("pieces lie in their order, what is pointed out over them, titles over all", () => {
  const canvas = painted(
    picture([
      panel({ title: "over", pieces: [decoded("heat"), dot(0, 0)], pointedOut: [decoded("marks")] }),
      panel({ pieces: [dot(1, 1)] }),
    ]),
  );
  const order = names(canvas).filter((call) => ["drawImage", "fill", "fillText"].includes(call));
  const [heat, backdrop, rim, first, second, ...words] = order;
  assert.deepEqual([heat, backdrop, rim, first, second], ["drawImage", "drawImage", "fill", "fill", "fill"]);
  assert.equal(words.length, 3 + 2 + 1, "marks, the bar's ends, the title");
  assert.equal(calls(canvas, "fillText").at(-1).args[0], "over");
  assert.equal(calls(canvas, "drawImage")[0].args.length, 5, "the map lies lowest");
});

test("everything steps back behind an answer that plays", () => {
  const what = picture([panel({ pieces: [dot(0, 0)], pointedOut: [decoded("marks")] })], { veil: true });
  const canvas = painted(what);
  const veil = calls(canvas, "fillRect");
  assert.equal(veil.length, 1);
  assert.deepEqual([veil[0].fillStyle, veil[0].globalAlpha], [PALETTE.card, 0.6]);
  const order = names(canvas);
  assert.ok(order.indexOf("fill") < order.indexOf("fillRect"));
  assert.ok(order.indexOf("fillRect") < order.indexOf("fillText"));
  assert.equal(calls(painted({ ...what, veil: false }), "fillRect").length, 0);
});

test("pieces of several times are where they are then; those of one keep theirs", () => {
  const moving = dot(0, 0, { times: [0, 1], xy: Float32Array.of(-2, 0, 2, 0) });
  const still = dot(1, 0, { times: [0.25] });
  const none = dot(1, 0);
  const journey = picture([panel({ pieces: [moving, still, none], moment: 0.75 })], { moving: true });
  const [view] = views(journey);
  assert.deepEqual(
    centres(painted(journey, { time: 0.5 })).map(([x]) => x),
    [view.x(0, 0.5), view.x(1, 0.25), view.x(1, 0.75)],
  );
});

test("a journey clips nothing, names its ends, and has its title between them", () => {
  const backdrop = new Backdrop();
  const what = picture([panel({ title: "told", backdrop: dot(0, 0), pieces: [dot(0, 0)] })], { moving: true });
  const canvas = painted(what, { backdrop });
  assert.equal(calls(canvas, "clip").length, 0);
  const [told] = calls(canvas, "fillText");
  assert.deepEqual(told.args.slice(0, 2), ["told", views(what)[0].middle(0.5)]);
  const behind = backdrop.of(canvas, what, views(what), PALETTE);
  const [view] = views(what);
  assert.deepEqual(
    calls(behind, "fillText").map(({ args: [text, x] }) => [text, x]),
    [
      ["noise", view.middle(0)],
      ["data", view.middle(1)],
    ],
  );
  const rings = calls(behind, "arc").filter(({ args: [x] }) => x === view.middle(0));
  assert.equal(rings.length, 6);
});

test("a journey from other points than Gaussian noise shows them on the left", () => {
  const what = picture([panel({ source: dot(1, 2, { colour: "noise" }) })], { moving: true });
  const behind = new Backdrop().of(fakeCanvas(WIDTH, HEIGHT), what, views(what), PALETTE);
  const [view] = views(what);
  assert.deepEqual(
    calls(behind, "fillText").map(({ args: [text] }) => text),
    ["source", "data"],
  );
  assert.equal(calls(behind, "arc").filter(({ args: [x] }) => x === view.middle(0)).length, 0, "no rings");
  assert.deepEqual(centres(behind), [[view.x(1, 0), view.y(2)]]);
});

test("the data lie in the backdrop, softly, in the panels that show them", () => {
  const backdrop = new Backdrop();
  const what = picture([panel({ backdrop: dot(1, 2, { colour: "data" }) }), panel()]);
  const behind = backdrop.of(fakeCanvas(WIDTH, HEIGHT), what, views(what), PALETTE);
  const [view] = views(what);
  assert.deepEqual(centres(behind), [
    [view.x(1, 1), view.y(2)],
    [view.x(1, 1), view.y(2)],
  ]);
  assert.ok(
    calls(behind, "fill").every(({ fillStyle, globalAlpha }) => fillStyle === PALETTE.data && globalAlpha <= 0.5),
  );
  assert.equal(calls(behind, "strokeRect").length, 2, "each panel has its frame");
});

test("what stands still is painted once, and again when anything that it depends on is other", () => {
  const backdrop = new Backdrop();
  const data = dot(1, 2);
  const first = picture([panel({ backdrop: data })]);
  const behind = (what, canvas = fakeCanvas(WIDTH, HEIGHT), palette = PALETTE, ratio = 1) =>
    backdrop.of(canvas, what, layOut(what, canvas.width, canvas.height, ratio), palette);
  const kept = behind(first);
  const painted = kept.log.length;
  const others = [{ pieces: [dot(0, 0)] }, { pointedOut: [dot(0, 0)] }, { moment: 0 }];
  for (const other of others) assert.equal(behind(picture([panel({ backdrop: data, ...other })])), kept);
  assert.equal(kept.log.length, painted, "nothing was painted again");
  const changes = {
    "other data": () => behind(picture([panel({ backdrop: dot(1, 2) })])),
    "no data": () => behind(picture([panel()])),
    "another panel": () => behind(picture([panel({ backdrop: data }), panel()])),
    "a title, which takes room": () => behind(picture([panel({ backdrop: data, title: "a" })])),
    "a map, on which the data have a rim": () =>
      behind(picture([panel({ backdrop: data, pieces: [decoded("heat")] })])),
    "a journey": () => behind(picture([panel({ backdrop: data })], { moving: true })),
    "another size": () => behind(first, fakeCanvas(WIDTH, HEIGHT + 1)),
    "other colours": () => behind(first, fakeCanvas(WIDTH, HEIGHT), { ...PALETTE }),
    "a finer screen": () => behind(first, fakeCanvas(WIDTH, HEIGHT), PALETTE, 2),
  };
  for (const [why, change] of Object.entries(changes)) {
    const before = behind(first);
    assert.notEqual(change(), before, why);
  }
});

test("a trace goes through time, with its ends and where it is", () => {
  const path = [
    [-1, 0],
    [0, 1],
    [2, 0],
  ];
  const trace = { path, times: [0, 0.5, 1], here: { x: [0, 1], t: 0.5 } };
  const what = picture([panel({ trace })], { moving: true });
  const canvas = painted(what);
  const [view] = views(what);
  assert.deepEqual(
    calls(canvas, "lineTo").map(({ args }) => args),
    path.map(([x, y], i) => [view.x(x, trace.times[i]), view.y(y)]),
  );
  assert.deepEqual(
    calls(canvas, "fill").map(({ fillStyle }) => fillStyle),
    [PALETTE.noise, PALETTE.samples, PALETTE.ink],
  );
  assert.deepEqual(centres(canvas), [
    [view.x(-1, 0), view.y(0)],
    [view.x(2, 1), view.y(0)],
    [view.x(0, 0.5), view.y(1)],
  ]);
});

test("a picture without panels is an empty canvas", () => {
  const canvas = painted(picture([]));
  assert.deepEqual(names(canvas), ["clearRect", "drawImage"]);
});

test("each kind of piece leaves the context as it found it, and paints what is finite", () => {
  for (const name of Object.keys(pieces)) {
    const canvas = painted(picture([panel({ pieces: [decoded(name)] })]), { time: 0.3 });
    const told = canvas.log.filter(({ args }) => args.some((value) => Number.isNaN(value)));
    assert.deepEqual(told, [], name);
    assert.ok(canvas.log.length > 6, name);
    const context = canvas.getContext("2d");
    if (typeof context.globalAlpha === "number") assert.equal(context.globalAlpha, 1, name);
    assert.notEqual(context.imageSmoothingEnabled, false, name);
  }
});
