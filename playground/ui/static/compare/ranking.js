// Ranks by a score, shared where the difference may be chance: the twin of playground.race.ranking.

const NINETY = 1.645; // standard deviations that hold 90% of a Gaussian

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values) {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** The rank of each contestant, from 1; less is better. Who can't be told from the best of a rank shares it. Without a
 * score, the rank is null.
 *
 * scores: of each, a list with one for each round. width: of the band of a perfect model's score. */
export function ranks(scores, width) {
  const order = [...scores.keys()].filter((i) => scores[i].length && scores[i].every(Number.isFinite));
  order.sort((a, b) => mean(scores[a]) - mean(scores[b]));
  const found = scores.map(() => null);
  let leader = -1;
  for (const [place, i] of order.entries()) {
    const shares = leader >= 0 && mean(scores[i]) - mean(scores[leader]) <= margin(scores[i], scores[leader], width);
    found[i] = shares ? found[leader] : place + 1;
    if (!shares) leader = i;
  }
  return found;
}

// The difference of two mean scores that chance explains in nine of ten cases.
function margin(one, other, width) {
  const rounds = Math.min(one.length, other.length);
  const chance = width / Math.sqrt(2 * rounds);
  if (rounds < 2) return chance;
  return Math.max(chance, NINETY * Math.sqrt(variance(one) / one.length + variance(other) / other.length));
}

/** The scores of each lane at what is shown of a race; once it is over, also those of the rounds before. */
export function scoresOf({ lanes, state, share, round }) {
  return lanes.map((lane) => {
    const before = lane.results.slice(0, round).map((found) => found?.distance);
    const now = lane.state === "failed" || !lane.shown?.step ? Number.NaN : lane.distance;
    return [...(state === "done" && share === null ? before : []), now];
  });
}

/** The scalar that holds the distance that decides (playground.views.common.judgement). */
export const deciding = ({ kind }) => (kind === "images" ? "frechet" : "distance");

/** Of the distance of a perfect model: [mean, low, high], or null until it is known. */
export function bandOf({ kind, floors }) {
  const named = ["", "_low", "_high"].map((end) => floors[deciding({ kind }) + end]);
  return named.every(Number.isFinite) ? named : null;
}

/** The mean of a measure over rounds and, of several, its standard deviation: {mean, spread}, or null for none. */
export function averaged(values) {
  const known = values.filter(Number.isFinite);
  if (!known.length) return null;
  return { mean: mean(known), spread: known.length > 1 ? Math.sqrt(variance(known)) : null };
}

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "last"];

/** What the page says at the end. titles, ranks: by lane. pick: the lane that the visitor chose, or null. */
export function verdict(titles, ranks, pick) {
  const first = titles.filter((_, i) => ranks[i] === 1);
  if (!first.length) return "Nobody has arrived.";
  const shared = first.length > 1;
  const names = shared ? `${first.slice(0, -1).join(", ")} and ${first.at(-1)}` : first[0];
  const result = shared ? `${names} share the first place: the difference may be chance.` : `${names} wins.`;
  if (pick === null) return result;
  if (ranks[pick] === 1) return `${result} You were right.`;
  const place = ranks[pick] === null ? "did not arrive" : `came ${ORDINALS[ranks[pick] - 1]}`;
  return `${result} Your choice, ${titles[pick]}, ${place}.`;
}
