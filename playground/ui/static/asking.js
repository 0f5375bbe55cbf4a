// Questions, past Gradio's queue (playground.ui.asking): one request, one answer.

import { hear, say } from "./bus.js";

const session = new Promise((found) => hear("page", "opened", ({ visitor }) => found(visitor)));

// Ask the server something of the run in a slot, which is the family's tab; whoever listens to the family's "answer"
// hears what it says.
export async function ask(family, question) {
  const body = JSON.stringify({ visitor: await session, slot: family, question });
  let answer;
  try {
    const reply = await fetch(new URL("playground/ask", document.baseURI), { method: "POST", headers: { "content-type": "application/json" }, body });
    answer = await reply.json();
  } catch {
    answer = { error: "The server can't be reached." };
  }
  say(family, "answer", { ...answer, ask: question.ask, figure: question.figure }); // several may be under way
}

// A function that asks a little later, when what it asked before has been answered: always the last question.
export function oneAtATime(asks, wait) {
  let busy = false, latest = null;
  return async function next(question) {
    if (busy) return void (latest = question);
    busy = true;
    await Promise.all([asks(question), new Promise((done) => setTimeout(done, wait))]);
    busy = false;
    if (latest === null) return;
    [question, latest] = [latest, null];
    next(question);
  };
}
