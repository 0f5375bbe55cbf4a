// A dialog with one field, for a name on the hub.

import { showDialog } from "../../page/dialogs.js";

const MARKUP = `<p class="sub"></p>
  <form class="bar"><label>Name <input required maxlength="200" autocomplete="off" spellcheck="false"></label>
  <button class="go"></button></form><output aria-live="polite"></output>`;

/** Show it. help: a sentence. `act` is given the text of the field and `says`, which shows a sentence, and gives the
 * sentence why it failed, if it did. `left` is called when the dialog is closed. */
export function ask({ title, help, action, value = "", placeholder = "" }, act, left) {
  const dialog = showDialog({ title, markup: MARKUP, kind: "shortcuts hub", closed: left });
  dialog.querySelector(".sub").textContent = help;
  Object.assign(dialog.querySelector("input"), { value, placeholder });
  const [button, output] = [dialog.querySelector(".go"), dialog.querySelector("output")];
  button.textContent = action;
  const says = (sentence) => {
    output.textContent = sentence;
  };
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    output.classList.remove("bad");
    says("The hub is asked …");
    const error = await act(dialog.querySelector("input").value.trim(), dialog, says);
    button.disabled = false;
    if (error) says(error);
    output.classList.toggle("bad", Boolean(error));
  });
  dialog.querySelector("input").focus();
  return dialog;
}
