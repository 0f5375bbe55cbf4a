/**
 * The drawing pad: a spray can over the Stage's square, so that a drawing stays where it was drawn.
 *
 * Points live in the page's square [−4, 4]², y up, on the grid of the links (playground/data/drawings.py): what is drawn
 * is what a link restores, to the last bit. A point is one number: x | y << 12 | class << 24. A whole drawing is then a
 * flat array that is copied in microseconds, which is why undo simply keeps copies.
 */

import { HALF, inside, labelOf, MAX_POINTS, pack, xOf, yOf } from "./drawing.js";
import { MARKUP } from "./pad-markup.js";

const MAX_UNDO = 100;

const TEXT_FIELD = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, [contenteditable]";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Pad {
  #store = new Uint32Array(MAX_POINTS);
  #n = 0;
  #painted = 0; // how many of them are on the canvas
  #wiped = null; // what part of the canvas the eraser has been over since: [left, bottom, right, top] in the square
  #past = [];
  #future = [];
  #class = 0;
  #erasing = false;
  #stroke = null; // between pointer down and up
  #cursor = [0, 0]; // of the keyboard
  #sprites = [];
  #listening = null;
  #resized = new ResizeObserver(() => this.#dress());
  #restyled = new MutationObserver(() => this.#dress());

  /** onchange({points, labels}) after each stroke, undo, redo and clear; onclose() when the visitor presses Done. */
  constructor({ onchange = () => {}, onclose = () => {} } = {}) {
    this.onchange = onchange;
    this.root = Object.assign(document.createElement("div"), { id: "draw-pad", className: "pad", innerHTML: MARKUP });
    const find = (selector) => this.root.querySelector(selector);
    this.parts = Object.fromEntries(["bar", "ring", "hint", "note"].map((name) => [name, find(`.draw-${name}`)]));
    for (const name of ["canvas", "count", "size", "density", "brush", "eraser", "undo", "redo", "clear"]) {
      this.parts[name] = find(`#draw-${name}`);
    }
    this.parts.classes = [...this.root.querySelectorAll(".draw-swatch")];

    const { canvas, classes } = this.parts;
    const on = (element, type, act) => element.addEventListener(type, act);
    on(this.parts.brush, "click", () => this.#take(false));
    on(this.parts.eraser, "click", () => this.#take(true));
    classes.forEach((element, i) => on(element, "click", () => this.#take(false, i)));
    for (const name of ["undo", "redo", "clear"]) on(this.parts[name], "click", () => this[name]());
    on(find("#draw-done"), "click", () => onclose());
    on(canvas, "pointerdown", (e) => this.#down(e));
    on(canvas, "pointermove", (e) => this.#move(e));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) on(canvas, type, (e) => this.#up(e));
    for (const type of ["pointerleave", "blur"]) on(canvas, type, () => this.#stroke || this.#point(null));
    on(canvas, "contextmenu", (e) => e.preventDefault()); // a long press is a spray, not a menu
    on(canvas, "keydown", (e) => this.#key(e));
    // What happens on the pad is no business of the picture under it.
    for (const type of ["pointerdown", "pointermove"]) on(this.root, type, (e) => e.stopPropagation());
    this.#take(false);
    this.#show();
  }

  /** Opens the pad in a positioned element, which it covers, and gives it the keyboard. */
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

  /** [[x, y], …] in the order they were drawn. */
  get points() {
    return Array.from(this.#snapshot(), (p) => [xOf(p), yOf(p)]);
  }

  /** The class of each, 0 … 3. */
  get labels() {
    return Array.from(this.#snapshot(), labelOf);
  }

  /** Begins anew with these points, without telling. Those outside the square, and those too many, are left out. */
  set(points, labels = null) {
    const packed = [];
    points.forEach(([x, y], i) => inside(x) && inside(y) && packed.push(pack(x, y, labels?.[i] ?? 0)));
    this.#past = [];
    this.#future = [];
    this.#restore(packed.slice(0, MAX_POINTS));
  }

  clear() {
    this.#edit(() => (this.#n = 0));
  }

  undo() {
    this.#travel(this.#past, this.#future);
  }

  redo() {
    this.#travel(this.#future, this.#past);
  }

  // History.

  #snapshot() {
    return this.#store.slice(0, this.#n);
  }

  #restore(packed) {
    this.#store.set(packed);
    this.#n = packed.length;
    this.#painted = Infinity;
    this.#show();
  }

  #travel(from, to) {
    if (this.#stroke || !from.length) return;
    to.push(this.#snapshot());
    this.#restore(from.pop());
    this.#tell();
  }

  #edit(change) {
    const before = this.#snapshot();
    change();
    this.#commit(before);
  }

  #commit(before) {
    const changed = this.#n !== before.length; // since an edit only adds or only removes
    if (changed) {
      this.#past.push(before);
      if (this.#past.length > MAX_UNDO) this.#past.shift();
      this.#future = [];
    }
    this.#show();
    if (changed) this.#tell();
  }

  #tell() {
    this.onchange({ points: this.points, labels: this.labels });
  }

  // Spraying and erasing.

  get #reach() {
    return this.parts.size.value * (this.#erasing || this.#stroke?.erase ? 2 : 1);
  }

  /** Points along a segment, each off it by a Gaussian of which 86 % lies in the ring. Outside the square they are lost. */
  #spray(count, x0, y0, x1 = x0, y1 = y0) {
    const spread = this.parts.size.value / 2;
    for (; count > 0 && this.#n < MAX_POINTS; count--) {
      const along = Math.random();
      const radius = spread * Math.sqrt(-2 * Math.log(1 - Math.random()));
      const angle = 2 * Math.PI * Math.random();
      const x = x0 + (x1 - x0) * along + radius * Math.cos(angle);
      const y = y0 + (y1 - y0) * along + radius * Math.sin(angle);
      if (inside(x) && inside(y)) this.#store[this.#n++] = pack(x, y, this.#class);
    }
  }

  /** Removes what lies within reach of a segment. */
  #erase(x0, y0, x1 = x0, y1 = y0) {
    const [dx, dy, reach] = [x1 - x0, y1 - y0, this.#reach];
    const length = dx * dx + dy * dy || 1;
    let kept = 0;
    for (let i = 0; i < this.#n; i++) {
      const [x, y] = [xOf(this.#store[i]) - x0, yOf(this.#store[i]) - y0];
      const along = Math.max(0, Math.min(1, (x * dx + y * dy) / length));
      if (Math.hypot(x - along * dx, y - along * dy) > reach) this.#store[kept++] = this.#store[i];
    }
    if (kept === this.#n) return;
    const [l, b, r, t] = this.#wiped ?? [HALF, HALF, -HALF, -HALF];
    this.#wiped = [Math.min(l, x0 - reach, x1 - reach), Math.min(b, y0 - reach, y1 - reach),
      Math.max(r, x0 + reach, x1 + reach), Math.max(t, y0 + reach, y1 + reach)];
    this.#painted -= this.#n - kept; // all that were there had been painted: a stroke only adds or only removes
    this.#n = kept;
  }

  #puff() {
    return Math.max(6, Math.round(this.parts.density.value / 4));
  }

  // The pointer.

  #down(e) {
    if (this.#stroke || (e.button > 0 && !(e.buttons & 32))) return; // a second finger; a mouse's other buttons
    this.parts.canvas.setPointerCapture(e.pointerId);
    const [x, y] = this.#locate(e);
    const before = this.#snapshot();
    // A pen that is turned around (button 32) erases.
    const erase = this.#erasing || Boolean(e.buttons & 32);
    this.#stroke = { id: e.pointerId, erase, x, y, before, moved: 0, owed: 0, force: force(e), time: performance.now() };
    if (this.#stroke.erase) this.#erase(x, y);
    else this.#spray(4, x, y); // seen at once; what makes a tap a puff comes when it turns out to be one
    this.#point([x, y]);
    this.#show();
    requestAnimationFrame(this.#frame);
  }

  #move(e) {
    const stroke = this.#stroke;
    if (stroke && stroke.id !== e.pointerId) return;
    const [x, y] = this.#locate(e);
    this.#point([x, y]);
    if (!stroke) return;
    const path = e.getCoalescedEvents?.() ?? [];
    for (const at of path.length ? path : [e]) {
      const [x1, y1] = this.#locate(at);
      const distance = Math.hypot(x1 - stroke.x, y1 - stroke.y);
      stroke.force = force(at);
      stroke.moved += distance;
      if (stroke.erase) this.#erase(stroke.x, stroke.y, x1, y1);
      else this.#emit(distance, x1, y1);
      Object.assign(stroke, { x: x1, y: y1 });
    }
    // Where the tools cover the square they step aside for a stroke.
    this.parts.bar.classList.toggle("aside", inside(y) && e.clientY < this.parts.bar.getBoundingClientRect().bottom);
  }

  #up(e) {
    const stroke = this.#stroke;
    if (stroke?.id !== e.pointerId) return;
    this.#stroke = null;
    const made = this.#n - stroke.before.length;
    if (!stroke.erase && stroke.moved < 0.1) this.#spray(this.#puff() - made, stroke.x, stroke.y);
    this.parts.bar.classList.remove("aside");
    if (e.pointerType !== "mouse") this.#point(null);
    this.#commit(stroke.before);
  }

  /** So many seconds, or units of the way to (x, y), of spray; the fraction of a point that is left over is owed. */
  #emit(amount, x, y) {
    const stroke = this.#stroke;
    stroke.owed += amount * stroke.force * this.parts.density.value;
    const count = Math.floor(stroke.owed);
    stroke.owed -= count;
    this.#spray(count, stroke.x, stroke.y, x, y);
  }

  #frame = (now) => {
    const stroke = this.#stroke;
    if (!stroke) return;
    const seconds = Math.max(0, Math.min(0.05, (now - stroke.time) / 1000)); // after a hiccup, no burst
    stroke.time = now;
    if (!stroke.erase) this.#emit(seconds, stroke.x, stroke.y);
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
      this.#cursor = this.#cursor.map((v, i) => Math.max(-HALF, Math.min(HALF, Math.round((v + by * arrow[i]) * 20) / 20)));
    } else if (e.key === " ") {
      this.#edit(() => (this.#erasing ? this.#erase(...this.#cursor) : this.#spray(this.#puff(), ...this.#cursor)));
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
    if (key === "y" || e.shiftKey) this.redo();
    else this.undo();
  }

  // What is seen.

  #take(erasing, chosen = this.#class) {
    this.#erasing = erasing;
    this.#class = chosen;
    const press = (element, on) => element.setAttribute("aria-pressed", on);
    press(this.parts.brush, !erasing);
    press(this.parts.eraser, erasing);
    this.parts.classes.forEach((element, i) => press(element, !erasing && i === chosen));
    this.parts.ring.style.setProperty("--mine", `var(--class-${chosen})`);
  }

  /** Puts the ring there; null takes it away. In per cent of the square, so that it needs no care when that is resized. */
  #point(at, byKeys = false) {
    const { ring } = this.parts;
    ring.classList.toggle("on", Boolean(at));
    ring.classList.toggle("keys", byKeys);
    ring.classList.toggle("erase", this.#erasing || Boolean(this.#stroke?.erase));
    if (!at) return;
    const percent = (v) => `${(50 * v) / HALF}%`;
    Object.assign(ring.style, { left: percent(at[0] + HALF), top: percent(HALF - at[1]), width: percent(2 * this.#reach) });
  }

  /** Fits the canvas to its place and the screen's pixels, and prepares one dot of each class in the theme's colours. */
  #dress() {
    const { canvas } = this.parts;
    const size = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== size) canvas.width = canvas.height = size;
    const radius = devicePixelRatio * Math.max(1.2, canvas.clientWidth / 380);
    const style = getComputedStyle(this.root);
    this.#sprites = this.parts.classes.map((_, i) => {
      const sprite = document.createElement("canvas");
      sprite.width = sprite.height = Math.ceil(2 * radius + 2);
      const g = sprite.getContext("2d");
      g.fillStyle = style.getPropertyValue(`--class-${i}`);
      g.globalAlpha = 0.7;
      g.arc(sprite.width / 2, sprite.width / 2, radius, 0, 7);
      g.fill();
      return sprite;
    });
    this.#painted = Infinity;
    this.#show();
  }

  /** Draws the points from the given one on, only those in a part of the square if there is one. */
  #paint(from, [left, bottom, right, top] = [-HALF, -HALF, HALF, HALF]) {
    const g = this.parts.canvas.getContext("2d");
    const scale = g.canvas.width / (2 * HALF);
    const middle = this.#sprites[0].width / 2;
    // Dots reach out of the part, and others into what is cleared for them. Whole pixels, or a seam would be seen.
    const edge = (2 * middle + 1) / scale;
    const [x0, y0] = [Math.floor((left + HALF) * scale - middle), Math.floor((HALF - top) * scale - middle)];
    const [x1, y1] = [Math.ceil((right + HALF) * scale + middle), Math.ceil((HALF - bottom) * scale + middle)];
    g.save();
    g.beginPath();
    g.rect(x0, y0, x1 - x0, y1 - y0);
    g.clip();
    if (!from) g.clearRect(0, 0, g.canvas.width, g.canvas.height);
    for (let i = from; i < this.#n; i++) {
      const [x, y] = [xOf(this.#store[i]), yOf(this.#store[i])];
      if (x < left - edge || x > right + edge || y < bottom - edge || y > top + edge) continue;
      g.drawImage(this.#sprites[labelOf(this.#store[i])], (x + HALF) * scale - middle, (HALF - y) * scale - middle);
    }
    g.restore();
  }

  /** Brings the screen up to date, at the cost of what has changed. */
  #show() {
    const { canvas, count, note, ring, hint, undo, redo, clear } = this.parts;
    if (canvas.width && this.#sprites.length) {
      if (this.#painted > this.#n) this.#paint(0);
      else {
        if (this.#wiped) this.#paint(0, this.#wiped);
        if (this.#painted < this.#n) this.#paint(this.#painted);
      }
      this.#wiped = null;
      this.#painted = this.#n;
    }
    const say = (element, text) => element.textContent === text || (element.textContent = text);
    say(count, `${this.#n.toLocaleString("en")} ${this.#n === 1 ? "point" : "points"}`);
    const place = ring.classList.contains("keys") ? `· cursor at ${this.#cursor.join(", ").replaceAll("-", "−")}` : "";
    say(note, this.#n < MAX_POINTS ? place : "· The pad is full: erase or undo to go on");
    hint.hidden = this.#n > 0 || Boolean(this.#stroke);
    undo.setAttribute("aria-disabled", !this.#past.length);
    redo.setAttribute("aria-disabled", !this.#future.length);
    clear.setAttribute("aria-disabled", !this.#n);
  }
}

/** How strongly a pen presses: 1 for an ordinary touch, and always for a mouse and a finger. */
const force = ({ pointerType, pressure }) => (pointerType === "pen" ? 0.3 + 1.4 * pressure : 1);
