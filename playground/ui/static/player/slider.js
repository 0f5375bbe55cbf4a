// A slider with a button that plays it.

export class Slider {
  /** end: its last value. ms: from one number to the next. moves: called with each value, gives the words for it. */
  constructor(row, end, ms, moves) {
    const [button, input, words] = ["button", "input", "span"].map((part) => row.querySelector(part));
    Object.assign(this, { button, input, words, end, ms, moves, playing: null });
    input.max = end;
    input.addEventListener("input", () => {
      this.stop();
      this.moved();
    });
    button.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
  }

  enable(enabled) {
    this.button.disabled = this.input.disabled = !enabled;
  }

  set(value) {
    this.input.value = value;
    this.moved();
  }

  moved() {
    this.words.textContent = this.moves(+this.input.value);
  }

  // From here or, at the end, from the start.
  play() {
    const { ms, end, button } = this;
    const from = +this.input.value >= end ? 0 : +this.input.value;
    const began = performance.now();
    const frame = (now) => {
      const value = Math.min(end, from + Math.max(0, now - began) / ms);
      this.set(this.input.step === "1" ? Math.floor(value) : value);
      if (value < end) this.playing = requestAnimationFrame(frame);
      else this.stop();
    };
    button.textContent = "❚❚";
    this.playing = requestAnimationFrame(frame);
  }

  stop() {
    cancelAnimationFrame(this.playing);
    this.button.textContent = "▶";
    this.playing = null;
  }
}
