// Frames as Python encodes them (playground/views/encode.py), back into typed arrays.

export const HALF = 4; // the square is [-4, 4]²

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

const DECODERS = {
  points: (layer) => ({ ...layer, xy: places(layer.xy), labels: layer.labels && bytes(layer.labels) }),
  paths: (layer) => ({ ...layer, xy: places(layer.xy) }),
  arrows: (layer) => ({ ...layer, uv: new Int8Array(bytes(layer.uv).buffer) }),
  heat: (layer) => ({ ...layer, values: bytes(layer.values) }),
  rays: (layer) => ({ ...layer, xy: places(layer.xy), to: places(layer.to) }),
  ellipses: (layer) => ({
    ...layer, xy: places(layer.xy), first: places(layer.first), second: places(layer.second),
    labels: layer.labels && bytes(layer.labels),
  }),
  mesh: (layer) => ({ ...layer, xy: places(layer.xy), opacity: bytes(layer.opacity) }),
  marks: (layer) => ({ ...layer, xy: places(layer.xy) }),
  tiles: (layer) => ({ ...layer, xy: places(layer.xy), values: bytes(layer.values) }),
};

// Places arrive as little-endian 16-bit integers over the square; every machine with a browser is little-endian.
function places(text) {
  const steps = new Uint16Array(bytes(text).buffer);
  const xy = new Float32Array(steps.length);
  for (let i = 0; i < steps.length; i++) xy[i] = (steps[i] / 65535) * 2 * HALF - HALF;
  return xy;
}

export function decode(text) {
  const frame = JSON.parse(text);
  return { ...frame, layers: decodeLayers(frame.layers ?? {}) };
}

// A layer is one piece, or a list of several.
export function decodeLayers(layers) {
  const piece = (part) => DECODERS[part.kind](part);
  const decoded = ([name, layer]) => [name, Array.isArray(layer) ? layer.map(piece) : piece(layer)];
  return Object.fromEntries(Object.entries(layers).map(decoded));
}

// Between which two of a layer's times t lies, and how far: [before, after, share]. A layer of one time is always there.
export function bracket(times, t) {
  if (times.length < 2) return [0, 0, 0];
  let after = times.findIndex((time) => time >= t);
  if (after < 0) after = times.length - 1;
  if (after === 0) return [0, 0, 0];
  return [after - 1, after, (t - times[after - 1]) / (times[after] - times[after - 1])];
}

// The places of all points of a layer at time t, straight between two times: a Float32Array of n pairs.
export function at(layer, t, into) {
  const [before, after, share] = bracket(layer.times, t);
  const size = 2 * layer.n;
  const a = layer.xy.subarray(before * size, before * size + size);
  if (!share) return a;
  const b = layer.xy.subarray(after * size, after * size + size);
  const out = into && into.length === size ? into : new Float32Array(size);
  for (let i = 0; i < size; i++) out[i] = a[i] + share * (b[i] - a[i]);
  return out;
}
