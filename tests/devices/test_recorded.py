"""Recorded steps are the steps that were recorded: on a GPU only."""

import threading

import numpy as np
import pytest
import torch

from playground import Diverged, Experiment, Run
from playground.families import FAMILIES
from playground.training.run import follow
from playground.training.stepper import Deferred, Recorded, Stepper

CONFIGS = {
    "flow": [
        {},
        {"path": "variance_exploding"},
        {"path": "drawn", "sigma_min": 0.1, "times": "middle"},
        {"source": "uniform"},
        {"mean_flow": "on"},
        {"space": "latents", "latents": 8},
    ],
    "vae": [{}, {"prior": "standard", "importance_samples": 2}, {"prior": "mixture", "free_bits": 0.5}],
    "diffusion": [
        {},
        {"noise_schedule": "edm", "target": "edm"},
        {"noise_schedule": "sigmoid", "target": "noise"},
        {"space": "latents", "latents": 8},
    ],
    "normalizing_flow": [{}],
    "gan": [
        {},
        {"instance_noise": 0.2, "gradient_penalty": 1.0, "discriminator_steps": 2},
        {"unrolling": 2, "minibatch_statistics": "on", "spectral_normalisation": "on", "packing": 2},
        {"objective": "relativistic", "r2": 0.2},
    ],
}
KINDS = [(family, config) for family in FAMILIES for config in CONFIGS.get(family, [{}])]
CARRIES = "flow", {"source": "ring"}
"""One data set into another, which images can't be."""

CASES = [(*kind, dataset) for kind in KINDS for dataset in ("two_moons", "digits")] + [(*CARRIES, "two_moons")]


@pytest.fixture(autouse=True)
def only_on_a_gpu(device):
    if device.type != "cuda":
        pytest.skip("only CUDA records steps")


def weights(run: Run) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for model in (run.family, run.averaged) for p in model.parameters()])


def graphs(run: Run) -> int:
    assert isinstance(run._stepper, Recorded)
    assert run._stepper.recordable
    return run._stepper.recorded


def both(device, family="flow", dataset="two_moons", steps=200, **config) -> tuple[Run, Run]:
    wanted = Experiment(family=family, dataset=dataset, steps=steps, seed=2, config=config)
    return Run(wanted, device, Recorded), Run(wanted, device, Deferred)


def advance(run: Run, steps: int, only: str | None = None) -> None:
    for _ in range(steps):
        run.advance(only)


@pytest.mark.parametrize(("family", "config", "dataset"), CASES, ids=str)
def test_recorded_is_eager(device, family, config, dataset):
    recorded, eager = both(device, family, dataset, **config)
    for steps in (40, 10):
        for run in (recorded, eager):
            advance(run, steps)
        assert recorded.snapshot().scalars == pytest.approx(eager.snapshot().scalars, rel=1e-4)
    penalties = getattr(eager.family.config, "penalty_every", 1)
    assert graphs(recorded) == (1 if penalties == 1 else 2)
    assert torch.equal(recorded.state().generator, eager.state().generator)
    assert torch.allclose(weights(recorded), weights(eager), atol=1e-5)


@pytest.mark.parametrize(("family", "config", "dataset"), CASES, ids=str)
def test_a_step_waits_for_nothing(device, family, config, dataset):
    eager = both(device, family, dataset, **config)[1]
    advance(eager, 5)
    eager.check()
    torch.cuda.set_sync_debug_mode("error")
    try:
        advance(eager, 5)
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_bit_for_bit(device):
    recorded, eager = both(device)
    for run in (recorded, eager):
        advance(run, 60)
    assert torch.equal(weights(recorded), weights(eager))


@pytest.mark.parametrize("stepper", [Stepper, Deferred, Recorded])
@pytest.mark.parametrize("dataset", ["ring", "digits"])
@pytest.mark.parametrize("family", FAMILIES)
def test_looking_changes_nothing(device, family, dataset, stepper):
    """If only `Recorded` fails, it is the recording that differs; if all do, the GPU itself."""
    wanted = Experiment(family=family, dataset=dataset, steps=200)
    watched, alone = (Run(wanted, device, stepper) for _ in range(2))
    for _ in range(40):
        watched.advance()
        watched.sample(10)
    advance(alone, 40)
    assert torch.equal(weights(watched), weights(alone))


def test_a_run_may_go_on_in_another_thread(device):
    passed_on, alone = (Run(Experiment(dataset="ring", steps=200), device) for _ in range(2))
    for _ in range(4):
        thread = threading.Thread(target=advance, args=(passed_on, 10))
        thread.start()
        thread.join()
    advance(passed_on, 1)
    advance(alone, 41)
    assert torch.equal(weights(passed_on), weights(alone))


def test_new_settings_are_recorded_anew(device):
    recorded, eager = both(device, "gan")
    for changes in ({"batch_size": 64}, {"discriminator_steps": 2, "r1": 1.0}, {"schedule": "constant"}):
        for run in (recorded, eager):
            advance(run, 20)
            advance(run, 5, "generator")
            advance(run, 5, "discriminator")
            run.edit(**changes)
        assert graphs(recorded) == 0
    for run in (recorded, eager):
        advance(run, 20)
    assert torch.allclose(weights(recorded), weights(eager), atol=1e-4)


def test_states_come_back(device):
    run = both(device, "vae")[0]
    advance(run, 20)
    state = run.state()
    advance(run, 30)
    wanted = weights(run).clone()
    for _ in range(2):
        run.load(state)
        advance(run, 30)
        assert torch.equal(weights(run), wanted)


def test_runs_side_by_side_are_runs_alone(device):
    wanted = [Experiment(family=family, dataset="ring", steps=200) for family in FAMILIES]
    together = [Run(one, device) for one in wanted]
    for _ in range(50):
        for run in together:
            run.advance()
            run.sample(10)
    for one, run in zip(wanted, together, strict=True):
        alone = Run(one, device)
        advance(alone, 50)
        assert torch.equal(weights(alone), weights(run))


def test_a_divergence_comes_back_to_a_good_picture(device):
    config = {"learning_rate": 1.0, "schedule": "constant"}
    run = Run(Experiment(dataset="two_moons", steps=3000, config=config), device)
    run.snapshot()
    with pytest.raises(Diverged) as caught:
        list(follow(run, 3))
    assert run.step == caught.value.step
    run.restore()
    assert np.abs(run.sample(100)).max() < 100


def test_it_learns(device):
    run = Run(Experiment(dataset="two_moons", steps=800), device)
    first, *_, last = (snapshot.scalars["loss"] for snapshot in follow(run, 50))
    assert last < 0.9 * first, "the floor is at .8"
