// Dialogs: Escape, the cross, and a press beside one close it.

/** Show one. markup: what stands under its title. kind: its classes. closed() is called when it has gone. */
export function showDialog({ title, markup, kind, closed = () => {} }) {
  const dialog = document.createElement("dialog");
  dialog.className = `card ${kind}`;
  dialog.setAttribute("aria-label", title);
  dialog.innerHTML = `<header><h2></h2><button class="icon" aria-label="Close">✕</button></header>${markup}`;
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".icon").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.querySelector(".gradio-container").append(dialog);
  dialog.showModal();
  return dialog;
}
