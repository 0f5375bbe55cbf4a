// Presenter mode: the Stage, a lesson's text and the transport bar fill the screen, large enough for the last row. A
// clicker's Page keys walk the lesson (lessons/strip.js).

import { openStage } from "../../page/bus.js";
import { Corner } from "./corner.js";

const SETTLED = 600; // ms after which the picture is large: time may swing, and no key or pointer ends that at once
const WRITES = "input:not([type=range]), textarea, select, dialog, [contenteditable], .pad";

export class Presenting {
  /** address(): what the QR code leads to. */
  constructor(button, address) {
    this.button = button;
    this.corner = new Corner(address);
    this.blank = Object.assign(document.createElement("div"), { className: "blank", hidden: true });
    document.querySelector(".gradio-container").append(this.corner.element, this.blank);
    button.addEventListener("click", () => this.toggle());
    this.corner.leave.addEventListener("click", () => this.toggle(false));
    this.corner.code.addEventListener("click", () => this.corner.toggle());
    this.blank.addEventListener("pointerdown", () => this.blacken(false));
    document.addEventListener("keydown", (event) => this.key(event), true); // before the Stage and the lesson
    document.addEventListener("fullscreenchange", () => this.on && !document.fullscreenElement && this.toggle(false));
  }

  get on() {
    return document.body.classList.contains("presenting");
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(WRITES)) return;
    const key = event.key.toLowerCase();
    if (!this.blank.hidden) {
      this.blacken(false);
      event.stopImmediatePropagation(); // it does nothing else
    } else if (key === "f") this.toggle();
    else if (!this.on) return;
    else if (key === "b" || key === ".")
      this.blacken(true); // clickers send either
    else if (key === "q") this.corner.toggle();
    else if (key === "escape") this.toggle(false);
    else return;
    event.preventDefault();
  }

  toggle(on = !this.on) {
    if (on === this.on) return;
    document.body.classList.toggle("presenting", on);
    this.button.setAttribute("aria-pressed", on);
    this.corner.show(on);
    if (on)
      document.documentElement.requestFullscreen?.().catch(() => {}); // the browser may refuse; the page is large all the same
    else if (document.fullscreenElement) document.exitFullscreen();
    const swing = openStage()?.clock.swing;
    if (on) setTimeout(() => this.on && swing?.begin(), SETTLED);
    else swing?.end();
    scrollTo(0, 0);
  }

  blacken(on) {
    this.blank.hidden = !on;
  }
}
