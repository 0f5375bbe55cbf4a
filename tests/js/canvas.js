// A canvas that paints nothing and keeps what it was told: a list of {call, args, and the style at that moment}.

export function fakeCanvas(width = 0, height = 0) {
  const log = [];
  const canvas = { width, height, log, ownerDocument: { createElement: () => fakeCanvas() } };
  const own = {
    canvas,
    createImageData: (w, h) => ({ width: w, height: h, data: new Uint8ClampedArray(4 * w * h) }),
    measureText: (text) => ({ width: 7 * text.length }),
    putImageData: ({ data, ...size }) => log.push({ call: "putImageData", args: [{ ...size, data: [...data] }] }),
  };
  const style = {};
  const context = new Proxy(own, {
    get: (_, name) => own[name] ?? style[name] ?? ((...args) => log.push({ call: name, args, ...style })),
    set: (_, name, value) => {
      style[name] = value;
      return true;
    },
  });
  canvas.getContext = () => context;
  return canvas;
}

/** What was called by a name, in order. */
export const calls = ({ log }, name) => log.filter(({ call }) => call === name);

/** Of each entry of the log its name, leaving out those that only prepare. */
export const names = ({ log }) => log.map(({ call }) => call);

const CLASSES = ["#000000", "#010101", "#020202", "#030303"];

/** A heat map of two by two cells, with more or other fields. */
export const heat = (more = {}) => ({
  type: "heat",
  colour: "map",
  n: 2,
  times: [],
  low: 0,
  high: 1,
  values: new Uint8Array(4),
  ...more,
});

/** A palette in which each colour is another. */
export const PALETTE = {
  data: "#0000d0",
  samples: "#ff8000",
  noise: "#808080",
  map: "#a0a080",
  real: "#80c080",
  fake: "#c080c0",
  ink: "#101112",
  soft: "#505050",
  line: "#e0e0e0",
  card: "#ffffff",
  bad: "#b00000",
  classes: CLASSES,
};
