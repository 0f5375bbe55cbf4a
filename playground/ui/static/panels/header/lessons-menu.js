// The menu of the lessons that come with the project.

import { opens } from "../../links/files.js";
import { ask } from "../../links/opening.js";
import { folds } from "./folding.js";

/** lessons: {name: {title, about}}. */
export function lessonsMenu(header, lessons) {
  const menu = header.querySelector("#lessons");
  const close = folds(menu);
  const buttons = Object.entries(lessons).map(([name, { title, about }]) => {
    const button = document.createElement("button");
    button.dataset.lesson = name;
    const [head, words] = [document.createElement("b"), document.createElement("span")];
    head.textContent = title;
    words.textContent = about;
    button.append(head, words);
    button.addEventListener("click", async () => {
      close();
      opens(await ask(`playground/state?${new URLSearchParams({ lesson: name })}`));
    });
    return button;
  });
  menu.querySelector(".menu").append(...buttons);
}
