"""Memory: few points are few, and a perfect memory repeats them."""

import torch

from playground.experiment import POOL
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.time.memorisation import nearest
from tests.views.time.models import untrained


def test_few_points_are_few():
    few, all_of_them = untrained(data_points=5), untrained()
    assert (len(few.pool), len(few.labels), len(all_of_them.pool)) == (5, 5, POOL)
    again, other = untrained(data_points=5), untrained(data_points=5, seed=1)
    assert torch.equal(few.pool, again.pool)
    assert not torch.equal(few.pool, other.pool)
    drawn = [[float(i), 0.0] for i in range(50)]
    assert len(untrained(drawn, data_points=20).pool.unique(dim=0)) == 20
    assert len(untrained(drawn, data_points=100).pool) == 50


def test_perfect_memory_repeats_the_training_points():
    scene = Scene(untrained(data_points=5, sampler_steps=40))
    trajectories = VIEWS["remembered"].measure(scene, whole=True)
    assert nearest(trajectories["xy"][-1], scene.run.pool) < 0.05
    scene.renew(whole=True)
    assert VIEWS["nearest"].floors(scene)["nearest"] > 0.1
    scene.final_samples = scene.run.pool[torch.randint(5, (1500,))].numpy()
    assert VIEWS["nearest"].measure(scene)["nearest"] < 1e-3
