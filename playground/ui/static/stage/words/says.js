// A sentence over the picture; it stays long enough to be read.

const LEGIBLE = 4000; // ms

export class Says {
  constructor(element) {
    this.element = element;
    this.until = 0;
  }

  tell(sentence, kind = "note") {
    this.until = performance.now() + LEGIBLE;
    this.element.hidden = !sentence;
    this.element.textContent = sentence;
    this.element.dataset.kind = kind;
  }

  /** Take the sentence away, unless it is still being read. */
  fade() {
    if (performance.now() > this.until) this.tell("");
  }

  /** What was said is over: the next sentence, or none, may take its place at once. */
  release() {
    this.until = 0;
  }
}
