// What the parts of the page share in the browser. Parts of a family speak to each other under its name.

const channels = new Map();

export function channel(family) {
  if (!channels.has(family)) channels.set(family, new EventTarget());
  return channels.get(family);
}

export function say(family, name, detail) {
  channel(family).dispatchEvent(new CustomEvent(name, { detail }));
}

// Say what is so from now on: who comes to listen later hears it, too. Parts load in any order.
export function keep(family, name, detail) {
  channel(family)[name] = detail;
  say(family, name, detail);
}

export function hear(family, name, callback) {
  channel(family).addEventListener(name, (event) => callback(event.detail));
  if (channel(family)[name] !== undefined) callback(channel(family)[name]);
}

// The Stages by family, and the one in the open tab.
export const stages = new Map();
export const PAGE = "page"; // the channel of what belongs to no family

export function openStage() {
  return [...stages.values()].find((stage) => stage.root.offsetParent !== null) ?? [...stages.values()][0];
}

// Colours are the page's CSS variables, read when they are needed, so that light and dark need no other code.
export function colours() {
  const style = getComputedStyle(document.body);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  const classes = Array.from({ length: 10 }, (_, i) => of(`class-${i}`));
  return {
    ...Object.fromEntries(classes.map((colour, i) => [`class-${i}`, colour])),
    data: of("data"), samples: of("samples"), noise: of("noise"), ink: of("ink"), soft: of("soft"),
    line: of("line"), card: of("card"), accent: of("accent"), bad: of("bad"),
    classes,
  };
}

export function isDark() {
  return document.body.classList.contains("dark");
}

// Call at most once in `wait` ms, the last time included.
export function throttle(callback, wait) {
  let due = 0, timer = null, latest;
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
