// A dialog with one field, for a name on the hub.

/** Show it. help: a sentence. `act` is given the text of the field and `says`, which shows a sentence, and gives the
 * sentence why it failed, if it did. `left` is called when the dialog is closed. */
export function ask({ title, help, action, value = "", placeholder = "" }, act, left) {
  const dialog = document.createElement("dialog");
  dialog.className = "card shortcuts hub";
  dialog.setAttribute("aria-label", title);
  dialog.innerHTML = `<header><h2></h2><button class="icon" aria-label="Close">✕</button></header><p class="sub"></p>
    <form class="bar"><label>Name <input required maxlength="200" autocomplete="off" spellcheck="false"></label>
    <button class="go"></button></form><output aria-live="polite"></output>`;
  dialog.querySelector("h2").textContent = title;
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
  dialog.querySelector(".icon").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => {
    dialog.remove();
    left?.();
  });
  document.querySelector(".gradio-container").append(dialog);
  dialog.showModal();
  return dialog;
}
