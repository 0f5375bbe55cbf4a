// The dialog to join a wall, and the mark in the header while the page is on one.

import { hear, PAGE } from "../../page/bus.js";
import { showDialog } from "../../page/dialogs.js";
import { recall, remember } from "../../page/storage.js";
import { join, leave } from "./membership.js";

const MARKUP = `
  <p class="sub">Who looks at the wall then sees your name, and the data and the picture in the tab that you have open,
    until you leave it or close this page.</p>
  <form class="bar">
    <label>Code <input name="code" required maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck="false"></label>
    <label>Name <input name="name" required maxlength="24" autocomplete="nickname"></label>
    <button class="go">Join</button>
  </form>
  <output aria-live="polite"></output>
  <p class="sub">For a room of your own: <a href="wall" target="_blank" rel="noopener">Open a wall</a></p>`;

/** Show it. code: what a link has filled in; nobody joins without a click. */
export function showJoining(code = "") {
  const dialog = showDialog({ title: "Join a wall", markup: MARKUP, kind: "shortcuts hub walls" });
  const find = (part) => dialog.querySelector(part);
  const [{ code: typed, name }, button, output] = [find("form").elements, find(".go"), find("output")];
  Object.assign(typed, { value: code });
  name.value = recall("name") ?? "";
  find("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const { error } = await join(typed.value, name.value);
    button.disabled = false;
    output.textContent = error ?? "";
    output.classList.toggle("bad", Boolean(error));
    if (error) return;
    remember("name", name.value);
    dialog.close();
  });
  (code ? name : typed).focus();
}

/** Show in the header whether the page is on a wall, and open the dialog for a link that names one. */
export function markMembership(mark) {
  hear(PAGE, "on the wall", (member) => {
    mark.hidden = !member;
    mark.title = member ? `You are on the wall as ${member.name}.` : "";
  });
  mark.addEventListener("click", leave);
  const wanted = new URLSearchParams(location.search).get("wall");
  if (wanted) showJoining(wanted.slice(0, 12));
}
