"""What the tests of diffusion share: the schedules, one by one."""

import pytest

from playground.families.diffusion.schedules import (
    SCHEDULES,
)


@pytest.fixture(params=SCHEDULES)
def schedule(request) -> str:
    return request.param
