// The transport bar of a race: start, pause, reset, and one scrubber for all lanes, over the share of the race.

const END = 1000; // the scrubber's value that means now
const STEP = 10;

export class Course {
  constructor(track) {
    this.track = track;
    const find = (part) => track.root.querySelector(`#${track.slot}-${part}`);
    const parts = ["train", "pause", "reset", "scrubber"];
    this.parts = Object.fromEntries(parts.map((part) => [part, find(part)]));
    this.count = track.root.querySelector(".count");
    this.parts.train.addEventListener("click", () => track.start());
    this.parts.pause.addEventListener("click", () => track.pause());
    this.parts.reset.addEventListener("click", () => track.lineUp(true));
    this.parts.scrubber.addEventListener("input", () => this.scrub(+this.parts.scrubber.value));
  }

  get busy() {
    return ["measuring", "training"].includes(this.track.state);
  }

  scrub(value) {
    this.track.rewind(value >= END ? null : (value / END) * this.progress);
  }

  // How far the last of the lanes has come.
  get progress() {
    return Math.max(0, ...this.track.lanes.map(({ progress }) => progress));
  }

  key(key) {
    const { track } = this;
    if (key === " ") this.busy ? track.pause() : track.start();
    else if (key === "ArrowRight") this.scrubBy(STEP);
    else if (key === "ArrowLeft") this.scrubBy(-STEP);
    else if (key === "r" || key === "R") track.lineUp(true);
    else if (key === "n" || key === "N") track.drawAnew();
    else return false;
    return true;
  }

  scrubBy(by) {
    const { scrubber } = this.parts;
    scrubber.value = +scrubber.value + by;
    this.scrub(+scrubber.value);
  }

  buttons() {
    const { train, pause } = this.parts;
    const { busy } = this;
    const held = document.activeElement === (busy ? train : pause);
    train.hidden = busy;
    pause.hidden = !busy;
    train.textContent = { paused: "Resume", done: "Race again" }[this.track.state] ?? "Start";
    if (held) (busy ? pause : train).focus({ preventScroll: true });
  }

  shows() {
    const { track, progress } = this;
    const { scrubber } = this.parts;
    scrubber.disabled = progress === 0;
    if (track.share === null) scrubber.value = END;
    const at = Math.round(100 * (track.share ?? progress));
    const words = `${at}% of the race`;
    if (this.count.textContent !== words) this.count.textContent = words;
    scrubber.setAttribute("aria-valuetext", words);
  }
}
