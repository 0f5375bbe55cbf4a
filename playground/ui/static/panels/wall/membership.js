// Who has joined a wall: the page says now and then that it is there, and which tab it shows; when it goes, it leaves.

import { ask } from "../../links/opening.js";
import { hear, heard, keep, kept, openStage, PAGE } from "../../page/bus.js";

const EVERY = 15_000; // ms; playground.ui.wall.walls waits ten times as long

let ticket = ""; // of the server, while the page is on a wall
let timer = null;

/** Join the wall of a code. Gives the server's answer, {name} or {error}. */
export async function join(code, name) {
  const answer = await post("join", { ...(await place()), code, name });
  if (answer.ticket) {
    ticket = answer.ticket;
    clearInterval(timer);
    timer = setInterval(tell, EVERY);
    keep(PAGE, "on the wall", { name: answer.name });
  }
  return answer;
}

/** Leave the wall. */
export async function leave() {
  const sent = { ticket };
  gone();
  const { error } = await post("leave", sent);
  return error;
}

function gone() {
  ticket = "";
  clearInterval(timer);
  keep(PAGE, "on the wall", null);
}

async function tell() {
  const spoken = ticket;
  if (!spoken) return;
  const { error } = await post("here", { ...(await place()), ticket: spoken });
  // A server that can't be reached may still know the page when it is back.
  if (error && !UNREACHED.test(error) && spoken === ticket) gone();
}

const UNREACHED = /reached/;

// What others see: the tab that is open.
async function place() {
  const { visitor } = await heard(PAGE, "opened");
  const slot = kept(PAGE, "opens") ?? openStage()?.slot;
  return { visitor, slot, opening: String(openStage()?.recording?.run).startsWith("opening-") };
}

for (const news of ["opens", "opened"]) hear(PAGE, news, () => setTimeout(tell));

window.addEventListener("pagehide", () => {
  if (!ticket) return;
  navigator.sendBeacon(new URL("playground/wall/leave", document.baseURI), JSON.stringify({ ticket }));
  gone();
});

const post = (what, sent) =>
  ask(`playground/wall/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sent),
  });
