"""Small VAEs and what they show, for the tests of the latent space."""

import base64

import numpy as np

from playground import Experiment, Run
from playground.data.canvas import HALF
from playground.scene import Scene, ViewState

SMALL = {"width": 16, "depth": 2, "batch_size": 64}


def untrained(**config) -> Scene:
    return Scene(Run(Experiment(family="vae", dataset="smiley", config=SMALL | config)), ViewState(layout="latent"))


def read(layer: dict, name: str) -> np.ndarray:
    steps = np.frombuffer(base64.b64decode(layer[name]), "<u2").reshape(-1, 2)
    return steps / 65535 * 2 * HALF - HALF
