"""Every choice of every setting trains and samples on its device."""

from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest
from pydantic import ValidationError

from playground import Experiment, Run
from playground.families import FAMILIES

SMALL = {"width": 16, "depth": 2, "batch_size": 32}
COUPLED = {"coupling": "entropic"}
MORE: dict[str, list[dict[str, Any]]] = {
    "flow": [{"reflows": 1}, {"reflows": 1, **COUPLED}, {"mean_flow": "on", "solver": "mean_flow"}, {"label": "1"}],
    "diffusion": [{"sampler": "edm_stochastic", "churn": 10.0}, {"label": "1", "guidance": 3.0}],
    "gan": [{"unrolling": 1}, {"gradient_penalty": 1.0, "r2": 1.0}],
    "vae": [{"importance_samples": 3}, {"latents": 3, "prior": "standard"}],
}
"""Numbers and combinations that have code of their own."""


def choices(family: str) -> list[dict[str, Any]]:
    fields = FAMILIES[family].Config.model_fields
    literals = {name: field.annotation for name, field in fields.items() if get_origin(field.annotation) is Literal}
    return [{name: value} for name, annotation in literals.items() for value in get_args(annotation)]


def allowed(given: tuple[str, str, dict[str, Any]]) -> bool:
    family, dataset, config = given
    try:
        Experiment(family=family, dataset=dataset, steps=6, config=SMALL | config)
    except ValidationError:
        return False
    return True


CASES = [
    case
    for family in FAMILIES
    for dataset in ("two_moons", "digits")
    for config in choices(family) + MORE.get(family, [])
    if allowed(case := (family, dataset, config))
]


@pytest.mark.parametrize(("family", "dataset", "config"), CASES, ids=str)
def test_it_trains_and_samples(device, family, dataset, config):
    if device.type == "cpu" and dataset == "digits" and "reflows" in config:
        pytest.skip("the pairs of images take half a minute on a CPU")
    run = Run(Experiment(family=family, dataset=dataset, steps=6, config=SMALL | config), device)
    while not run.done:
        run.advance()
    run.check()
    assert np.isfinite(run.sample(8, seed=1)).all()
    assert np.array_equal(run.sample(8, seed=1), run.sample(8, seed=1))


def test_there_are_enough():
    """What is refused is left out above, so that a mistake could leave all of them out."""
    assert len(CASES) > 150
    assert {config["sampler"] for _, _, config in CASES if "sampler" in config} >= {"ddpm", "ddim", "dpmpp_2m"}
