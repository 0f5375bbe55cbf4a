"""Trains the classifiers of images that ship with the project (`playground.metrics.classifier`).

    python -m scripts.classifiers [name …]

They learn from the part that models learn from, shifted and with noise added. Their accuracy is measured on the part
that is held out. Some of what they see is no image of the set: two images at once, whose classes share what is certain
(Zhang et al. 2018, *mixup*, arXiv 1710.09412), and noise or an image's pixels in disorder, of which nothing is certain
(Hendrycks et al. 2019, *Deep Anomaly Detection with Outlier Exposure*, arXiv 1812.04606). Without them, they were 81%
sure of pure noise, and confidence said nothing of a sample. Two minutes on one core for both.
"""

import json
import sys

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from playground.data import NamedSet
from playground.data.distributions import Empirical
from playground.metrics.classifier import Classifier, file_of

NAMES = ("digits", "mnist")

STEPS = 3000
BATCH = 128
OTHERS = 32
"""Images of each other kind in a batch: of two classes, and of none."""

RATE = 3e-3
NOISE = 0.15
"""Most standard deviation of the noise that is added to an image: samples have grain, which is no class of its own."""

MEMORY = 0.998
"""Memory of the mean of the weights over the training, which is what is saved."""


def train(name: str, steps: int = STEPS) -> tuple[Classifier, float]:
    """A classifier of a named set of images, and its accuracy on the held-out part. The same at each call."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(0)
    held_out = NamedSet(name=name).distribution
    known = held_out.training
    assert isinstance(known, Empirical)
    assert isinstance(held_out, Empirical)
    images, labels = torch.as_tensor(known.points, dtype=torch.float32), torch.as_tensor(known.labels)
    classifier = Classifier(held_out.shape, held_out.classes)
    mean = {key: tensor.clone() for key, tensor in classifier.state_dict().items()}
    optimizer = torch.optim.AdamW(classifier.parameters(), RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for step in range(steps):
        chosen = torch.randint(len(images), (BATCH,), generator=generator)
        x, classes = images[chosen], functional.one_hot(labels[chosen], held_out.classes).float()
        x = changed(x, held_out.shape, generator)
        mixed, shares = blends(x, classes, generator)
        nothing = torch.full_like(shares, 1 / held_out.classes)
        _, logits = classifier(torch.cat([x, mixed, disorder(x, generator)]))
        optimizer.zero_grad()
        functional.cross_entropy(logits, torch.cat([classes, shares, nothing])).backward()
        optimizer.step()
        schedule.step()
        memory = min(MEMORY, step / (step + 10))
        for key, tensor in classifier.state_dict().items():
            mean[key].lerp_(tensor, 1 - memory)
    classifier.load_state_dict(mean)
    right = classifier.see(held_out.points).probabilities.argmax(1) == held_out.labels
    return classifier, float(np.mean(right))


def changed(x: Tensor, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Images (n, dim), each shifted by up to an eighth of its side, over paper, with noise."""
    images = x.reshape(len(x), *shape[:2], -1)
    most = max(1, shape[0] // 12)
    padded = functional.pad(images, (0, 0, most, most, most, most), value=-1)
    up, left = torch.randint(2 * most + 1, (2, len(x)), generator=generator)
    rows, columns = up[:, None] + torch.arange(shape[0]), left[:, None] + torch.arange(shape[1])
    moved = padded[torch.arange(len(x))[:, None, None], rows[:, :, None], columns[:, None, :]]
    level = NOISE * torch.rand(len(x), 1, 1, 1, generator=generator)
    return (moved + level * torch.randn(moved.shape, generator=generator)).clamp(-1, 1).reshape(x.shape)


def blends(x: Tensor, classes: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Means of two images each, (OTHERS, dim), and of their classes, (OTHERS, classes)."""
    share = 0.3 + 0.4 * torch.rand(OTHERS, 1, generator=generator)
    one, other = slice(0, OTHERS), slice(OTHERS, 2 * OTHERS)
    return share * x[one] + (1 - share) * x[other], share * classes[one] + (1 - share) * classes[other]


def disorder(x: Tensor, generator: torch.Generator) -> Tensor:
    """Noise at several levels, and images whose pixels are in disorder: (OTHERS, dim) together."""
    order = torch.argsort(torch.rand(OTHERS // 2, x.shape[1], generator=generator), 1)
    level = 0.2 + torch.rand(OTHERS // 2, 1, generator=generator)
    centre = 2 * torch.rand(OTHERS // 2, 1, generator=generator) - 1.5
    noise = centre + level * torch.randn(OTHERS // 2, x.shape[1], generator=generator)
    return torch.cat([x[-OTHERS // 2 :].gather(1, order), noise.clamp(-1, 1)])


def make(name: str) -> None:
    """Train a classifier and save it, with its accuracy in the header."""
    classifier, accuracy = train(name)
    header = {
        "format": "1",
        "data": name,
        "shape": json.dumps(list(classifier.shape)),
        "classes": str(classifier.classes),
        "accuracy": f"{accuracy:.4f}",
    }
    save_file(dict(classifier.state_dict()), file_of(name), header)
    print(f"{name}: {accuracy:.1%} of held-out images, {file_of(name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        make(name)
