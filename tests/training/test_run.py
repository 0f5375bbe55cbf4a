"""Training does what a loop written by hand does, and the same seed gives the same run."""

import math
from itertools import zip_longest

import numpy as np
import pytest
import torch

from playground import Experiment, Run, fit, train
from playground.data import Drawing
from playground.experiment import POOL
from playground.families.conditioning import CLASSES, ClassNetwork
from playground.families.stratified import spread_evenly
from playground.training.pool import TrainingData
from playground.training.run import follow
from playground.views.law import law_of
from tests.training.runs import same, weights

# The same seed, the same run.


def test_the_same_seed_gives_the_same_run(small):
    one, other = list(train(small(seed=4))), list(train(small(seed=4)))
    assert one == other
    assert same(fit(small(seed=4)), fit(small(seed=4)))
    assert np.array_equal(fit(small()).sample(100, seed=1), fit(small()).sample(100, seed=1))


def test_another_seed_gives_another_run(small):
    one, other = fit(small(seed=4)), fit(small(seed=5))
    assert not torch.isclose(weights(one.family), weights(other.family)).any()
    assert not torch.equal(one.pool, other.pool)


def test_runs_side_by_side_are_runs_alone(small):
    plans = [small(seed=1), small("eight_gaussians", seed=2, width=64, solver="dopri5"), small(seed=1, batch_size=32)]
    together = [Run(plan) for plan in plans]
    for _ in zip_longest(*(follow(run) for run in together)):
        together[0].sample(10)  # looking changes nothing
        torch.rand(3)  # nor does what others do with the global generator
    assert all(same(run, fit(plan)) for run, plan in zip(together, plans, strict=True))


def test_the_global_generator_is_left_alone(small, global_generator):
    fit(small()).sample(10)


# Against a loop that anybody would write.


def by_hand(experiment: Experiment) -> tuple[ClassNetwork, ClassNetwork, list[float]]:
    """The network, its average, and the losses: plain PyTorch, with the same use of random numbers, without classes."""
    config, seed = experiment.config, experiment.seed
    torch.manual_seed(seed)
    network = ClassNetwork(config, (2,), config.frequencies)
    average = {name: p.detach().clone() for name, p in network.named_parameters()}
    normalizer = experiment.dataset.normalizer
    data = torch.from_numpy(normalizer.to_canvas(experiment.data(POOL, seed=seed))).float()
    g = torch.Generator().manual_seed(seed)
    adam = torch.optim.Adam(network.parameters(), lr=config.learning_rate, fused=True)
    losses = []
    for step in range(experiment.steps):
        if config.schedule == "cosine":
            adam.param_groups[0]["lr"] = config.learning_rate * (1 + math.cos(math.pi * step / experiment.steps)) / 2
        x1 = data[torch.randint(len(data), (config.batch_size,), generator=g)]
        x0 = torch.randn(x1.shape, generator=g)
        t = (torch.arange(len(x1)) + torch.rand(len(x1), generator=g)) / len(x1)
        x_t = (1 - t)[:, None] * x0 + t[:, None] * x1
        loss = (network(x_t, t, torch.zeros(len(x1), CLASSES)) - (x1 - x0)).square().mean()
        adam.zero_grad()
        loss.backward()
        length = torch.cat([p.grad.flatten() for p in network.parameters()]).norm()
        for p in network.parameters():
            p.grad *= (1 / (length + 1e-6)).clamp(max=1)
        adam.step()
        losses.append(float(loss.detach()))
        done = step + 1
        memory = min(config.averaging, done / (done + 9))
        for name, p in network.named_parameters():
            average[name] += (1 - memory) * (p.detach() - average[name])
    mean = ClassNetwork(config, (2,), config.frequencies)
    mean.load_state_dict(average)
    return network, mean, losses


@pytest.mark.parametrize("config", [{}, {"schedule": "constant"}, {"averaging": 0}, {"averaging": 0.5}], ids=str)
def test_training_is_the_loop_written_by_hand(small, config):
    experiment = small(steps=40, seed=7, label_dropout=1, **config)
    with torch.random.fork_rng():
        network, average, losses = by_hand(experiment)
    run = Run(experiment)
    snapshots = list(follow(run))
    assert [s.scalars["loss"] for s in snapshots] == losses
    assert torch.equal(weights(run.family), weights(network))
    assert torch.allclose(weights(run.averaged), weights(average), atol=1e-6)


def test_no_averaging_is_the_model_itself(small):
    run = fit(small(averaging=0))
    assert torch.equal(weights(run.averaged), weights(run.family))
    run = fit(small(averaging=0.99))
    assert not torch.equal(weights(run.averaged), weights(run.family))


def test_steps_after_the_end_still_move(small):
    run = fit(small(steps=5))
    before = weights(run.family)
    run.advance()
    assert run.step == 6
    assert not torch.equal(weights(run.family), before)


# Snapshots.


@pytest.mark.parametrize(("steps", "every", "at"), [(7, 3, [3, 6, 7]), (6, 3, [3, 6]), (2, 5, [2]), (3, 1, [1, 2, 3])])
def test_snapshots_come_every_so_often_and_at_the_end(small, steps, every, at):
    assert [snapshot.step for snapshot in train(small(steps=steps), every=every)] == at


def test_a_snapshot_has_the_mean_loss_since_the_one_before(small):
    each = [s.scalars["loss"] for s in train(small(steps=7))]
    every_third = [s.scalars["loss"] for s in train(small(steps=7), every=3)]
    assert every_third == pytest.approx([np.mean(each[:3]), np.mean(each[3:6]), each[6]])


def test_looking_twice_changes_nothing(small):
    run = Run(small())
    assert math.isnan(run.snapshot().scalars["loss"]), "nothing is known yet"
    run.advance()
    assert run.snapshot() == run.snapshot()


def test_training_learns(moons):
    """The distance falls near to the floor, and the loss near to that of the exact field."""
    floor = moons.averaged.loss_floor(law_of(TrainingData.of(moons.experiment)).density, spread_evenly(1024, 4))
    losses = [s.scalars["loss"] for s in train(moons.experiment, every=200)]
    assert losses[0] > losses[-1]
    assert floor * 0.9 < losses[-1] < floor * 1.25


# Data, and its coordinates.


@pytest.mark.training
def test_data_has_its_own_coordinates(small, rng):
    points = rng.normal(0, 1, (200, 2)) * [30, 5] + [1000, -50]
    run = fit(small(points, steps=300))
    low, high = points.min(0), points.max(0)
    samples = run.sample(500, seed=1)
    assert samples.shape == (500, 2)
    inside = ((samples > low - 30) & (samples < high + 30)).all(1)
    assert inside.mean() > 0.95
    assert run.pool.abs().max() <= 4
    assert np.isin(run.experiment.data(50, seed=2), run.experiment.dataset.points).all(), "points are resampled"


@pytest.mark.training
def test_a_drawing_stays_where_it_was_drawn(small, rng):
    points = rng.uniform(0.5, 1.0, (100, 2)).astype(np.float32)
    run = fit(small(Drawing(points=points, labels=[0, 3] * 50), steps=300))
    assert sorted(run.pool.tolist()) == sorted(points.tolist())
    assert np.abs(np.median(run.sample(500), axis=0) - 0.75).max() < 0.2


def test_samples_are_reproducible_and_fresh(moons):
    assert np.array_equal(moons.sample(50, seed=1), moons.sample(50, seed=1))
    assert not np.isin(moons.sample(50, seed=1), moons.sample(50, seed=2)).any()
    assert moons.sample(1).shape == (1, 2)
