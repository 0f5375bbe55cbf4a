"""The PyTorch script of an experiment, on torch and numpy alone.

It is written from a template beside the family's file, `vae/vae.py.jinja` beside `vae/vae.py`, which fills the frame of
`templates/script.jinja`. A script draws the same random numbers in the same order as a run does, so that it makes the
same samples.
"""

import inspect
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from playground import families
from playground.experiment import Experiment
from playground.export.errors import Unwritten
from playground.export.facts import facts
from playground.export.networks import parts
from playground.export.source import source
from playground.families import FAMILIES

OWN = Path(__file__).parent / "templates"
BESIDE_FAMILIES = Path(families.__file__).parent

IMPORTS = {
    "copy": "import copy",
    "math": "import math",
    "zlib": "import zlib",
    "b64decode": "from base64 import b64decode",
    "partial": "from functools import partial",
    "pairwise": "from itertools import pairwise",
    "np": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
}
"""The imports of a script, in their order, by the name that needs each."""

FUNCTIONAL = ("linear", "normalize", "pixel_shuffle", "pixel_unshuffle", "silu", "softplus")
"""What comes from torch.nn.functional."""


def script(experiment: Experiment) -> str:
    """The script that repeats an experiment. Raises Unwritten for a family without a template and for data that are
    too large."""
    template = _template_of(experiment)
    text = _environment().get_template(template).render(**facts(experiment, drawn_sets()))
    text = text.replace("IMPORTS", _imports(text), 1)
    return re.sub(r"\n{2,}(?=@|def |class )|\n{4,}", "\n\n\n", text).strip() + "\n"


class Lines(NamedTuple):
    """A function of the project. place: its module and name, "families.flow.flow: Flow.loss"."""

    place: str
    text: str


def family_lines(experiment: Experiment) -> list[Lines]:
    """The project's own lines that do it with these settings: the objectives of the family, and its sampler."""
    found = FAMILIES[experiment.family].lines(experiment.config)
    return [Lines(f"{one.__module__.partition('.')[2]}: {one.__qualname__}", source(one, whole=True)) for one in found]


def _imports(text: str) -> str:
    """The imports that a script needs."""
    names = set(re.findall(r"(?<!\.)\b\w+", re.sub(r'(?s)""".*?"""|"[^"\n]*"|#[^\n]*', "", text)))
    lines = [line for name, line in IMPORTS.items() if name in names]
    if functions := [name for name in FUNCTIONAL if name in names]:
        lines.append(f"from torch.nn.functional import {', '.join(functions)}")
    first = lines.index(IMPORTS["np"])  # the standard library stands before it
    return "\n".join([*lines[:first], "", *lines[first:]])


def drawn_sets() -> frozenset[str]:
    """The named sets that a script draws itself. It holds the points of others."""
    return frozenset(vars(_environment().get_template("sets.jinja").module))


def _template_of(experiment: Experiment) -> str:
    family = FAMILIES[experiment.family]
    path = Path(inspect.getfile(family)).relative_to(BESIDE_FAMILIES).with_suffix(".py.jinja")
    if not (BESIDE_FAMILIES / path).exists():
        raise Unwritten(f"The script doesn't know the family {family.title} yet.")
    return path.as_posix()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([OWN, BESIDE_FAMILIES]),
        undefined=StrictUndefined,
        line_statement_prefix="#:",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["parts"] = parts
    return environment
