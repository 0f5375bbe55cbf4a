"""A run that blows up says so, and comes back to its last good state."""

import math
import pickle

import numpy as np
import pytest
import torch

from playground import Diverged, Experiment, Run, fit
from playground.training.guard import Guard
from playground.training.run import follow
from tests.training.runs import weights

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


def test_the_error_crosses_processes():
    """As it is raised in a pool of processes."""
    error = pickle.loads(pickle.dumps(Diverged("It did.", 7)))
    assert (str(error), error.step) == ("It did.", 7)


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
    for factor in (1e-3, 1e6):
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


def test_one_loss_stops_nothing_and_several_do():
    """However high it is: one point of a batch may be missed by a mile."""
    guard = Guard(20.0)
    guard.watch(1.0, 0)
    for step in range(1, 100):
        guard.watch(1e9 if step % 20 == 0 else 1.0, step)
    assert guard.calm
    for step in range(100, 106):
        guard.watch(1e9, step)
    with pytest.raises(Diverged, match=r"from 1 to 1e\+09 at step 106"):
        guard.watch(1e9, 106)


def test_a_loss_around_zero_is_no_divergence():
    """A critic's loss begins near zero, and may be negative."""
    guard = Guard(20.0)
    for step, loss in enumerate([0.0, -0.001, 0.3, -2.0, 0.5]):
        guard.watch(loss, step)


@pytest.mark.training
def test_fit_says_it_too():
    with pytest.raises(Diverged):
        fit(Experiment(dataset="two_moons", steps=200, config=BLOWS_UP))
