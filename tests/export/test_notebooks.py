"""A notebook is valid, and its cells are the script."""

import contextlib
import io
import json

import nbformat
import numpy as np
import torch

from playground import Experiment
from playground.export import notebook, script

CELLS = ["Settings", "Data", "Network", "Objective", "Training", "Sampling", "Picture"]


def test_its_cells_are_the_script():
    config = {"width": 8, "depth": 2, "batch_size": 32}
    experiment = Experiment(family="vae", dataset="two_moons", steps=5, config=config)
    found = nbformat.reads(json.dumps(notebook(experiment)), as_version=4)
    nbformat.validate(found)
    titles = [cell.source for cell in found.cells if cell.cell_type == "markdown"]
    assert titles[0].startswith("# VAE: two moons, in PyTorch\n")
    assert titles[1:] == [
        "## Settings",
        "## Data",
        "## Network",
        "## Objective",
        "## Training",
        "## Sampling",
        "## Picture",
    ]
    code = [cell.source for cell in found.cells if cell.cell_type == "code"]
    text = script(experiment)
    assert all(cell in text for cell in code)
    one, other = {}, {}
    with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng(devices=[]):
        for cell in code[:-1]:
            exec(cell, one)
        exec(text[: text.index("# %% Picture")], other)
    assert np.array_equal(one["samples"], other["samples"])
