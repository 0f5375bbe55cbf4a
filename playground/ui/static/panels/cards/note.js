// A note: a word or two, and a sentence with the reason.

export class Note {
  constructor(name, about) {
    Object.assign(this, { name, about });
    this.element = document.createElement("section");
    this.element.className = "card quantity note";
    this.element.dataset.note = name;
    this.element.innerHTML = `<header><h2></h2><details class="why"><summary aria-label="What this is">?</summary><p></p></details></header>
      <p class="number"><b class="big">–</b></p><p class="sub"></p>`;
    this.element.querySelector("h2").textContent = about.title;
  }

  take({ recording, step }) {
    this.element.hidden = !this.about.kinds.includes(recording.kind);
    this.element.querySelector(".why p").textContent = this.about.help[recording.kind] ?? "";
    this.said = recording.notes(step)[this.name];
  }

  show() {
    this.element.querySelector(".big").textContent = this.said?.value ?? "–";
    this.element.querySelector(".sub").textContent = this.said?.says ?? "";
  }
}
