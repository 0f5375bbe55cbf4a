// What Python wrote, and what it means (tests/encoded.py).

import { readFileSync } from "node:fs";

export const { pieces, drawings, links } = JSON.parse(readFileSync(new URL("./encoded.json", import.meta.url), "utf8"));
