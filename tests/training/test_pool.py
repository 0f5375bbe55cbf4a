"""Runs on the same data share them."""

import gc

import torch

from playground import Experiment, Run
from playground.training import pool


def test_runs_of_different_families_share_their_pool():
    runs = [Run(Experiment(family=family, dataset="two_moons", steps=1)) for family in ("flow", "gan")]
    assert runs[0].pool.data_ptr() == runs[1].pool.data_ptr()
    assert torch.equal(runs[0].labels, runs[1].labels)


def test_a_seed_draws_its_own_points_but_not_where_there_are_only_so_many():
    moons = [Run(Experiment(dataset="two_moons", seed=seed, steps=1)) for seed in (0, 1)]
    assert not torch.equal(moons[0].pool, moons[1].pool)
    digits = [Run(Experiment(dataset="digits", seed=seed, steps=1)) for seed in (0, 1)]
    assert digits[0].pool.data_ptr() == digits[1].pool.data_ptr()
    few = [Run(Experiment(dataset="digits", seed=seed, steps=1, data_points=20)) for seed in (0, 1)]
    assert not torch.equal(few[0].pool, few[1].pool), "which are kept depends on the seed"


def test_other_data_or_fewer_points_are_another_pool():
    kept = [
        Run(Experiment(dataset=name, data_points=n, steps=1)) for name, n in (("ring", 50), ("ring", 60), ("grid", 50))
    ]
    assert [len(run.pool) for run in kept] == [50, 60, 50]
    assert len({run.pool.data_ptr() for run in kept}) == 3


def test_a_pool_goes_with_its_last_run():
    run = Run(Experiment(dataset="star", steps=1))
    assert any(key[0] == run.experiment.dataset for key in pool._shared)
    dataset = run.experiment.dataset
    del run
    gc.collect()
    assert not any(key[0] == dataset for key in pool._shared)


def test_training_leaves_the_pool_as_it_is():
    run = Run(Experiment(dataset="ring", steps=3, seed=9))
    before = run.pool.clone()
    for _ in range(3):
        run.advance()
    assert torch.equal(run.pool, before)
