<<<<<<< HEAD
// Questions, past Gradio's queue (playground.ui.routes.questions): one request, one answer.
=======
// Questions, which bypass Gradio's queue (playground.ui.questions_route): one request, one answer.
>>>>>>> docs2

import { hear, PAGE, say } from "./bus.js";

const session = new Promise((found) => hear(PAGE, "opened", ({ visitor }) => found(visitor)));

/** Ask the server a question about a slot's run. Returns the answer, and also sends it to the listeners of the slot's
 * "answer". */
export async function ask({ slot }, question) {
  const body = JSON.stringify({ visitor: await session, slot, question });
  let answer;
  try {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(new URL("playground/ask", document.baseURI), { method: "POST", headers, body });
    answer = await reply.json();
  } catch {
    answer = { error: "The server can't be reached." };
  }
  say(slot, "answer", { ...answer, ask: question.ask, figure: question.figure }); // several may be pending
  return answer;
}
