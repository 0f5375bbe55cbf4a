"""Measures the bands of the distance that ship with the project: what a perfect model scores on each named set of
points, with its settings as they come.

    python -m scripts.bands
"""

import json

from playground.data import NamedSet
from playground.data.named import POINT_SETS
from playground.metrics.bands import SHIPPED
from playground.views.common.distance import measured_band
from playground.views.gradual import gradual

DIGITS = 6


def main() -> None:
    measure = gradual(measured_band)
    found = {name: [round(end, DIGITS) for end in measure(NamedSet(name=name), None)] for name in POINT_SETS}
    lines = ",\n".join(f'  "{name}": {json.dumps(ends)}' for name, ends in found.items())
    SHIPPED.write_text(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
