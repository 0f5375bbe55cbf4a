// What is under the pointer, beside the pointer; and before one points, what pointing can do here.

import { hear } from "../../page/bus.js";

const APART = 16; // px between the pointer and the words
const ABOVE = 56; // px above a finger, which would cover them

export class UnderPointer {
  constructor(plot, slot, timed) {
    Object.assign(this, { plot, timed });
    this.words = plot.querySelector(".pointer");
    this.hint = plot.querySelector(".hint");
    this.clock = plot.parentElement.querySelector(".clock"); // without time it has room for the hint
    hear(slot, "hint", (hint) => this.offer(hint));
    hear(slot, "pointer", (under) => this.tell(under));
  }

  offer(hint) {
    this.hint.textContent = hint;
    this.hint.hidden = !hint || !this.timed;
    this.clock.dataset.hint = hint;
  }

  tell(under) {
    const words = describe(under, this.timed);
    this.plot.classList.toggle("pointed", Boolean(under.place));
    this.words.hidden = !words;
    if (!words) return;
    this.words.textContent = words;
    this.place(under.at);
  }

  // To the right of the pointer and below it, or on the other side where there is no room.
  place({ x, y, touch }) {
    const { words, plot } = this;
    const { offsetWidth: width, offsetHeight: height } = words;
    const right = x + APART;
    const below = touch ? y - ABOVE - height : y + APART;
    const left = right + width > plot.clientWidth ? Math.max(0, x - APART - width) : right;
    const top = below + height > plot.clientHeight ? y - APART - height : below;
    words.style.translate = `${left}px ${Math.max(0, top)}px`;
  }
}

const pair = ([x, y]) => `(${short(x)}, ${short(y)})`;
const short = (v) => v.toFixed(2).replace("-", "−");

function describe({ place, own, answer }, timed) {
  if (!place || !own) return null;
  if (!answer) return timed ? `x = ${pair(own)} at t = ${place.t.toFixed(2)}` : null;
  if (answer.says) return answer.says;
  const { path, velocity } = answer;
  if (!path) return null;
  const speed = velocity ? ` · speed ${Math.hypot(...velocity).toFixed(2)}` : "";
  const where = `x = ${pair(answer.x)} at t = ${answer.t.toFixed(2)}${speed}.`;
  return `${where} Comes from ${pair(path[0])}, goes to ${pair(path.at(-1))}.`;
}
