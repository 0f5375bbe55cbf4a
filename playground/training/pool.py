"""Training data, drawn once and shared by all runs on the same data."""

from dataclasses import dataclass
from weakref import WeakValueDictionary

import numpy as np
import torch
from torch import Tensor

from playground.data import Drawing, NamedSet
from playground.experiment import POOL, Experiment


@dataclass(frozen=True, eq=False)
class Pool:
    """points: (n, dim) in canvas coordinates. labels: their classes (n,). Both are read-only by convention."""

    points: Tensor
    labels: Tensor


_shared: WeakValueDictionary[tuple[NamedSet | Drawing, int, int | None, torch.device], Pool] = WeakValueDictionary()


def pool_of(experiment: Experiment, device: torch.device) -> Pool:
    """The training data of an experiment. Experiments with the same data share one pool in memory, for as long as one
    of their runs exists."""
    dataset, most, seed = experiment.dataset, experiment.data_points, experiment.seed
    finite = dataset.size is not None and dataset.size <= most  # all points are used, for any seed
    key = (dataset, most, None if finite else seed, device)
    found = _shared.get(key)
    if found is None:
        points, labels = dataset.training_points(POOL, seed=seed)
        if dataset.size is not None or most < len(points):
            # The first points of a file needn't be like the others, and many views take the first ones of the pool.
            kept = np.random.default_rng(0 if finite else seed).permutation(len(points))[:most]
            points, labels = points[kept], labels[kept]
        placed = torch.as_tensor(dataset.normalizer.to_canvas(points), dtype=torch.float32, device=device)
        _shared[key] = found = Pool(placed, torch.tensor(labels, device=device))
    return found
