// Decodes Python's frames (playground/scene/encode.py) into typed arrays, and encodes them again.

import { HALF } from "./geometry.js";

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const labels = (piece) => piece.labels && bytes(piece.labels);

const DECODERS = {
  points: (piece) => ({ xy: places(piece.xy), labels: labels(piece) }),
  paths: (piece) => ({ xy: places(piece.xy) }),
  arrows: (piece) => ({ uv: new Int8Array(bytes(piece.uv).buffer) }),
  heat: (piece) => ({ values: bytes(piece.values) }),
  rays: (piece) => ({
    xy: places(piece.xy),
    to: places(piece.to),
    opacity: piece.opacity && bytes(piece.opacity),
  }),
  ellipses: (piece) => ({
    xy: places(piece.xy),
    first: places(piece.first),
    second: places(piece.second),
    labels: labels(piece),
  }),
  mesh: (piece) => ({ xy: places(piece.xy), opacity: bytes(piece.opacity) }),
  marks: (piece) => ({ xy: places(piece.xy) }),
  tiles: (piece) => ({ xy: places(piece.xy), values: bytes(piece.values) }),
};

// Positions are little-endian 16-bit integers over the canvas. All machines with a browser are little-endian.
function places(text) {
  const steps = new Uint16Array(bytes(text).buffer);
  return Float32Array.from(steps, (step) => (step / 65535) * 2 * HALF - HALF);
}

/** Decodes a frame. */
export function decode(text) {
  const frame = JSON.parse(text);
  if (frame.constants) frame.constants.layers = decodeLayers(frame.constants.layers);
  return { ...frame, layers: decodeLayers(frame.layers ?? {}) };
}

/** Layers by name, each a piece or a list of pieces, with typed arrays instead of strings. */
export function decodeLayers(layers) {
  const piece = (encoded) => ({ ...encoded, ...DECODERS[encoded.type](encoded) });
  const decoded = ([name, layer]) => [name, Array.isArray(layer) ? layer.map(piece) : piece(layer)];
  return Object.fromEntries(Object.entries(layers).map(decoded));
}

/** The inverse of `decodeLayers`, exactly: typed arrays as strings. */
export function encodeLayers(layers) {
  const part = ([name, value]) => [name, ArrayBuffer.isView(value) ? text(value) : value];
  const piece = (decoded) => Object.fromEntries(Object.entries(decoded).map(part));
  const encoded = ([name, layer]) => [name, Array.isArray(layer) ? layer.map(piece) : piece(layer)];
  return Object.fromEntries(Object.entries(layers).map(encoded));
}

// Base64 of an array: positions are the only numbers with a fraction.
function text(array) {
  const steps = (value) => Math.round(((value + HALF) / (2 * HALF)) * 65535);
  const { buffer, byteOffset, byteLength } = array instanceof Float32Array ? Uint16Array.from(array, steps) : array;
  let letters = "";
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) letters += String.fromCharCode(byte);
  return btoa(letters);
}
