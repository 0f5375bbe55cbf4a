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

/** Leave a text in this browser tab, for the next page in it. */
export function leave(name, text) {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    // the next page begins anew
  }
}

/** Take away what was left in this browser tab, or null. */
export function take(name) {
  try {
    const text = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return text;
  } catch {
    return null;
  }
}
