/**
 * The drawing pad: a spray can over the Stage's panel, so that a drawing keeps its position.
 *
 * Points are in canvas coordinates [−4, 4]², y up, on the grid of the links (playground/data/link_text.py), so that a
 * link restores a drawing exactly.
 */

import { HALF } from "../paint/geometry.js";
import { inside } from "./drawing.js";
import { PadCanvas } from "./pad-canvas.js";
import { makePad } from "./pad-markup.js";
import { Ring } from "./ring.js";
import { Sketch } from "./sketch.js";

const TEXT_FIELD = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, [contenteditable]";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Pad {
  #sketch = new Sketch();
  #canvas;
  #ring;
  #class = 0;
  #erasing = false;
  #stroke = null; // between pointer down and up
  #cursor = [0, 0]; // position of the keyboard's cursor
  #listening = null;
  #resized = new ResizeObserver(() => this.#dress());
  #restyled = new MutationObserver(() => this.#dress());

  /** onchange({points, labels}) after each stroke, undo, redo and clear; onclose() when the visitor presses Done. */
  constructor({ onchange = () => {}, onclose = () => {} } = {}) {
    this.onchange = onchange;
    Object.assign(this, makePad()); // root, and its parts by name
    this.#canvas = new PadCanvas(this.parts.canvas, this.#sketch);
    this.#ring = new Ring(this.parts.ring);
    this.#listen(onclose);
    this.#take(false);
    this.#show();
  }

  #listen(onclose) {
    const { canvas, brush, eraser, classes, done } = this.parts;
    const on = (element, type, act) => element.addEventListener(type, act);
    on(brush, "click", () => this.#take(false));
    on(eraser, "click", () => this.#take(true));
    for (const [i, swatch] of classes.entries()) on(swatch, "click", () => this.#take(false, i));
    for (const name of ["undo", "redo", "clear"]) on(this.parts[name], "click", () => this[name]());
    on(done, "click", () => onclose());
    on(canvas, "pointerdown", (e) => this.#down(e));
    on(canvas, "pointermove", (e) => this.#move(e));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) on(canvas, type, (e) => this.#up(e));
    for (const type of ["pointerleave", "blur"]) on(canvas, type, () => this.#stroke || this.#point(null));
    on(canvas, "contextmenu", (e) => e.preventDefault()); // a long press is a spray, not a menu
    on(canvas, "keydown", (e) => this.#key(e));
    // The picture under the pad ignores the pad's events.
    for (const type of ["pointerdown", "pointermove"]) on(this.root, type, (e) => e.stopPropagation());
  }

  /** Opens the pad over a positioned element, and focuses it. */
  attach(host) {
    this.detach();
    host.append(this.root);
    this.#listening = new AbortController();
    document.addEventListener("keydown", (e) => this.#shortcut(e), { signal: this.#listening.signal });
    this.#resized.observe(this.parts.canvas);
    for (const element of [document.documentElement, document.body]) {
      this.#restyled.observe(element, { attributeFilter: ["class", "data-theme"] });
    }
    this.#dress();
    this.parts.canvas.focus({ preventScroll: true });
  }

  detach() {
    if (this.#stroke) this.#up({ pointerId: this.#stroke.id });
    this.#listening?.abort();
    this.#resized.disconnect();
    this.#restyled.disconnect();
    this.#point(null);
    this.root.remove();
  }

  /** [[x, y], …] in drawing order. */
  get points() {
    return this.#sketch.points;
  }

  /** The class of each point, 0 … 9. */
  get labels() {
    return this.#sketch.labels;
  }

  /** Starts over with these points, without calling onchange. Points off the canvas or above the limit are left out. */
  set(points, labels = null) {
    this.#sketch.set(points, labels);
    this.#repaint();
  }

  clear() {
    const before = this.#sketch.snapshot();
    this.#sketch.clear();
    this.#commit(before);
  }

  undo() {
    this.#travel(() => this.#sketch.undo());
  }

  redo() {
    this.#travel(() => this.#sketch.redo());
  }

  #travel(go) {
    if (this.#stroke || !go()) return;
    this.#repaint();
    this.#tell();
  }

  #commit(before) {
    const changed = this.#sketch.commit(before);
    this.#show();
    if (changed) this.#tell();
  }

  #tell() {
    this.onchange({ points: this.points, labels: this.labels });
  }

  // Spraying and erasing.

  get #erases() {
    return this.#erasing || Boolean(this.#stroke?.erase);
  }

  get #reach() {
    return this.parts.size.value * (this.#erases ? 2 : 1);
  }

  // 86 % of the points lie in the ring.
  #spray(count, from, to = from) {
    this.#sketch.spray(count, this.parts.size.value / 2, this.#class, from, to);
  }

  #erase(from, to = from) {
    const removed = this.#sketch.erase(this.#reach, from, to);
    if (removed) this.#canvas.wipe(removed, this.#reach, from, to);
  }

  get #puff() {
    return Math.max(6, Math.round(this.parts.density.value / 4));
  }

  // The pointer.

  #down(e) {
    if (this.#stroke || (e.button > 0 && !(e.buttons & 32))) return; // a second finger, or a mouse's other buttons
    this.parts.canvas.setPointerCapture(e.pointerId);
    const at = this.#locate(e);
    const before = this.#sketch.snapshot();
    // A pen that is turned around (button 32) erases.
    const erase = this.#erasing || Boolean(e.buttons & 32);
    this.#stroke = { id: e.pointerId, erase, at, before, moved: 0, owed: 0, force: force(e), time: performance.now() };
    if (erase) this.#erase(at);
    else this.#spray(4, at); // visible at once; if it turns out to be a tap, the rest of the puff follows
    this.#point(at);
    this.#show();
    requestAnimationFrame(this.#frame);
  }

  #move(e) {
    const stroke = this.#stroke;
    if (stroke && stroke.id !== e.pointerId) return;
    const here = this.#locate(e);
    this.#point(here);
    if (!stroke) return;
    const path = e.getCoalescedEvents?.() ?? [];
    for (const event of path.length ? path : [e]) {
      const to = this.#locate(event);
      const distance = Math.hypot(to[0] - stroke.at[0], to[1] - stroke.at[1]);
      stroke.force = force(event);
      stroke.moved += distance;
      if (stroke.erase) this.#erase(stroke.at, to);
      else this.#emit(distance, to);
      stroke.at = to;
    }
    // Tools that cover the canvas move aside for a stroke.
    const { bar } = this.parts;
    bar.classList.toggle("aside", inside(here[1]) && e.clientY < bar.getBoundingClientRect().bottom);
  }

  #up(e) {
    const stroke = this.#stroke;
    if (stroke?.id !== e.pointerId) return;
    this.#stroke = null;
    const made = this.#sketch.length - stroke.before.length;
    if (!stroke.erase && stroke.moved < 0.1) this.#spray(this.#puff - made, stroke.at);
    this.parts.bar.classList.remove("aside");
    if (e.pointerType !== "mouse") this.#point(null);
    this.#commit(stroke.before);
  }

  // Sprays for an amount of seconds or of distance to a point. The remaining fraction of a point is carried over.
  #emit(amount, to) {
    const stroke = this.#stroke;
    stroke.owed += amount * stroke.force * this.parts.density.value;
    const count = Math.floor(stroke.owed);
    stroke.owed -= count;
    this.#spray(count, stroke.at, to);
  }

  #frame = (now) => {
    const stroke = this.#stroke;
    if (!stroke) return;
    const seconds = Math.max(0, Math.min(0.05, (now - stroke.time) / 1000)); // no burst after a delay
    stroke.time = now;
    if (!stroke.erase) this.#emit(seconds, stroke.at);
    this.#show();
    requestAnimationFrame(this.#frame);
  };

  #locate({ clientX, clientY }) {
    const { left, top, width } = this.parts.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * 2 * HALF - HALF, HALF - ((clientY - top) / width) * 2 * HALF];
  }

  // The keyboard.

  #key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const arrow = ARROWS[e.key];
    if (arrow) {
      const by = e.shiftKey ? 0.05 : 0.2;
      const moved = (v, i) => Math.round((v + by * arrow[i]) * 20) / 20;
      this.#cursor = this.#cursor.map((v, i) => Math.max(-HALF, Math.min(HALF, moved(v, i))));
    } else if (e.key === " ") {
      const before = this.#sketch.snapshot();
      if (this.#erasing) this.#erase(this.#cursor);
      else this.#spray(this.#puff, this.#cursor);
      this.#commit(before);
    } else if (e.key === "Backspace" || e.key === "Delete") {
      this.undo();
    } else return;
    e.preventDefault(); // the page neither scrolls nor plays
    e.stopPropagation();
    this.#point(this.#cursor, true);
    this.#show();
  }

  #shortcut(e) {
    if (!(e.ctrlKey || e.metaKey) || !this.root.isConnected || e.composedPath()[0].closest?.(TEXT_FIELD)) return;
    const key = e.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    e.preventDefault();
    this[key === "y" || e.shiftKey ? "redo" : "undo"]();
  }

  #take(erasing, chosen = this.#class) {
    this.#erasing = erasing;
    this.#class = chosen;
    const { brush, eraser, classes } = this.parts;
    const press = (element, on) => element.setAttribute("aria-pressed", on);
    press(brush, !erasing);
    press(eraser, erasing);
    for (const [i, swatch] of classes.entries()) press(swatch, !erasing && i === chosen);
    this.#ring.colour(chosen);
  }

  #point(at, byKeys = false) {
    this.#ring.point(at, { reach: this.#reach, erases: this.#erases, byKeys });
  }

  #dress() {
    this.#canvas.dress();
    this.#show();
  }

  #repaint() {
    this.#canvas.repaint();
    this.#show();
  }

  #show() {
    const { count, note, hint, undo, redo, clear } = this.parts;
    const { length, full, undoable, redoable } = this.#sketch;
    this.#canvas.show();
    write(count, `${length.toLocaleString("en")} ${length === 1 ? "point" : "points"}`);
    const place = this.#ring.byKeys ? `· cursor at ${this.#cursor.join(", ").replaceAll("-", "−")}` : "";
    write(note, full ? "· The pad is full: erase or undo to go on" : place);
    hint.hidden = length > 0 || Boolean(this.#stroke);
    undo.setAttribute("aria-disabled", !undoable);
    redo.setAttribute("aria-disabled", !redoable);
    clear.setAttribute("aria-disabled", !length);
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text; // a screen reader announces only changes
}

// The pressure of a pen: 1 for an ordinary touch, and always 1 for a mouse or a finger.
const force = ({ pointerType, pressure }) => (pointerType === "pen" ? 0.3 + 1.4 * pressure : 1);
