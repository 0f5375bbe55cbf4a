// Copying a link: to the clipboard or, where the browser refuses it, from a field.

/** Copies a text. If it can't, the field shows it, selected, until it is left. Returns whether it could. */
export async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.value = text; // no permission, or no secure context
    field.hidden = false;
    field.focus();
    field.select();
    return false;
  }
}

/** Hides the field when it is left, or by Escape. */
export function leavable(field) {
  field.addEventListener("blur", () => {
    field.hidden = true;
  });
  field.addEventListener("keydown", (event) => event.key === "Escape" && field.blur());
}
