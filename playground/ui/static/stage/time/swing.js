// After a training that somebody watched, time swings slowly between noise and data, where a picture is laid out along
// it, until the Stage is touched.

const REST = 2500; // ms that the last picture stays
const PERIOD = 14_000; // ms from noise to data and back
const TOUCHES = ["pointerdown", "pointermove", "wheel"];

/** The share of the way to data at a phase from 0 (noise) over ½ (data) to 1 (noise), slow at both ends. */
export const swung = (phase) => (1 - Math.cos(2 * Math.PI * phase)) / 2;

/** The phase, on the way to data, at which a share is reached. */
export const phaseOf = (share) => Math.acos(1 - 2 * share) / (2 * Math.PI);

export class Swing {
  #due = null; // the timer until it begins
  #frame = null; // while it swings

  /** moved(t): time has moved. ended(): it will not move on. */
  constructor(stage, { moved, ended }) {
    Object.assign(this, { stage, moved, ended });
    for (const touch of TOUCHES) stage.root.addEventListener(touch, () => this.end(), { capture: true, passive: true });
    for (const event of ["keydown", "visibilitychange"]) document.addEventListener(event, () => this.end());
  }

  /** The run is in another state than before. */
  follows(before, state) {
    if (state !== "done") return this.end();
    if (before === "training" && this.wanted) this.#due = setTimeout(() => this.begin(), REST);
  }

  get wanted() {
    const { live, layout, screen, clock } = this.stage;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return live && layout.moving && screen.visible && !document.hidden && !calm && !clock.answers && !clock.fixed;
  }

  begin() {
    this.end();
    const first = phaseOf(this.stage.clock.time);
    const began = performance.now();
    const frame = (now) => {
      if (!this.wanted) return this.end();
      this.moved(swung(first + Math.max(0, now - began) / PERIOD));
      this.#frame = requestAnimationFrame(frame);
    };
    this.#frame = requestAnimationFrame(frame);
  }

  end() {
    clearTimeout(this.#due);
    this.#due = null;
    if (this.#frame === null) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.ended();
  }
}
