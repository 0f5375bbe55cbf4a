// Recipes: recommended experiments, each started by one click.

import { PAGE, say } from "../page/bus.js";

export function mount({ element, trigger, options }) {
  const buttons = Object.entries(options.recipes).map(([name, { title, help }]) => {
    const button = document.createElement("button");
    button.dataset.recipe = name;
    button.title = help;
    button.textContent = title;
    button.addEventListener("click", () => {
      say(PAGE, "departs", {}); // Back comes back to what is there now
      trigger("picked", { recipe: name });
    });
    return button;
  });
  element.querySelector(".recipes").append(...buttons);
}
