"""Training data, drawn once and shared by all runs on the same data."""

from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakValueDictionary

import numpy as np
import torch
from torch import Tensor

from playground.data import AnyData
from playground.data.kinds import kind_of
from playground.experiment import IMAGE_POOL, POOL, Experiment


@dataclass(frozen=True, eq=False)
class Pool:
    """points: (n, dim) in canvas coordinates. labels: their classes (n,), of which there are `classes` different ones.
    All are read-only by convention."""

    points: Tensor
    labels: Tensor
    classes: int


class TrainingData(NamedTuple):
    """What decides on the training data of an experiment: its data set, how many points of it at most, and the seed
    that chooses them, which is 0 where all points are used."""

    dataset: AnyData
    most: int
    seed: int

    @classmethod
    def of(cls, experiment: Experiment) -> "TrainingData":
        dataset, most = experiment.dataset, experiment.data_points
        return cls(dataset, most, 0 if dataset.size is not None and dataset.size <= most else experiment.seed)


_shared: WeakValueDictionary[tuple[TrainingData, torch.device], Pool] = WeakValueDictionary()


def pool_of(data: TrainingData, device: torch.device) -> Pool:
    """The training data. Runs on the same data share one pool in memory, for as long as one of them exists."""
    dataset, most, seed = data
    key = (data, device)
    found = _shared.get(key)
    if found is None:
        drawn = IMAGE_POOL if kind_of(dataset.shape) == "images" else POOL
        points, labels = dataset.training_points(drawn, seed=seed)
        if dataset.size is not None or most < len(points):
            # The first points of a file needn't be like the others, and many views take the first ones of the pool.
            kept = np.random.default_rng(seed).permutation(len(points))[:most]
            points, labels = points[kept], labels[kept]
        placed = torch.as_tensor(dataset.normalizer.to_canvas(points), dtype=torch.float32, device=device)
        _shared[key] = found = Pool(placed, torch.tensor(labels, device=device), len(np.unique(labels)))
    return found
