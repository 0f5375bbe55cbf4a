"""Runs on the same data share them."""

import gc

import numpy as np
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
    assert any(data.dataset == run.experiment.dataset for data, _ in pool._shared)
    dataset = run.experiment.dataset
    del run
    gc.collect()
    assert not any(data.dataset == dataset for data, _ in pool._shared)


def test_training_leaves_the_pool_as_it_is():
    run = Run(Experiment(dataset="ring", steps=3, seed=9))
    before = run.pool.clone()
    for _ in range(3):
        run.advance()
    assert torch.equal(run.pool, before)


def test_points_far_from_the_origin_are_learned_as_those_near_it():
    near = np.random.default_rng(0).normal(size=(200, 2)) * 0.05
    runs = [Run(Experiment(dataset=near + shift, steps=1)) for shift in (0, (500_000, -3e5))]
    torch.testing.assert_close(runs[0].pool, runs[1].pool, rtol=0, atol=1e-5)


def test_classes_need_not_be_in_a_row():
    points = np.random.default_rng(0).normal(size=(200, 2))
    config = {"label": "4", "width": 16}  # a class without points
    run = Run(Experiment(family="diffusion", dataset=points, labels=[9, 2] * 100, config=config, steps=3))
    for _ in range(3):
        run.advance()
    assert set(run.labels.tolist()) == {2, 9}
    assert np.isfinite(run.sample(50)).all()
