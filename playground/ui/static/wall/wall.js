// The wall's page: it asks once a second for what has changed. Its key stands in the address after "#", which browsers
// send nowhere.

import { PAGE, say } from "../page/bus.js";
import { recall, remember } from "../page/storage.js";
import { arrange } from "./grid.js";
import { Tile } from "./tile.js";

const EVERY = 1000; // ms between two questions
const OWN = ["localhost", "127.0.0.1", "[::1]"];

/** Show the wall whose key is in the address, or how to open one. */
export function play() {
  new Wall();
}

class Wall {
  constructor() {
    const find = (part) => document.querySelector(part);
    Object.assign(this, { main: find("main"), grid: find(".grid"), count: find(".count"), says: find(".says") });
    Object.assign(this, { join: find(".join"), empty: find(".empty"), end: find(".end"), code: find(".code") });
    this.off = find(".off"); // of the large tile
    this.tiles = new Map(); // by id, in the order of joining
    this.large = null; // the tile that fills the screen
    this.frames = 0;
    dress(find(".theme"));
    find(".open").addEventListener("click", () => this.open());
    this.end.addEventListener("click", () => this.finish());
    this.off.addEventListener("click", () => this.takeOff());
    document.addEventListener("keydown", (event) => this.pressed(event));
    window.addEventListener("resize", () => this.arrange());
    window.addEventListener("hashchange", () => this.begin());
    this.begin();
    this.run();
  }

  begin() {
    this.key = location.hash.slice(1);
    this.show(null);
  }

  async run() {
    for (;;) {
      const begun = performance.now();
      if (this.key && !document.hidden) await this.look();
      await new Promise((later) => setTimeout(later, Math.max(100, EVERY - (performance.now() - begun))));
    }
  }

  async open() {
    const { key, error } = await post("open", {});
    this.tell(error);
    if (key) location.hash = key;
  }

  async finish() {
    if (!confirm("End this wall? Nobody is shown on it any more, and its code no longer works.")) return;
    const { error } = await post("end", { key: this.key });
    this.tell(error);
    if (!error) location.hash = "";
  }

  // Whose picture is large is on the wall no more.
  async takeOff() {
    const [id, tile] = [...this.tiles].find(([, one]) => one === this.large);
    const warning = "Whoever knows the code can join again: end the wall to change it.";
    if (!confirm(`Take ${tile.name.textContent} off the wall? ${warning}`)) return;
    const { error } = await post("remove", { key: this.key, id });
    this.tell(error);
    if (!error) this.remove(id, tile);
  }

  async look() {
    const { key } = this;
    const known = Object.fromEntries([...this.tiles].map(([id, { version }]) => [id, version]));
    const { code, tiles, error, lost } = await post("look", { key, known });
    if (key !== this.key) return;
    this.tell(error);
    if (lost) return; // the tiles stay, until the server is there again
    if (error) this.key = "";
    this.show(code, tiles);
  }

  // What there is to see: of no wall, how to open one; of an empty one, how to join.
  show(code, told = []) {
    const ids = new Set(told.map(({ id }) => id));
    for (const [id, tile] of this.tiles) if (!ids.has(id)) this.remove(id, tile);
    for (const one of told) {
      if (!this.tiles.has(one.id)) this.add(one.id);
      this.tiles.get(one.id).take(one);
    }
    if (code && this.code.textContent !== code) this.invite(code);
    if (!code) this.code.textContent = "";
    this.join.hidden = this.end.hidden = !code;
    this.empty.hidden = Boolean(code || this.key);
    document.body.classList.toggle("alone", Boolean(code) && !told.length);
    document.body.classList.toggle("closed", !code);
    const n = told.length;
    const count = code ? (n ? `${n} ${n === 1 ? "has" : "have"} joined` : "Nobody has joined yet") : "";
    if (this.count.textContent !== count) this.count.textContent = count;
    this.arrange();
  }

  // The code, and its link for the phones in the room.
  invite(code) {
    const link = new URL(`./?wall=${code}`, document.baseURI);
    link.hash = "";
    this.code.textContent = code;
    const here = OWN.includes(link.hostname) ? " This address works on this machine only." : "";
    const where = link.host + link.pathname;
    this.join.querySelector(".how").textContent = `At ${where}: menu ⋯, Join a wall.${here}`;
    this.join.querySelector("img").src = `playground/qr?${new URLSearchParams({ link: link.href })}`;
  }

  add(id) {
    const tile = new Tile(() => {
      this.main.dataset.frames = ++this.frames;
    });
    tile.element.addEventListener("click", () => this.enlarge(tile === this.large ? null : tile));
    this.tiles.set(id, tile);
    this.grid.append(tile.element);
  }

  remove(id, tile) {
    if (tile === this.large) this.enlarge(null);
    tile.element.remove();
    this.tiles.delete(id);
  }

  enlarge(tile) {
    this.large?.enlarge(false);
    tile?.enlarge(true);
    (tile ?? this.large)?.element.focus({ preventScroll: true });
    this.large = tile;
    this.off.hidden = !tile;
  }

  pressed(event) {
    if (event.key === "Escape") this.enlarge(null);
    else if ((event.key === "Enter" || event.key === " ") && event.target.matches?.(".tile")) event.target.click();
    else return;
    event.preventDefault();
  }

  arrange() {
    const { clientWidth, clientHeight } = this.grid; // on a phone as high as its tiles, which says nothing
    const { columns, side } = arrange(this.tiles.size, clientWidth - 6, Math.min(clientHeight, innerHeight) - 6);
    this.grid.style.setProperty("--columns", columns);
    this.grid.style.setProperty("--side", `${side}px`);
  }

  tell(sentence = "") {
    if (this.says.textContent !== sentence) this.says.textContent = sentence;
  }
}

// The theme that the visitor chose for the page, or that of the system.
function dress(button) {
  const chosen = recall("theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", dark);
  button.addEventListener("click", () => {
    remember("theme", document.body.classList.toggle("dark") ? "dark" : "light");
    say(PAGE, "theme", {});
  });
}

async function post(what, sent) {
  const headers = { "content-type": "application/json" };
  const options = { method: "POST", headers, body: JSON.stringify(sent) };
  try {
    return await (await fetch(new URL(`playground/wall/${what}`, document.baseURI), options)).json();
  } catch {
    return { error: "The server can't be reached. The wall goes on when it is there again.", lost: true };
  }
}
