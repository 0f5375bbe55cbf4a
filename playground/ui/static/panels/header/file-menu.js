// The menu beside Share: save what is seen, or its model, as a file, and open such a file.

import { open, save, saveModel } from "../../links/files.js";

export function fileMenu(header) {
  const menu = header.querySelector("#file");
  const chosen = menu.querySelector("input");
  const close = () => menu.removeAttribute("open");
  menu.querySelector("#save").addEventListener("click", () => {
    save();
    close();
  });
  menu.querySelector("#save-model").addEventListener("click", () => {
    saveModel();
    close();
  });
  menu.querySelector("#open").addEventListener("click", () => chosen.click());
  chosen.addEventListener("change", () => {
    if (chosen.files.length) open(chosen.files[0]);
    chosen.value = ""; // so that the same file can be opened again
    close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    menu.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => menu.contains(event.target) || close());
}
