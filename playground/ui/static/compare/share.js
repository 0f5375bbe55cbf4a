// The link of a race.

const TOLD = 2500; // ms that the button says what it did

export class Share {
  constructor(root, track) {
    this.button = root.querySelector("[id$=-copy]");
    this.button.addEventListener("click", () => this.copy(track));
  }

  async copy({ described }) {
    if (!described) return;
    const { origin, pathname } = location;
    const link = `${origin}${pathname}?${described.query}`;
    let told = described.whole ? "Link copied" : "Copied, without the points";
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      told = "Press Share above"; // the browser refuses; there is a field
    }
    this.button.textContent = told;
    setTimeout(() => {
      this.button.textContent = "Copy link";
    }, TOLD);
  }
}
