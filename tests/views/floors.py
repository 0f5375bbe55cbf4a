"""What the tests of floors share."""

from types import SimpleNamespace


def about(dataset):
    """As much of a scene as floors look at."""
    return SimpleNamespace(run=SimpleNamespace(experiment=SimpleNamespace(dataset=dataset)))
