// Limits on how often a function is called.

/** Calls at most once per `wait` ms. The last call is always made. */
export function throttle(callback, wait) {
  let due = 0;
  let timer = null;
  let latest;
  return (...given) => {
    latest = given;
    const now = performance.now();
    if (now >= due) {
      due = now + wait;
      callback(...latest);
    } else if (!timer) {
      timer = setTimeout(() => {
        timer = null;
        due = performance.now() + wait;
        callback(...latest);
      }, due - now);
    }
  };
}

/** Calls once it has not been called for `wait` ms. */
export function afterwards(callback, wait) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(callback, wait);
  };
}

/** Asks after `wait` ms, and only when the previous question has been answered. Only the newest question is kept. */
export function oneAtATime(asks, wait) {
  let busy = false;
  let latest = null;
  return async function next(question) {
    if (busy) {
      latest = question;
      return;
    }
    busy = true;
    await Promise.all([asks(question), new Promise((done) => setTimeout(done, wait))]);
    busy = false;
    if (latest === null) return;
    const waiting = latest;
    latest = null;
    next(waiting);
  };
}
