from collections.abc import Iterator

import pytest
from hub_stand_in import StandIn, hub
from huggingface_hub import constants


@pytest.fixture(scope="session")
def listening() -> Iterator[StandIn]:
    with hub() as stand_in:
        yield stand_in


@pytest.fixture
def there(listening, monkeypatch, tmp_path) -> StandIn:
    """A hub with nothing on it, and nothing that was fetched from it before."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    listening.repos.clear()
    listening.gated.clear()
    listening.hardware.clear()
    listening.paying.clear()
    listening.asked.clear()
    listening.down = 0
    return listening
