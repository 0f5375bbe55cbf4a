"""A notebook is valid, and its cells are the script."""

import contextlib
import io
import json

import nbformat
import numpy as np
import pytest
import torch

from playground import Experiment
from playground.export import notebook, script

CELLS = ["Settings", "Data", "Network", "Objective", "Training", "Sampling", "Picture"]


SMALL = {"width": 8, "depth": 2, "batch_size": 32}
LATENT = {"batch_size": 32, "channels": 4, "space": "latents"}


@pytest.mark.parametrize(
    ("experiment", "title"),
    [
        (Experiment(family="vae", dataset="two_moons", steps=5, config=SMALL), "VAE: two moons"),
        (Experiment(family="flow", dataset="digits", steps=3, config=LATENT), "Flow: digits"),
        (Experiment(family="diffusion", dataset="digits", steps=3, config=LATENT), "Diffusion: digits"),
    ],
    ids=["points", "flow in latents", "diffusion in latents"],
)
def test_its_cells_are_the_script(experiment, title):
    found = nbformat.reads(json.dumps(notebook(experiment)), as_version=4)
    nbformat.validate(found)
    titles = [cell.source for cell in found.cells if cell.cell_type == "markdown"]
    assert titles[0].startswith(f"# {title}, in PyTorch\n")
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
