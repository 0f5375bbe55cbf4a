// An MP4 or a WebM, by the browser's own encoder (WebCodecs) and the npm package mediabunny, as fast as it can be painted.

const CODECS = { mp4: ["avc", "av1", "vp9"], webm: ["vp9", "vp8", "av1"] }; // the most widely played first
const BITS = 0.25; // for a pixel: thousands of points move
const RATE = 20; // pictures a second, for the bit rate

/** Why this browser can't encode films; empty if it can. */
export function lacksVideo() {
  if ("VideoEncoder" in globalThis) return "";
  if (!globalThis.isSecureContext) return "Browsers encode MP4 and WebM only for pages from https or this machine.";
  return "This browser can't encode MP4 or WebM.";
}

/** paint(i): paint the i-th of n pictures on the canvas; gives for how many ms it is shown. `rests` is awaited after
 * each. Throws an Error with a sentence if there is no encoder for it. */
export async function video(type, canvas, n, paint, rests) {
  const library = await import(new URL("mediabunny.js", import.meta.url));
  const { BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Output } = library;
  const { width, height } = canvas;
  const codec = await getFirstEncodableVideoCodec(CODECS[type], { width, height });
  if (!codec) throw new Error(`This browser can't encode ${type.toUpperCase()} in this size.`);
  const format = type === "mp4" ? new library.Mp4OutputFormat() : new library.WebMOutputFormat();
  const output = new Output({ format, target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec, bitrate: Math.round(width * height * RATE * BITS) });
  output.addVideoTrack(source);
  try {
    await output.start();
    let seconds = 0;
    for (let i = 0; i < n; i++) {
      const lasts = paint(i) / 1000;
      await source.add(seconds, lasts);
      seconds += lasts;
      await rests(i / n);
    }
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
  return new Blob([output.target.buffer], { type: `video/${type}` });
}
