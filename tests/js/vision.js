// How colours look, also to those who lack one kind of cone: CIELAB after the simulation of Machado, Oliveira, Fernandes,
// *A Physiologically-based Model for Simulation of Color Vision Deficiency*, 2009 (severity 1, on linear RGB).

const VISIONS = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

// sRGB to XYZ, IEC 61966-2-1, and its white.
const XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE = XYZ.map((row) => row.reduce((a, b) => a + b));

const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));

/** "#rrggbb" as linear red, green and blue in 0 … 1. */
function linear(hex) {
  const bytes = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
  return bytes.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
}

export function lab(hex, vision = "usual") {
  const seen = times(VISIONS[vision], linear(hex)).map((v) => Math.min(1, Math.max(0, v)));
  const [x, y, z] = times(XYZ, seen).map((value, i) => {
    const share = value / WHITE[i];
    return share > 216 / 24389 ? Math.cbrt(share) : (24389 / 27 / 116) * share + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The distance ΔE*ab of two colours, for whom it is least. */
export function distance(a, b) {
  return Math.min(
    ...Object.keys(VISIONS).map((vision) => {
      const [p, q] = [lab(a, vision), lab(b, vision)];
      return Math.hypot(...p.map((value, i) => value - q[i]));
    }),
  );
}

/** The contrast of two colours, 1 to 21, as WCAG defines it. */
export function contrast(a, b) {
  const [dark, light] = [a, b].map((hex) => times(XYZ, linear(hex))[1]).sort((p, q) => p - q);
  return (light + 0.05) / (dark + 0.05);
}

export const chroma = (hex) => Math.hypot(...lab(hex).slice(1));
