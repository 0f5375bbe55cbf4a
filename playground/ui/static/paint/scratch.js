// Auxiliary HTML canvases, created in the document of the main one. A worker's canvas has no document.

export function newCanvas(canvas, width, height) {
  if (!canvas.ownerDocument) return new OffscreenCanvas(width, height);
  return Object.assign(canvas.ownerDocument.createElement("canvas"), { width, height });
}

const scratches = new WeakMap();

/** The context of a small canvas, cached per main canvas, on which an image is made before it is enlarged. */
export function scratch({ canvas }, width, height) {
  if (!scratches.has(canvas)) scratches.set(canvas, newCanvas(canvas, width, height));
  const small = Object.assign(scratches.get(canvas), { width, height });
  return small.getContext("2d", { willReadFrequently: true });
}

/** A colour of the palette, "#rrggbb", as three bytes. */
export function rgb(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
