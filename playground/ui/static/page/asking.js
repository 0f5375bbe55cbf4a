// Questions, past Gradio's queue (playground.ui.routes.questions): one request, one answer.

import { heard, PAGE, say } from "./bus.js";

/** Ask the server something about a slot's run, about the step that is looked at if it is an earlier one
 * (stage/past.js). Gives the answer, and whoever listens to the slot's "answer" hears it, too, with the question's step. */
export async function ask({ slot, past }, question) {
  const moment = past?.moment ?? {};
  const about = { ...question, ...moment };
  const { visitor } = await heard(PAGE, "opened");
  const body = JSON.stringify({ visitor, slot, question: about });
  let answer;
  try {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(new URL("playground/ask", document.baseURI), { method: "POST", headers, body });
    answer = await reply.json();
  } catch {
    answer = { error: "The server can't be reached." };
  }
  say(slot, "answer", { ...answer, ask: question.ask, figure: question.figure, at: moment.step }); // several may be under way
  return answer;
}
