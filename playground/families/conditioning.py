"""Classifier-free guidance: one network with and without a class, and an amplified difference of its two predictions.

Ho & Salimans, *Classifier-Free Diffusion Guidance*, 2022, arXiv 2207.12598. Their strength w is guidance − 1 here: a
guidance of 1 is the conditional prediction, 0 the unconditional one. A prediction is of the denoised point or of a
velocity, which are affine in each other: both are guided alike (Zheng et al., *Guided Flows*, arXiv 2311.13443).
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn

from playground.networks import Settings, Shape, TimeFeatures, conditioned

CLASSES = 10
"""Maximum number of classes of a model; all further classes of a data set count as the last."""


class ClassNetwork(nn.Module):
    """Maps data x (n, dim), times t (n,) and one-hot classes (n, CLASSES) to outputs (n, dim).

    A row of zeros means no class: the first layer's columns for the classes are their embeddings, and the embedding of
    no class is zero.
    """

    def __init__(self, settings: Settings, shape: Shape, frequencies: int):
        super().__init__()
        self.time = TimeFeatures(frequencies)
        self.body = conditioned(settings, shape, self.time.size + CLASSES)

    def forward(self, x: Tensor, t: Tensor, classes: Tensor) -> Tensor:
        return self.body(x, torch.cat([self.time(t), classes], dim=1))


def drop_labels(labels: Tensor | None, x: Tensor, dropout: float, generator: Generator) -> Tensor:
    """The classes given to the network in training on x (n, dim), as rows (n, CLASSES). Each is dropped with
    probability `dropout`, so that both the conditional and the unconditional model are learned (algorithm 1). None:
    data without classes. A negative label is no class."""
    if labels is None or dropout == 1:
        return x.new_zeros(len(x), CLASSES)
    kept = ((torch.rand(len(x), generator=generator, device=x.device) >= dropout) & (labels >= 0)).to(x.dtype)
    return x.new_zeros(len(x), CLASSES).scatter_(1, labels.clamp(0, CLASSES - 1)[:, None], kept[:, None])


def class_index(label: str, dropout: float) -> int | None:
    """The class of a setting "any" or "0" … "9": None for any class, and for models that have learned none."""
    return None if label == "any" or dropout == 1 else int(label)


def lacking(label: str, classes: int) -> str:
    """A sentence if data with `classes` classes lack the chosen one, else an empty string."""
    known = min(classes, CLASSES) if classes > 1 else 0
    if label == "any" or int(label) < known:
        return ""
    return f"Class: this data has the classes 0 to {known - 1}." if known else "Class: this data has no classes."


def answers(label: int | None, guidance: float) -> int:
    """The number of network evaluations per guided prediction: two, or one without a class or for guidance 0 or 1."""
    return 1 if label is None or guidance in (0, 1) else 2


def guided(predict: Callable[[Tensor], Tensor], x: Tensor, label: int | None, guidance: float) -> Tensor:
    """p(∅) + guidance · (p(c) − p(∅)) of predictions p at x (n, dim): eq. 6, for x̂0 or a velocity instead of ε̂.

    predict: p (n, dim) for rows of classes (n, CLASSES). label: the class c, or None for any.
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
