"""Values that are hostile wherever they are sent."""

import json

DEEP = "[" * 5000 + "]" * 5000
LESS_DEEP = "[" * 200 + "]" * 200
LONG_TEXT = json.dumps("x" * 1_000_000)
NUMBERS = ["NaN", "Infinity", "-Infinity", "1e999", '"many"', "true", "null", "[1]", "{}", LESS_DEEP, LONG_TEXT]
