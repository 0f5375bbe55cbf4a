"""Training does what a loop written by hand does, reproducibly, and says so when it blows up."""

import math
from itertools import zip_longest

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from playground import Diverged, Experiment, Run, fit, train
from playground.data import Drawing
from playground.experiment import POOL
from playground.families.conditioning import CLASSES, ClassNetwork
from playground.families.stratified import spread_evenly
from playground.training.guard import Guard
from playground.training.pool import TrainingData
from playground.training.run import follow
from playground.views.law import law_of


def weights(family) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in family.parameters()])


def same(a: Run, b: Run) -> bool:
    """Whether two runs are the same to the last bit."""
    return (
        a.step == b.step
        and torch.equal(weights(a.family), weights(b.family))
        and torch.equal(weights(a.averaged), weights(b.averaged))
    )


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


# Settings that change on the way.


def test_what_may_change_does(small):
    run = Run(small(steps=50))
    for _ in range(5):
        run.advance()
    moments = run._stepper.optimizers[0].state_dict()["state"]
    run.edit(learning_rate=0.02, batch_size=16, solver="euler", averaging=0)
    after = run._stepper.optimizers[0].state_dict()["state"]
    assert all(torch.equal(moments[i]["exp_avg"], after[i]["exp_avg"]) for i in moments), "Adam's memory stays"
    run.advance()
    config = run.experiment.config
    assert (config.learning_rate, config.batch_size, config.solver, config.averaging) == (0.02, 16, "euler", 0)
    assert run.family.config == run.averaged.config == config
    assert run._stepper.optimizers[0].param_groups[0]["lr"] == pytest.approx(
        0.02 * (1 + math.cos(math.pi * 5 / 50)) / 2
    )
    assert torch.equal(weights(run.family), weights(run.averaged)), "the averaging is off"
    assert run._stepper.optimizers[0].state_dict()["state"][0]["step"] == 6


def test_an_edit_is_what_the_run_would_have_been(small):
    """Editing before the first step is the same as having chosen it from the start."""
    run = Run(small())
    run.edit(learning_rate=0.01, schedule="constant", batch_size=32)
    list(follow(run))
    assert same(run, fit(small(learning_rate=0.01, schedule="constant", batch_size=32)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"width": 64}, "Width can't change while training."),
        ({"depth": 1, "batch_size": 32}, "Depth can't change while training."),
        ({"nope": 1}, "There is no setting called “nope”."),
        ({"self": 1}, "There is no setting called “self”."),
        ({"x" * 10**6: 1}, f"There is no setting called “{'x' * 40}”."),
        ({"learning_rate": 7}, "Input should be less than or equal to 1"),
        ({"batch_size": True}, "Input should be a number"),
        ({"solver": None}, "Input should be"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_may_not_change_does_not(small, changes, sentence):
    run = Run(small())
    with pytest.raises(ValueError, match=sentence):
        run.edit(**changes)
    assert run.experiment == small()
    assert run.family.config == run.averaged.config == small().config


def test_an_edit_that_nobody_can_afford_is_refused():
    run = Run(Experiment(config={"width": 256, "depth": 6}, steps=5000))
    with pytest.raises(ValidationError, match="too much for one step"):
        run.edit(batch_size=4096)
    assert run.family.config.batch_size == run.experiment.config.batch_size == 512
    run.advance()


# Divergence.

BLOWS_UP = {"learning_rate": 1.0, "schedule": "constant", "width": 64}


def assert_explained(error: Diverged) -> None:
    """What happened, the probable cause, what to change."""
    text = str(error)
    assert "at step" in text
    assert "learning rate is probably too high" in text
    assert "lower it" in text
    assert text.isprintable()
    assert text.endswith(".")
    assert len(text) < 200


@pytest.mark.training
@pytest.mark.parametrize("seed", range(3))
def test_a_huge_learning_rate_diverges(small, seed):
    run = Run(small(steps=500, seed=seed, **BLOWS_UP))
    for _ in range(3):
        run.snapshot()
    with pytest.raises(Diverged, match="far above where it began") as caught:
        list(follow(run, every=1000))
    assert_explained(caught.value)
    assert not np.abs(run.sample(100)).max() < 100
    run.restore()
    assert np.abs(run.sample(100)).max() < 100


@pytest.mark.training
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("every", [1, 2, 3])
def test_what_is_shown_after_a_divergence_does_not_hang_on_when_frames_were_sent(small, seed, every):
    """The weights after the step that ruins them are finite, and no loss has told of them yet."""
    run = Run(small(steps=500, seed=seed, **BLOWS_UP))
    run.snapshot()
    with pytest.raises(Diverged):
        list(follow(run, every))
    run.restore()
    assert np.abs(run.sample(100)).max() < 100


@pytest.mark.parametrize(
    ("value", "word"), [(math.nan, "not a number"), (math.inf, "infinite"), (-math.inf, "infinite")]
)
def test_a_loss_that_is_no_number(small, monkeypatch, value, word):
    run = Run(small(steps=100))
    for _ in range(10):
        run.advance()
    run.snapshot()
    good = weights(run.averaged)
    for _ in range(5):
        run.advance()
    assert not torch.equal(weights(run.averaged), good)
    monkeypatch.setattr(type(run.family), "loss", lambda self, x, g, y: self(x).sum() * value)
    run.edit()  # players are asked for anew
    with pytest.raises(Diverged, match=word) as caught:
        run.advance()
    assert_explained(caught.value)
    run.restore()
    assert torch.equal(weights(run.averaged), good), "the last snapshot's"


def test_a_gradient_that_is_no_number_spoils_no_snapshot(small, monkeypatch):
    """The loss is finite, its gradient isn't: the weights are lost a step before anybody can see it in the loss."""
    run = Run(small(steps=100))
    run.advance()
    run.snapshot()
    good = weights(run.averaged)
    monkeypatch.setattr(type(run.family), "loss", lambda self, x, g, y: (0 * self(x)).abs().sqrt().sum())
    run.edit()
    run.advance()
    run.snapshot()
    assert not weights(run.averaged).isfinite().any()
    with pytest.raises(Diverged, match="not a number"):
        run.advance()
    run.restore()
    assert torch.equal(weights(run.averaged), good)


def test_one_odd_batch_breaks_nothing(small, monkeypatch):
    """Its gradient is shortened, and its direction kept; ordinary ones are left alone."""
    lengths = []
    step = torch.optim.Adam.step

    def watched(self, *given):
        lengths.append(torch.cat([p.grad.flatten() for p in self.param_groups[0]["params"]]).norm().item())
        return step(self, *given)

    monkeypatch.setattr(torch.optim.Adam, "step", watched)
    run = Run(small(steps=100))
    run.advance()
    loss = type(run.family).loss
    for factor in (1e-3, 50):  # far less than what stops a run
        monkeypatch.setattr(type(run.family), "loss", lambda self, x, g, y, k=factor: k * loss(self, x, g, y))
        run.edit()
        run.advance()
    clip = run.family.players()[0].clip
    assert 0 < lengths[1] < 0.1 * clip
    assert lengths[2] == pytest.approx(clip, rel=1e-4)


def test_an_ordinary_run_is_no_divergence():
    """Losses jump about; the guard minds only what is far above the beginning for a while."""
    guard = Guard(20.0)
    noise = np.random.default_rng(0).exponential(2, 2000)
    for step, loss in enumerate(noise):
        guard.watch(loss, step)
    assert guard.mean() == pytest.approx(noise.mean())
    assert guard.mean() == pytest.approx(noise.mean()), "the same until there is another"
    guard.watch(100.0, 2000)
    assert guard.mean() == 100


def test_a_loss_around_zero_is_no_divergence():
    """A critic's loss begins near zero, and may be negative."""
    guard = Guard(20.0)
    for step, loss in enumerate([0.0, -0.001, 0.3, -2.0, 0.5]):
        guard.watch(loss, step)


@pytest.mark.training
def test_fit_says_it_too():
    with pytest.raises(Diverged):
        fit(Experiment(dataset="two_moons", steps=200, config=BLOWS_UP))


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
