"""The past of a run is exact, bounded in number and memory: each step comes back bit for bit."""

from itertools import pairwise

import pytest
import torch

from playground import Experiment, Run
from playground.families import FAMILIES
from playground.training import history as histories
from playground.training.history import History
from tests.training.runs import everything, experiment, same, trained_to

EVERYTHING = {
    "gan": [
        {},
        {"instance_noise": 0.3, "r1": 0.5, "penalty_every": 3, "spectral_normalisation": "on"},
        {"minibatch_statistics": "on", "packing": 2, "unrolling": 2},
    ],
    "vae": [{}, {"latents": 3, "prior": "standard", "warm_up": 0.3}],
    "diffusion": [{}, {"sampler": "ddpm"}],
}
KINDS = [(family, config) for family in FAMILIES for config in EVERYTHING.get(family, [{}])]


def spaced(run: Run, every: int) -> History:
    history = History(run)
    history.every = every
    return history


def at(history: History, wanted: Experiment, step: int) -> Run:
    past = Run(wanted)
    past.load(history.before(step))
    for _ in history.replay(past, step):
        pass
    return past


@pytest.mark.parametrize(("family", "config"), KINDS, ids=str)
@pytest.mark.parametrize("dataset", ["two_moons", "digits"])
def test_each_step_comes_back_bit_for_bit(family, config, dataset):
    wanted = experiment(family, config, dataset, steps=14)
    history = spaced(run := Run(wanted), 5)
    before = []
    while not run.done:
        before.append(everything(run))
        history.advance(run)
    assert [state.step for state in history.states] == [0, 5, 10]
    for step in (0, 3, 5, 9, 13):
        past = at(history, wanted, step)
        assert past.step == step
        assert all(torch.equal(a, b) for a, b in zip(everything(past), before[step], strict=True)), step
    assert same(at(history, wanted, 14), run)
    assert same(at(history, wanted, 14), trained_to(wanted, 14))


@pytest.mark.parametrize("family", FAMILIES)
def test_what_was_set_meanwhile_is_set_again_when_it_was(family):
    wanted = experiment(family)
    run = Run(wanted)
    history = spaced(run, 20)
    players = [player.name for player in run.family.players()]
    went = []
    for step in range(30):
        if step == 7:
            run.edit(averaging=0.5, schedule="constant")
        if step == 23:
            run.edit(averaging=0.9)
        history.advance(run, players[-1] if 10 <= step < 13 else None)
        went.append(everything(run))
    for step in (6, 8, 12, 19, 24, 30):
        past = at(history, wanted, step)
        assert all(torch.equal(a, b) for a, b in zip(everything(past), went[step - 1], strict=True)), step
    assert not same(at(history, wanted, 30), trained_to(wanted, 30))


def test_it_is_bounded_in_number_and_memory_and_evenly_spaced(small, monkeypatch):
    monkeypatch.setattr(histories, "STATES", 20)
    run = Run(small(steps=20))
    history = History(run)
    while run.step < 95:
        history.advance(run)
    steps = [state.step for state in history.states]
    assert 10 <= len(steps) <= 20
    assert (steps[0], steps[-1] > 80) == (0, True), "the beginning and the newest stay"
    assert len({b - a for a, b in pairwise(steps)}) == 1
    assert history.before(steps[2] + 1).step == steps[2]
    monkeypatch.setattr(histories, "BYTES", 3 * history.states[1].nbytes)
    while run.step < 150:
        history.advance(run)
    assert sum(state.nbytes for state in history.states) <= histories.BYTES
    assert history.first == 0
    assert same(at(history, run.experiment, 133), trained_to(run.experiment, 133))


def test_a_model_too_large_for_two_states_has_two(small, monkeypatch):
    monkeypatch.setattr(histories, "BYTES", 1)
    run = Run(small(steps=30))
    history = History(run)
    while not run.done:
        history.advance(run)
    assert len(history.states) == 2
    assert same(at(history, run.experiment, 30), run)


def test_after_very_many_changes_the_beginning_is_forgotten(small, monkeypatch):
    monkeypatch.setattr(histories, "ORDERS", 10)
    run = Run(small(steps=40))
    history = spaced(run, 4)
    for step in range(40):
        run.edit(averaging=0.5 if step % 2 else 0.6)
        history.advance(run)
    assert len(history.orders) <= 10
    assert history.first > 20
    past = at(history, run.experiment, history.first + 3)
    assert past.step == history.first + 3
    assert same(at(history, run.experiment, 40), run)
    with pytest.raises(ValueError, match=f"The history of this run begins at step {history.first}"):
        history.before(history.first - 1)


def test_less_memory_makes_it_sparse_at_once_and_keeps_every_step(small):
    run = Run(small(steps=60))
    history = History(run)
    history.limit(10**9)
    assert "states" not in vars(history), "none is made before it is needed"
    while not run.done:
        history.advance(run)
    history.limit(5 * history.states[1].nbytes)
    assert len(history.states) <= 5
    history.limit(10**9)
    assert len(history.states) <= 5, "what is gone doesn't come back"
    assert same(at(history, run.experiment, 47), trained_to(run.experiment, 47))
