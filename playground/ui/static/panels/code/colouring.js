// Python, coloured: pieces of text, each with its kind.

const WORDS =
  "and as assert break class continue def del elif else except finally for from if import in is lambda not or pass raise return try while with yield None True False self";
const TOKENS = new RegExp(
  [
    /(?<text>[rbf]?"""[\s\S]*?"""|[rbf]?"(?:\\.|[^"\\\n])*")/.source,
    /(?<comment>#[^\n]*|@[\w.]+)/.source,
    /(?<number>\b\d[\w.]*)/.source,
    `(?<word>\\b(?:${WORDS.replaceAll(" ", "|")})\\b)`,
  ].join("|"),
  "g",
);
const LONGEST = 400; // characters of a line that are shown: data as text would take the whole dialog

/** A script for the eye: lines of text that are too long are cut. */
export const forTheEye = (code) =>
  code.replace(/^(.{60})(.*)(.{8})$/gm, (line, begin, middle, end) =>
    line.length > LONGEST ? `${begin} … ${middle.length.toLocaleString("en")} characters … ${end}` : line,
  );

/** [[kind, text], …] of Python's source, whose texts together are the source. kind: "text", "comment", "number", "word",
 * or "" for all else. */
export function pieces(code) {
  const found = [];
  let end = 0;
  for (const match of code.matchAll(TOKENS)) {
    if (match.index > end) found.push(["", code.slice(end, match.index)]);
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    found.push([kind, match[0]]);
    end = match.index + match[0].length;
  }
  if (end < code.length) found.push(["", code.slice(end)]);
  return found;
}
