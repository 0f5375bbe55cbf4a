// The messages between parts of the page, in the browser. Parts communicate under the name of their slot: a tab, a lane
// of a comparison, or the page itself.

export const PAGE = "page"; // the slot of what all tabs share

const channels = new Map();

function channel(slot) {
  if (!channels.has(slot)) channels.set(slot, { target: new EventTarget(), kept: {} });
  return channels.get(slot);
}

export function say(slot, name, detail) {
  channel(slot).target.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Say something that remains valid: later listeners also hear it, since parts load in any order. */
export function keep(slot, name, detail) {
  channel(slot).kept[name] = detail;
  say(slot, name, detail);
}

/** The last value kept under a name. */
export function kept(slot, name) {
  return channel(slot).kept[name];
}

export function hear(slot, name, callback) {
  channel(slot).target.addEventListener(name, (event) => callback(event.detail));
  if (kept(slot, name) !== undefined) callback(kept(slot, name));
}

/** What is or will be kept under a name. */
export async function heard(slot, name) {
  if (kept(slot, name) !== undefined) return kept(slot, name);
  return new Promise((resolve) => {
    channel(slot).target.addEventListener(name, (event) => resolve(event.detail), { once: true });
  });
}

/** Resolves with the next message of a name that meets a condition. */
export function next(slot, name, meets) {
  const { target } = channel(slot);
  return new Promise((resolve) => {
    const listen = ({ detail }) => {
      if (!meets(detail)) return;
      target.removeEventListener(name, listen);
      resolve(detail);
    };
    target.addEventListener(name, listen);
  });
}

/** The Stages by slot, and the one in the open tab. */
export const stages = new Map();

export function openStage() {
  const all = [...stages.values()];
  return all.find((stage) => stage.root.offsetParent !== null) ?? all[0];
}
