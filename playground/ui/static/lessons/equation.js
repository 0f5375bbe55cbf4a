// An equation whose symbols stand in braces, as elements: the twin of playground.lessons.equations, for texts that
// somebody else wrote.

const SYMBOL = /\{([^{}]+)\}/;

const made = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

function symbol(text) {
  const [base, ...index] = text.split("_");
  const italic = [...base].length === 1 && /\p{L}/u.test(base) && base !== "𝔼";
  const parts = [made(italic ? "i" : "span", base)];
  if (index.length) parts.push(made("sub", index.join("_")));
  return parts;
}

/** A line for each line of an equation. symbols: {symbol: its meaning}. */
export function equation(text, symbols) {
  return text.split("\n").map((line) => {
    const parts = line.split(SYMBOL).map((part, i) => {
      if (i % 2 === 0) return part;
      const marked = Object.assign(document.createElement("abbr"), { title: symbols[part] ?? "" });
      marked.dataset.symbol = part;
      marked.append(...symbol(part));
      return marked;
    });
    const whole = document.createElement("span");
    whole.append(...parts);
    return whole;
  });
}

/** The meanings of the symbols that an equation has, as items of a description list. */
export function meanings(text, symbols) {
  const named = new Set(text.split(SYMBOL).filter((_, i) => i % 2));
  return [...named].map((name) => {
    const [item, term] = [document.createElement("div"), document.createElement("dt")];
    item.dataset.symbol = name;
    term.append(...symbol(name));
    item.append(term, made("dd", symbols[name] ?? ""));
    return item;
  });
}
