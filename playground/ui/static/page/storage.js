// What the browser keeps between visits. It may refuse: in a frame of another origin, storage itself throws.

/** What was remembered under a name, or null. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Remember a text, where the browser allows it. */
export function remember(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // it is chosen anew at the next visit
  }
}
