"""What the templates are told of an experiment."""

from collections.abc import Callable
from typing import Any

import torch

from playground.data import Drawing, NamedSet, Pictures
from playground.experiment import IMAGE_POOL, POOL, Experiment
from playground.export.data import packed
from playground.families import FAMILIES, spaces
from playground.families.diffusion.samplers import CHURN_LIMIT, SAMPLERS
from playground.families.diffusion.schedules import LAST_SIGMA, P_MEAN, P_STD, edm_ends
from playground.families.diffusion.settings import DiffusionConfig
from playground.families.flow.curves import PATHS, cubics, path_of
from playground.families.flow.reflow import pairs
from playground.families.flow.settings import FlowConfig, curves
from playground.training.pool import TrainingData, pool_of

LONGEST_LINK = 400
"""Most characters of a link that a script names. The data of a longer one stand in the script."""


def facts(experiment: Experiment, drawn_sets: frozenset[str]) -> dict[str, Any]:
    """drawn_sets: the named sets that a script draws itself. Raises Unwritten for data that are too large."""
    data, config = experiment.dataset, experiment.config
    pool = pool_of(TrainingData.of(experiment), torch.device("cpu"))
    own = isinstance(data, NamedSet) and data.name in drawn_sets
    link = "" if isinstance(data, Pictures) else experiment.to_query()
    images = len(data.shape) > 1
    found = {
        "experiment": experiment,
        "c": config,
        "title": FAMILIES[experiment.family].title,
        "data_title": data.title,
        "data_set": data.name if isinstance(data, NamedSet) and own else "",
        "settings": data.settings if isinstance(data, NamedSet) else {},
        "packed": None if own else packed(pool.points.numpy()),
        "packed_labels": None if own or pool.classes == 1 else packed(pool.labels.numpy()),
        "classes": pool.classes if pool.classes > 1 else 0,
        "pool": IMAGE_POOL if images else POOL,
        "kept": len(pool.points),
        "normalizer": data.normalizer,
        "shape": data.shape,
        "dim": experiment.dim,
        "images": images,
        "convolutional": images and getattr(config, "network", "") == "convolutional",
        "link": link if len(link) <= LONGEST_LINK else "",
    }
    return found | FACTS.get(experiment.family, lambda experiment: {})(experiment)


def _flow(experiment: Experiment) -> dict[str, Any]:
    config = experiment.config
    assert isinstance(config, FlowConfig)
    found: dict[str, Any] = {"sigma_start": 1.0, "start": None}
    if config.path == "drawn":
        alpha, sigma = curves(config.drawn_path)
        found["drawn_path"] = [cubics([0, *alpha, 1]).tolist(), cubics([1, *sigma, 0]).tolist()]
    elif config.path == "variance_exploding":
        found["sigma_start"] = config.sigma_max
    else:
        found["sigma_start"] = float(PATHS[config.path].sigma(torch.zeros(1)))
    if config.source == "drawing":
        found["start"] = packed(Drawing.decode(config.source_points).points)
    elif config.source not in ("gaussian", "uniform"):
        found["start"] = NamedSet(name=config.source)
    path = path_of(config.path, curves(config.drawn_path), config.sigma_max, config.sigma_min)
    return found | _space(config) | {"pairs": pairs(experiment.dim), "scale": float(path.sigma(torch.zeros(1)))}


def _diffusion(experiment: Experiment) -> dict[str, Any]:
    config = experiment.config
    assert isinstance(config, DiffusionConfig)
    return _space(config) | {
        "spacing": SAMPLERS[config.sampler].spacing if config.spacing == "sampler" else config.spacing,
        "last_sigma": LAST_SIGMA,
        "edm_ends": edm_ends(config.noise_end),
        "edm_law": (P_MEAN, P_STD),
        "churn": min(config.churn / config.sampler_steps, CHURN_LIMIT),
    }


def _space(config: FlowConfig | DiffusionConfig) -> dict[str, Any]:
    """The settings of the autoencoder, and of the network that moves its latents, if the model works there."""
    return {"autoencoder": spaces.autoencoder(config), "mover": spaces.MOVER}


FACTS: dict[str, Callable[[Experiment], dict[str, Any]]] = {"flow": _flow, "diffusion": _diffusion}
"""What only the templates of some families need."""
