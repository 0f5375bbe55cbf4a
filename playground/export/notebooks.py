"""A script as a notebook: its cells, each under its title."""

import re
from typing import Any

from playground.experiment import Experiment
from playground.export.scripts import script

CELL = re.compile(r"^# %% (.+)\n", re.MULTILINE)


def notebook(experiment: Experiment) -> dict[str, Any]:
    """The notebook of an experiment, as plain data (Jupyter's format 4.5). Raises Unwritten, as `script` does."""
    first, *rest = CELL.split(script(experiment))
    words, imports = re.fullmatch(r'(?s)"""(.*?)"""\n(.*)', first).groups()  # type: ignore[union-attr]
    title, _, text = words.partition("\n")
    cells = [_cell("markdown", f"# {title.rstrip('.')}\n{text}"), _cell("code", imports)]
    for name, code in zip(rest[::2], rest[1::2], strict=True):
        cells += [_cell("markdown", f"## {name}"), _cell("code", code)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cell(kind: str, text: str) -> dict[str, Any]:
    own: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text.strip().splitlines(keepends=True), **own}
