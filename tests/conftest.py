"""What the tests share: one thread, small experiments, and a model that was trained once."""

import numpy as np
import pytest
import torch
from variants import Variant

from playground import Experiment, Run, fit
from playground.scene import Scene

TRAINED = {"moons", "eight", "two_classes"}
"""Fixtures that are trained models. What is said of them is an outcome of a training."""


def pytest_addoption(parser):
    parser.addoption("--variant", type=Variant.parse, default=Variant(), help="seed,threads,nudge (see tests/variants)")
    parser.addoption("--device", default="cpu", help="the device of tests/devices, as in playground/training/device.py")


def pytest_configure(config):
    config.getoption("--variant").apply()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if TRAINED & set(getattr(item, "fixturenames", ())):
            item.add_marker("training")


@pytest.fixture(scope="session")
def small():
    """Makes an experiment that trains in no time: small(dataset=…, steps=…, seed=…, and settings of the flow)."""

    def make(dataset="two_moons", steps: int = 20, seed: int = 0, **config) -> Experiment:
        config = {"width": 32, "depth": 2, "batch_size": 64} | config
        return Experiment(family="flow", dataset=dataset, steps=steps, seed=seed, config=config)

    return make


@pytest.fixture(scope="session")
def moons() -> Run:
    """A flow that has learned two moons. Shared: tests that train or edit it take a copy."""
    return fit(Experiment(dataset="two_moons", steps=800, seed=3, config={"width": 64, "batch_size": 256}))


@pytest.fixture
def scene(moons) -> Scene:
    return Scene(moons)


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(5)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.fixture
def global_generator():
    """The state of the generator that everybody shares; a test that leaves it changed fails."""
    before = torch.random.get_rng_state()
    yield before
    assert torch.equal(before, torch.random.get_rng_state()), "the global random generator was used"
