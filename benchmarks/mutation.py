"""Values that no page would send: sound ones, in which a few places are changed. The same seed makes the same ones."""

import copy
import json
import random
import re
from collections.abc import Iterator
from typing import Any

RAW = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 4400, "-0.0", "1e-320", '"\\ud800"', '"\\u0000"']
"""JSON, or what some take for it, that Python can't be brought to write."""

DEEP = "[" * 3000 + "]" * 3000
LONG = "x" * 200_000
WORDS = [
    "",
    " ",
    "null",
    "true",
    "NaN",
    "-1",
    "1e999",
    "０",
    "²",
    "../../../etc/passwd",
    "file:///etc/passwd",
    "http://127.0.0.1:1/",
    "__proto__",
    "__class__",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${7*7}",
    "%s%n",
    "'; DROP TABLE runs; --",
    "\x00",
    "\r\nx: y",
    "\u202e",
    "🎨" * 40,
    "é" * 300,
    "a" * 5000,
    "flow",
    "gan",
    "ring",
    "shapes",
    "two_moons",
    "lane-1",
    "flow/before",
    "aside/0-00000000",
]
NUMBERS = [0, -1, 1, 2, 0.5, -0.5, 1e-12, 1e300, -1e300, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, 10**9, 100_000]
PLAIN = [None, True, False, [], {}, [[]], [None], {"": None}, [0] * 1000, {"a": {"b": {"c": []}}}]

MARK = re.compile(r'"«(\d+|deep)»"')


class Mutation:
    def __init__(self, seed: int):
        self.dice = random.Random(seed)

    def atom(self) -> Any:
        kind = self.dice.random()
        if kind < 0.25:
            return f"«{self.dice.randrange(len(RAW))}»"
        if kind < 0.27:
            return "«deep»"
        if kind < 0.28:
            return LONG
        return copy.deepcopy(self.dice.choice(self.dice.choice([WORDS, NUMBERS, PLAIN])))

    def value(self, sound: Any, most: int = 3) -> Any:
        """Plain data that differs from a sound value in up to so many places; now and then in none."""
        changed = json.loads(json.dumps(sound))
        for _ in range(self.dice.choice([0, *[1] * 4, *range(1, most + 1)])):
            changed = self._once(changed)
        return changed

    def _once(self, value: Any) -> Any:
        places = list(walk(value))
        if not places or self.dice.random() < 0.03:
            return self.atom()
        parent, key = self.dice.choice(places)
        inside, kind = parent[key], self.dice.random()
        if kind < 0.55:
            parent[key] = self.atom()
        elif kind < 0.65:
            del parent[key]
        elif kind < 0.75:  # what stands elsewhere
            there, other = self.dice.choice(places)
            parent[key] = json.loads(json.dumps(there[other]))
        elif kind < 0.85 and isinstance(inside, int | float) and not isinstance(inside, bool):
            parent[key] = self.dice.choice([-inside, inside + 1, inside - 1, inside * 1000, inside / 3, str(inside)])
        elif kind < 0.9 and isinstance(parent, dict):
            parent[str(self.atom())[:1000]] = parent.pop(key)
        elif kind < 0.95 and isinstance(inside, str):
            parent[key] = self.text(inside)
        else:
            parent[key] = self.dice.choice([[inside], {"value": inside}, [inside, inside], json.dumps(inside)])
        return value

    def text(self, sound: str) -> str:
        """A text of which some characters are others, or missing, or of which there is more."""
        at = self.dice.randrange(len(sound) + 1)
        return self.dice.choice(
            [
                sound[:at],
                sound[:at] + self.dice.choice(WORDS) + sound[at:],
                sound[:at] + chr(self.dice.randrange(32, 1000)) + sound[at + 1 :],
                sound * self.dice.choice([2, 50]),
                sound.upper(),
            ]
        )

    def json(self, sound: Any, most: int = 3) -> str:
        """JSON of such a value, or what is nearly JSON."""
        text = json.dumps(self.value(sound, most), ensure_ascii=False)
        text = MARK.sub(lambda found: DEEP if found[1] == "deep" else RAW[int(found[1])], text)
        return self.text(text) if self.dice.random() < 0.04 else text

    def content(self, sound: bytes) -> bytes:
        """A file with some of its bytes changed, cut off, doubled, or of which there is more."""
        changed = bytearray(sound)
        for _ in range(self.dice.choice([0, 1, 1, 1, 2, 3, 20])):
            at, size = self.dice.randrange(len(changed) + 1), self.dice.choice([1, 1, 2, 4, 8, 100, 1000])
            match self.dice.randrange(6):
                case 0:
                    del changed[at:]
                case 1:
                    del changed[at : at + size]
                case 2:
                    changed[at:at] = self.dice.randbytes(size)
                case 3:
                    changed[at : at + size] = self.dice.randbytes(size)
                case 4:
                    changed[at : at + size] = bytes([self.dice.choice([0, 255, 128, 10, 44, 34])]) * size
                case _:
                    changed += changed[at : at + size]
        return bytes(changed)


def walk(value: Any) -> Iterator[tuple[Any, Any]]:
    """All places within plain data: (what holds it, its key or index)."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(inside):
        yield value, key
        yield from walk(part)
