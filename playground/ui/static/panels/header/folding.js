// A menu that unfolds under its button: it closes by Escape, and by a press beside it.

export function folds(menu) {
  const close = () => menu.removeAttribute("open");
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => menu.contains(event.target) || close());
  return close;
}
