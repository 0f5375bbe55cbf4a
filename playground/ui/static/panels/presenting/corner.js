// The corner of a presentation: the way out, and the QR code of what is shown, for the phones in the room.

const MARKUP = `
  <figure hidden><img alt="The QR code of this page's link"><figcaption></figcaption></figure>
  <span class="buttons"><button class="code" aria-pressed="false" title="A QR code of this page (Q)">QR code</button>
  <button class="leave" title="Leave (F)">Leave</button></span>`;
const OWN = ["localhost", "127.0.0.1", "[::1]"];
const ONLY_HERE = "This address works on this machine only.";

export class Corner {
  constructor(address) {
    this.address = address;
    this.element = document.createElement("aside");
    Object.assign(this.element, { className: "corner", hidden: true, innerHTML: MARKUP });
    this.element.setAttribute("aria-label", "Presentation");
    const find = (part) => this.element.querySelector(part);
    Object.assign(this, { figure: find("figure"), image: find("img"), words: find("figcaption") });
    Object.assign(this, { code: find(".code"), leave: find(".leave") });
    this.image.addEventListener("error", () => this.tell("This link is too long for a QR code.", false));
  }

  show(shown) {
    this.element.hidden = !shown;
    if (!shown) this.toggle(false);
  }

  toggle(on = this.figure.hidden) {
    this.figure.hidden = !on;
    this.code.setAttribute("aria-pressed", on);
    if (!on) return;
    const link = this.address();
    this.tell(OWN.includes(new URL(link).hostname) ? ONLY_HERE : "", true);
    this.image.src = `playground/qr?${new URLSearchParams({ link })}`;
  }

  tell(words, image) {
    this.words.textContent = words;
    this.image.hidden = !image;
  }
}
