"""Classifier-free guidance: one denoising network with and without a class, and their difference exaggerated.

Ho & Salimans, *Classifier-Free Diffusion Guidance*, 2022, arXiv 2207.12598. Their strength w is guidance − 1 here: a
guidance of 1 is the class as it was learned, 0 is no class at all.
"""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import one_hot

from playground.networks import TimeFeatures, mlp

CLASSES = 10
"""Classes that a model can tell apart; a data set's further ones count as the last."""


class ClassNetwork(nn.Module):
    """Answers with dim numbers for each place x (n, dim), angle φ (n,) of its noise and class, one-hot (n, CLASSES).

    Being told the level of noise, and not the clock, it can follow any schedule. A row without a class is all zeros:
    the first layer's columns for the classes are their embeddings, and that of no class is zero.
    """

    def __init__(self, dim: int, width: int, depth: int, frequencies: int):
        super().__init__()
        self.noise = TimeFeatures(frequencies)
        self.body = mlp(dim + self.noise.size + CLASSES, dim, width, depth)

    def forward(self, x: Tensor, angle: Tensor, classes: Tensor) -> Tensor:
        return self.body(torch.cat([x, self.noise(1 - angle / (math.pi / 2)), classes], dim=1))


def drop_labels(labels: Tensor | None, x: Tensor, dropout: float, generator: Generator) -> Tensor:
    """The classes that the network sees in training on x (n, dim), as rows (n, CLASSES): each is hidden with
    probability `dropout`, so that the data are learned with and without (algorithm 1). All are, if they are alike."""
    if labels is None or dropout == 1 or bool((labels == labels[0]).all()):
        return x.new_zeros(len(x), CLASSES)
    kept = torch.rand(len(x), generator=generator, device=x.device) >= dropout
    return one_hot(labels.clamp(0, CLASSES - 1), CLASSES).to(x) * kept[:, None]


def lacking(label: str, classes: int) -> str:
    """A sentence if data with so many classes don't have the chosen one, or else nothing."""
    known = min(classes, CLASSES) if classes > 1 else 0
    if label == "any" or int(label) < known:
        return ""
    return f"Class: this data has the classes 0 to {known - 1}." if known else "Class: this data has no classes."


def answers(label: int | None, guidance: float) -> int:
    """How many answers of the network make one guided prediction: two, unless one says it all."""
    return 1 if label is None or guidance in (0, 1) else 2


def guided(predict: Callable[[Tensor], Tensor], x: Tensor, label: int | None, guidance: float) -> Tensor:
    """x̂0(∅) + guidance · (x̂0(c) − x̂0(∅)) at x (n, dim): eq. 6, for clean points instead of noise.

    predict: x̂0 (n, dim) for rows of classes (n, CLASSES). label: the class c, or None for any.
    """
    nothing = x.new_zeros(len(x), CLASSES)
    if label is None or guidance == 0:
        return predict(nothing)
    chosen = nothing.clone()
    chosen[:, label] = 1
    with_class = predict(chosen)
    if guidance == 1:
        return with_class
    without = predict(nothing)
    return without + guidance * (with_class - without)
