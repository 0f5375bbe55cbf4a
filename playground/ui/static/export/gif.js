// A GIF, by the npm package gifenc: one palette for all of it, and in each picture only what has changed.

const COLOURS = 127; // and one for what stays: fewer bits, and hardly a difference in our colours
const LOOKS = 5; // pictures that the palette is taken from
const SKIP = 3; // of their pixels, so many are left out after each

/** picture(i): the pixels of the i-th of n pictures, {data, width, height, ms}. `rests` is awaited after each, with the share that is done. */
export async function gif(n, picture, rests) {
  const { GIFEncoder, quantize, applyPalette } = await import(new URL("gifenc.js", import.meta.url));
  const palette = quantize(await sampled(n, picture, rests), COLOURS);
  const stays = palette.length;
  const encoder = GIFEncoder();
  let before = null;
  for (let i = 0; i < n; i++) {
    const { data, width, height, ms } = picture(i);
    const now = applyPalette(data, palette);
    const changed = before ? now.map((colour, at) => (colour === before[at] ? stays : colour)) : now;
    const more = i ? { transparent: true, transparentIndex: stays, dispose: 1 } : { palette: [...palette, [0, 0, 0]] };
    encoder.writeFrame(changed, width, height, { ...more, delay: ms });
    before = now;
    await rests(i / n);
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: "image/gif" });
}

// Some pixels of some of the pictures.
async function sampled(n, picture, rests) {
  const parts = [];
  for (let look = 0; look < LOOKS; look++) {
    const { data } = picture(Math.round((look * (n - 1)) / (LOOKS - 1)));
    const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    parts.push(pixels.filter((_, i) => i % (SKIP + 1) === 0));
    await rests(0);
  }
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8ClampedArray(all.buffer);
}
