"""The device of these tests: `python -m scripts.on_device cuda` runs them on a GPU."""

import pytest
import torch

from playground.training.device import device_of


@pytest.fixture(scope="session")
def device(request) -> torch.device:
    return device_of(request.config.getoption("--device"))
