// The colours of code, and what is cut of it for the eye.

import assert from "node:assert/strict";
import { test } from "node:test";
import { forTheEye, pieces } from "../../playground/ui/static/panels/code/colouring.js";

const CODE = `"""A text
with "quotes" and for."""
@torch.no_grad()
def sample(n, x4=-1.5e3):  # for all of them
    return "it's \\"{}\\"" if n else None
`;

test("the pieces together are the code", () => {
  assert.equal(
    pieces(CODE)
      .map(([, text]) => text)
      .join(""),
    CODE,
  );
  assert.deepEqual(pieces(""), []);
});

test("each piece has its kind", () => {
  const of = (kind) => pieces(CODE).flatMap(([found, text]) => (found === kind ? [text] : []));
  assert.deepEqual(of("text"), ['"""A text\nwith "quotes" and for."""', '"it\'s \\"{}\\""']);
  assert.deepEqual(of("comment"), ["@torch.no_grad", "# for all of them"]);
  assert.deepEqual(of("number"), ["1.5e3"]);
  assert.deepEqual(of("word"), ["def", "return", "if", "else", "None"]);
});

test("only lines of data are cut", () => {
  const data = `TEXT = "${"a".repeat(5000)}"`;
  assert.ok(forTheEye(data).length < 120);
  assert.match(forTheEye(`x = 1\n${data}\ny = 2`), /^x = 1\nTEXT = "a+ … 4,\d+ characters … a+"\ny = 2$/);
  assert.equal(forTheEye(CODE), CODE);
});
