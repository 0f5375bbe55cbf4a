// One tab stop for a group of buttons: arrow keys go from one to the next, as in a toolbar or a list of tabs.

const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** `buttons` selects them within the group. Up and down go by a row where they stand in several. */
export function rove(group, buttons = "button") {
  const shown = () => [...group.querySelectorAll(buttons)].filter((button) => button.checkVisibility());
  const entry = (all) =>
    all.find((button) => button.matches("[aria-selected=true], [aria-pressed=true], [aria-checked=true]")) ?? all[0];
  const settle = (here) => {
    const all = shown();
    const one = here ?? entry(all);
    for (const button of all) button.tabIndex = button === one ? 0 : -1;
  };
  group.addEventListener("focusin", ({ target }) => target.matches(buttons) && settle(target));
  group.addEventListener("focusout", () => settle());
  group.addEventListener("keydown", (event) => {
    const all = shown();
    const here = all.indexOf(event.target);
    const move = MOVES[event.key];
    if (here < 0 || !move || event.altKey || event.ctrlKey || event.metaKey) return;
    const by = event.key.endsWith("Up") || event.key.endsWith("Down") ? columns(all) : 1;
    const next = all[here + move * by] ?? (by === 1 ? all.at(move < 0 ? -1 : 0) : null);
    event.preventDefault();
    event.stopPropagation(); // arrows would step the training
    next?.focus();
  });
  new MutationObserver(() => settle()).observe(group, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-selected", "aria-pressed", "aria-checked", "hidden", "class"],
  });
  settle();
}

// How many stand in the first row.
function columns(buttons) {
  const top = buttons[0].offsetTop;
  return Math.max(1, buttons.filter((button) => button.offsetTop === top).length);
}
