// The trainers load their libraries after the page is served. Who needs one meanwhile is told.

/** A sentence while no trainer is ready, else "". */
export async function startingTrainers() {
  try {
    const reply = await fetch(new URL("playground/trainers", document.baseURI));
    const { ready, seconds } = await reply.json();
    return ready ? "" : `The trainers are starting: ${Math.round(seconds)} s so far. Yours then begins by itself.`;
  } catch {
    return "";
  }
}
