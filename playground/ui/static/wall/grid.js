// How tiles fill a screen.

export const WORDS = 76; // px of a tile around its square picture, in height: three lines and its edge
const EDGE = 22; // px around it in width
const GAP = 10;
const SMALLEST = 96; // px; tiles that would be smaller are scrolled to instead, and then are this wide at least:
const ROOMY = 150;

/** The number of columns that makes n tiles largest in so many pixels, and their width: {columns, side}. */
export function arrange(n, width, height) {
  let best = { columns: 1, side: 0 };
  for (let columns = 1; columns <= Math.max(1, n); columns++) {
    const rows = Math.ceil(n / columns);
    const across = (width - (columns - 1) * GAP) / columns;
    const down = (height - (rows - 1) * GAP) / rows - WORDS + EDGE;
    const side = Math.floor(Math.min(across, down));
    if (side > best.side) best = { columns, side };
  }
  if (best.side >= SMALLEST) return best;
  const columns = Math.max(1, Math.floor((width + GAP) / (ROOMY + GAP)));
  return { columns, side: Math.floor((width - (columns - 1) * GAP) / columns) };
}
