// A sentence over the picture, with a button if something can be done about it. It stays long enough to be read.

const LEGIBLE = 4000; // ms
const TO_CHOOSE = 20_000; // ms that a sentence with a button stays

export class Says {
  constructor(element) {
    this.element = element;
    this.until = 0;
    this.lasts = false; // whether it outlives the run that it was said of
  }

  /** offer: what can be done, {title, act}. time: ms that the sentence stays at least. */
  tell(sentence, kind = "note", offer = null, time = offer ? TO_CHOOSE : LEGIBLE) {
    this.until = performance.now() + time;
    this.lasts = false;
    this.element.hidden = !sentence;
    this.element.dataset.kind = kind;
    this.element.replaceChildren(sentence);
    if (offer) this.element.append(this.button(offer));
  }

  /** A sentence about the run that takes the place of the present one. */
  announce(sentence) {
    this.tell(sentence);
    this.lasts = true;
  }

  button({ title, act }) {
    const button = document.createElement("button");
    button.textContent = title;
    button.addEventListener("click", () => {
      this.tell("");
      act();
    });
    return button;
  }

  /** Take the sentence away, unless it is still being read. */
  fade() {
    if (performance.now() > this.until && !this.element.hidden) this.tell("");
  }

  /** Another run begins: the next sentence, or none, may take the place of what was said of the one before. */
  release() {
    if (!this.lasts) this.until = 0;
    this.lasts = false;
  }
}
