"""Small classifiers of images that ship with the project. What they see in an image are the features in which sets of
images are compared (`playground.metrics.features`), and the class that they give it is what a sample counts as.

`python -m scripts.classifiers` trains them anew.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from safetensors import safe_open
from torch import Tensor, nn

from playground.data.distributions import Array

FOLDER = Path(__file__).parents[2] / "checkpoints" / "classifiers"

SIZE = 48
"""Features of an image."""

LARGE = 16
"""Greatest height or width, in pixels, that the first layer keeps; of larger images it keeps every second pixel."""

AT_ONCE = 250
"""Images that are classified at once: some 5 ms of MNIST."""


class Seen(NamedTuple):
    """What a classifier sees in n images. features: (n, SIZE). probabilities: of each class, (n, classes)."""

    features: Array
    probabilities: Array


class Classifier(nn.Module):
    """Three convolutions, the features, and one linear layer from their rectified values to the classes."""

    def __init__(self, shape: tuple[int, ...], classes: int):
        """shape: (height, width) or (height, width, channels) of an image."""
        super().__init__()
        self.shape, self.classes = shape, classes
        height, width, channels = (*shape, 1)[:3]
        first = 1 if max(height, width) <= LARGE else 2
        self.look = nn.Sequential(
            nn.Conv2d(channels, 16, 3, first, 1),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, 2, 1),
            nn.ReLU(),
            nn.Conv2d(32, 32, 3, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.features = nn.Linear(self.look(torch.zeros(1, channels, height, width)).shape[1], SIZE)
        self.decide = nn.Linear(SIZE, classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The features (n, SIZE) and the logits (n, classes) of images x (n, dim) with pixels in [−1, 1]."""
        images = x.reshape(len(x), *(*self.shape, 1)[:3]).permute(0, 3, 1, 2)
        features = self.features(self.look(images))
        return features, self.decide(features.relu())

    @torch.no_grad()
    def see(self, x: ArrayLike) -> Seen:
        """What it sees in images x (n, dim). Pixels beyond [−1, 1] count as these; NaN as 0."""
        pixels = torch.as_tensor(np.asarray(x), dtype=torch.float32).nan_to_num(0).clamp(-1, 1)
        found = [self(part) for part in pixels.split(AT_ONCE)] or [self(pixels)]
        features = torch.cat([features for features, _ in found])
        probabilities = torch.cat([logits for _, logits in found]).softmax(1)
        return Seen(features.double().numpy(), probabilities.double().numpy())


class Shipped(NamedTuple):
    """A classifier and the share of held-out images that it is right about."""

    classifier: Classifier
    accuracy: float


@cache
def shipped(name: str) -> Shipped | None:
    """The classifier that ships for a named data set, or None if there is none."""
    path = file_of(name)
    if not path.exists():
        return None
    with safe_open(path, framework="pt") as file:
        header = file.metadata()
        classifier = Classifier(tuple(json.loads(header["shape"])), int(header["classes"]))
        classifier.load_state_dict({key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118 (not a dict)
    return Shipped(classifier.eval().requires_grad_(False), float(header["accuracy"]))


def file_of(name: str) -> Path:
    return FOLDER / f"{name}.safetensors"
