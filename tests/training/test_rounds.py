"""Trainings of several rounds: reflow. What each round begins with, that it is exact, and what it is worth."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from playground import Experiment, Run, fit
from playground.families.capabilities import LossFloor, can
from playground.families.flow import reflow
from playground.families.paths import STRAIGHT
from playground.training import checkpoints
from playground.training.history import History
from playground.training.run import follow

STEPS = 12


@pytest.fixture(autouse=True)
def few_pairs(monkeypatch):
    monkeypatch.setattr(reflow, "PAIRS", 700)  # more than one piece, and not a multiple of it


def weights(run: Run, side: str = "family") -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in getattr(run, side).parameters()])


def same(a: Run, b: Run) -> bool:
    return a.step == b.step and all(torch.equal(weights(a, side), weights(b, side)) for side in ("family", "averaged"))


def train_to(run: Run, step: int, history: History | None = None) -> Run:
    while run.step < step:
        history.advance(run) if history else run.advance()
    return run


def begun(small, reflows: int = 1, **more) -> Run:
    """A run in the first step of its last round."""
    run = train_to(Run(small(steps=STEPS, reflows=reflows, **more)), reflows * STEPS)
    while run.round < reflows:
        run.advance()
    return run


# What a round is.


def test_each_round_has_as_many_steps(small):
    run = Run(small(steps=STEPS, reflows=2))
    assert run.experiment.total_steps == run.end == 3 * STEPS
    assert [snapshot.step for snapshot in follow(run, every=STEPS)] == [STEPS, 2 * STEPS, 3 * STEPS]
    assert run.done
    assert run.round == 2


def test_the_rounds_before_are_those_of_a_training_without_the_last(small):
    assert same(train_to(Run(small(steps=STEPS, reflows=1)), STEPS), fit(small(steps=STEPS)))


def test_a_round_begins_with_the_averaged_weights_and_a_fresh_schedule(small):
    before = train_to(Run(small(steps=STEPS, reflows=1)), STEPS)
    teacher = weights(before, "averaged").clone()
    run = begun(small)
    assert run.step == STEPS
    assert torch.equal(weights(run), teacher)
    assert torch.equal(weights(run, "averaged"), teacher)
    run.advance()
    assert run._stepper.optimizers[0].param_groups[0]["lr"] == run.experiment.config.learning_rate
    assert run._stepper.optimizers[0].state_dict()["state"][0]["step"] == 1
    assert not torch.equal(weights(run), teacher)


def test_preparing_is_no_step_and_can_be_interrupted(small):
    """The weights are those of the flow until its pairs are there: it can be looked at, and pieces are small."""
    run = train_to(Run(small(steps=STEPS, reflows=1)), STEPS)
    teacher, pieces = weights(run, "averaged").clone(), 0
    assert run.prepares == ""
    while run.round == 0:
        run.advance()
        assert run.prepares == ("" if run.round else run.family.between)
        run.snapshot()
        pieces += 1
        assert run.step == STEPS
        assert torch.equal(weights(run, "averaged"), teacher)
    assert pieces == reflow.STEPS * 2 + 1, "700 pairs are two pieces, each of ten steps"


# What it learns from.


def test_pairs_are_noise_and_where_the_flow_carries_it(small):
    teacher = fit(small(steps=STEPS))
    pairs = begun(small)._material
    averaged = teacher.averaged
    averaged.config = averaged.config.model_copy(update={"solver": "rk4", "solver_steps": reflow.STEPS})
    assert pairs.x0.shape == pairs.x1.shape == (700, 2)
    some = pairs.labels == reflow.NO_CLASS
    with torch.no_grad():
        assert torch.allclose(averaged.trajectory(pairs.x0[some])[-1], pairs.x1[some], atol=1e-6)
        averaged.config = averaged.config.model_copy(update={"label": "1"})
        given = pairs.labels == 1
        assert torch.allclose(averaged.trajectory(pairs.x0[given])[-1], pairs.x1[given], atol=1e-6)
    assert 0.4 < float(some.float().mean()) < 0.6, "as often as classes are dropped"
    assert int(given.sum()) > 100


def test_the_loss_is_that_of_straight_lines_between_them(small):
    run = begun(small, label_dropout=1.0)
    pairs, g = run._material, torch.Generator().manual_seed(3)
    chosen = torch.randint(700, (50,), generator=g)
    t = (torch.arange(50) + torch.rand(50, generator=g)) / 50
    x0, x1 = pairs.x0[chosen], pairs.x1[chosen]
    x_t, u_t = STRAIGHT.at(x0, x1, t)
    wanted = (run.family.velocity(x_t, t) - u_t).square().mean()
    found = run.family.loss(torch.zeros(50, 2), torch.Generator().manual_seed(3), None)
    assert float(found.detach()) == pytest.approx(float(wanted.detach()))


def test_the_floor_of_the_data_is_not_that_of_the_pairs(small):
    run = Run(small(steps=STEPS, reflows=1))
    assert can(run.averaged, LossFloor)
    assert not can(begun(small).averaged, LossFloor)


# That it is exact.


def test_rewinding_across_the_boundary_is_bit_for_bit(small):
    run = Run(small(steps=STEPS, reflows=2))
    history = History(run)
    history.every = 5
    train_to(run, run.end, history)
    for step in (STEPS - 1, STEPS, STEPS + 1, 2 * STEPS - 1, 2 * STEPS, 2 * STEPS + 3):
        past = Run(small(steps=STEPS, reflows=2))
        past.load(history.before(step))
        for _ in history.replay(past, step):
            pass
        assert same(past, train_to(Run(small(steps=STEPS, reflows=2)), step))
        other, its_history = history.fork(run, step, {}).reach()
        assert same(train_to(other, run.end, its_history), run)


def test_a_past_run_goes_back_and_forth_between_rounds(small):
    run = Run(small(steps=STEPS, reflows=1))
    history = History(run)
    train_to(run, run.end, history)
    past = Run(run.experiment)
    for step in (STEPS + 4, 3, STEPS + 5):
        past.load(history.before(step))
        for _ in history.replay(past, step):
            pass
        assert past.round == past.averaged.round == (step > STEPS)
        assert same(past, train_to(Run(run.experiment), step))


def test_states_of_a_round_share_its_pairs(small):
    run = begun(small)
    run.advance()
    first = run.state()
    run.advance()
    assert run.state().material is first.material is run._material


def test_one_more_round_can_be_added_to_a_finished_run(small):
    """Reflow on the page: it is the run that it would have been from the start, and is rewound as that is."""
    run = Run(small(steps=STEPS))
    history = History(run)
    train_to(run, STEPS, history)
    assert run.done
    run.edit(reflows=1)
    assert not run.done
    assert run.end == 2 * STEPS
    train_to(run, run.end, history)
    assert same(run, fit(small(steps=STEPS, reflows=1)))
    other, _ = history.fork(run, STEPS - 2, {}).reach()
    assert same(train_to(other, STEPS, history), fit(small(steps=STEPS)))


def test_a_round_that_has_begun_can_not_be_taken_back(small):
    run = begun(small)
    with pytest.raises(ValueError, match="come further than that"):
        run.edit(reflows=0)
    assert run.experiment.config.reflows == 1


# Checkpoints.


@pytest.mark.parametrize("reflows", [0, 1])
def test_a_checkpoint_knows_its_round(small, tmp_path, reflows):
    run, path = fit(small(steps=STEPS, reflows=reflows)), tmp_path / "one.safetensors"
    checkpoints.save(run, path)
    loaded = checkpoints.load(path)
    assert (loaded.round, loaded.end, loaded.done) == (reflows, (1 + reflows) * STEPS, True)
    assert np.array_equal(loaded.sample(50), run.sample(50))
    train_to(loaded, loaded.step + 2)  # from pairs of its own
    assert loaded.round == reflows


def test_a_loaded_flow_is_reflowed_as_the_one_that_was_saved(small, tmp_path):
    run, path = fit(small(steps=STEPS)), tmp_path / "one.safetensors"
    checkpoints.save(run, path)
    loaded = checkpoints.load(path)
    for one in (run, loaded):
        one.edit(reflows=1)
        train_to(one, one.end)
    assert same(run, loaded)


# What it may cost.


def test_all_rounds_count_and_their_pairs():
    Experiment(steps=90_000)
    with pytest.raises(ValidationError, match=r"may take [\d,]+ steps, 10 times"):
        Experiment(steps=90_000, config={"reflows": 9})


# What it is worth.


@pytest.mark.training
def test_reflow_straightens_the_paths_and_makes_one_step_good(monkeypatch):
    """Liu et al., theorem 3.7. One Euler step of the flow ends at the mean of the data."""
    monkeypatch.setattr(reflow, "PAIRS", 8192)
    run = Run(Experiment(dataset="two_moons", steps=1000, config={"width": 64, "batch_size": 256, "reflows": 1}))
    data, bent, missed = run.experiment.data(1000, seed=9), [], []
    for end in (1000, 2000):
        train_to(run, end)
        with torch.no_grad():
            x = run.averaged.trajectory(run.averaged.noise(1000, torch.Generator().manual_seed(1)))
        chord = x[-1] - x[0]
        bent.append(float((10 * x.diff(dim=0) - chord).square().sum(2).mean() / chord.square().sum(1).mean()))
        run.edit(solver="euler", solver_steps=1)
        missed.append(sliced(run.sample(1000), data))
        run.edit(solver="midpoint", solver_steps=10)
    assert bent[1] < bent[0] / 5
    assert missed[1] < missed[0] / 3


def sliced(a: np.ndarray, b: np.ndarray) -> float:
    from playground.metrics.distances import sliced_wasserstein

    return float(sliced_wasserstein(torch.from_numpy(a).to(torch.float64), torch.from_numpy(b)))
