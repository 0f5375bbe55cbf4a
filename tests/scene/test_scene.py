"""A scene keeps still what should stay still, and renews in turn what moves."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from playground import Experiment, Run
from playground.budget import STAGE_IMAGES, STAGE_SAMPLES
from playground.data.canvas import HALF
from playground.families import FAMILIES
from playground.scene import Scene, ViewState
from playground.scene.scene import CHAIN_TIMES, PATHS, RENEWAL, between, cell_centres
from playground.training.run import follow


@torch.no_grad()
def ends(scene: Scene) -> np.ndarray:
    return scene.model.trajectory(scene.noise)[-1].numpy()


def close(a, b) -> bool:
    return np.allclose(a, b, atol=1e-4)


def test_the_first_look_is_complete(scene):
    assert not scene.complete
    scene.renew(whole=False)
    assert scene.complete
    assert close(scene.final_samples, ends(scene))
    assert np.array_equal(scene.samples, scene.final_samples)
    assert scene.chain is None


def test_noise_and_data_stay(moons):
    one, other = Scene(moons), Scene(moons)
    assert torch.equal(one.noise, other.noise)
    assert np.array_equal(one.data, other.data)
    assert one.data.shape == one.final_samples.shape == tuple(one.noise.shape) == (STAGE_SAMPLES, 2)
    assert one.data.dtype == np.float32
    assert np.abs(one.data).max() < HALF
    assert not np.isin(one.data, one.fresh(STAGE_SAMPLES, seed=123)).any()


@pytest.mark.parametrize("family", FAMILIES)
def test_another_draw_makes_other_samples_and_the_first_comes_back(family):
    scene = Scene(Run(Experiment(family=family, dataset="two_moons", config={"width": 16})))
    found = []
    for draw in (0, 1, 0):
        scene.see(ViewState(noise_draw=draw))
        assert not scene.complete or not found, "samples of two draws make no picture"
        scene.renew(False)
        found.append(scene.samples.copy())
    assert np.array_equal(found[0], found[2])
    assert not np.isclose(found[0], found[1]).all(1).any()


@pytest.mark.parametrize("seconds_each", [1.0, 1e-5, 1e-9])
def test_after_enough_frames_every_sample_is_renewed(small, seconds_each, monkeypatch):
    """Whatever a sample costs, from one that takes a second to one that takes nothing."""
    run = Run(small(steps=60))
    scene = Scene(run)
    scene.renew(False)
    list(follow(run))
    old, new = scene.final_samples.copy(), ends(scene)
    assert not np.isclose(old, new).all(1).any()
    for _ in range(STAGE_SAMPLES // PATHS + 1):
        scene._seconds_each = seconds_each
        scene.renew(False)
        assert close(scene.final_samples[:PATHS], new[:PATHS]), "those whose paths are drawn are always new"
        if close(scene.final_samples, new):
            break
        assert seconds_each > 1e-9
    assert close(scene.final_samples, new)


def test_a_slow_solver_renews_few(small):
    scene = Scene(Run(small()))
    scene.renew(False)
    scene._seconds_each = 1.0
    share = scene._share()
    assert len(share) == len(share.unique()) == 2 * PATHS
    scene._seconds_each = 1e-12
    assert torch.equal(scene._share().sort().values, torch.arange(STAGE_SAMPLES))


def test_the_whole_chain(scene):
    scene.renew(whole=True)
    assert scene.chain.shape == (len(scene.chain_times), STAGE_SAMPLES, 2)
    assert (scene.chain_times[0], scene.chain_times[-1]) == (0, 1)
    assert np.array_equal(scene.chain[0], scene.noise.numpy())
    assert np.array_equal(scene.chain[-1], scene.final_samples)
    assert np.array_equal(scene.paths, scene.chain[:, :PATHS])
    scene.renew(whole=False)
    assert scene.chain is None, "while the model moves, there is none"


@pytest.mark.parametrize("steps", [1, 2, 32, 33, 100])
def test_chains_have_a_bounded_number_of_times(small, steps):
    scene = Scene(Run(small(solver_steps=steps)))
    scene.renew(whole=True)
    assert len(scene.chain_times) == len(scene.chain) == min(steps + 1, CHAIN_TIMES)
    assert (np.diff(scene.chain_times) > 0).all()
    assert (scene.chain_times[0], scene.chain_times[-1]) == (0, 1)
    scene.renew(whole=False)
    assert len(scene.paths) == len(scene.paths_times) == min(steps + 1, CHAIN_TIMES)


def test_looking_at_another_time(scene):
    scene.look = ViewState(time=0.35)
    scene.renew(whole=True)
    with torch.no_grad():
        trajectories = scene.model.trajectory(scene.noise).numpy()
    assert close(scene.samples, (trajectories[3] + trajectories[4]) / 2)
    assert close(scene.final_samples, trajectories[-1]), "the distance is that of the finished ones"
    scene.look = ViewState(time=0)
    scene.renew(whole=True)
    assert close(scene.samples, scene.noise.numpy())
    scene.look = ViewState(time=1)
    scene.renew(whole=True)
    assert close(scene.samples, scene.final_samples)


def test_another_time_renews_every_sample_even_while_training(scene):
    scene.renew(whole=False)
    scene.see(ViewState(time=0.35))
    scene.renew(whole=False)
    with torch.no_grad():
        trajectories = scene.model.trajectory(scene.noise).numpy()
    assert close(scene.samples, (trajectories[3] + trajectories[4]) / 2)


@pytest.mark.parametrize(("t", "wanted"), [(0, 0), (0.1, 0.4), (0.25, 1), (0.5, 4 / 3), (1, 2)])
def test_between(t, wanted):
    trajectories = np.array([0.0, 1.0, 2.0])[:, None, None] * np.ones((3, 4, 2))
    assert between(trajectories, np.array([0, 0.25, 1]), t) == pytest.approx(np.full((4, 2), wanted))


def test_grid_goes_right_and_then_up():
    places = cell_centres(4).reshape(4, 4, 2)
    assert torch.equal(places[0, :, 0], torch.tensor([-3.0, -1.0, 1.0, 3.0]))
    assert torch.equal(places[:, 0, 1], torch.tensor([-3.0, -1.0, 1.0, 3.0]))
    assert torch.equal(places[3, 0], torch.tensor([-3.0, 3.0])), "top left"


@pytest.mark.parametrize(
    "look",
    [
        {"time": 1.5},
        {"time": -0.1},
        {"time": float("nan")},
        {"time": True},
        {"time": "soon"},
        {"layers": 3},
        {"layers": [1]},
        {"layers": [str(i) for i in range(33)]},
        {"nope": 1},
        "data",
        None,
    ],
    ids=repr,
)
def test_hostile_looks(look):
    with pytest.raises(ValidationError):
        ViewState.model_validate(look)


def test_a_drawing_of_two_points():
    scene = Scene(Run(Experiment(dataset=[[0, 0], [1, 2]], labels=[0, 3])))
    scene.renew(whole=True)
    assert scene.data.shape == (STAGE_SAMPLES, 2)
    assert set(scene.labels) == {0, 3}


# Images.


@pytest.mark.parametrize("family", ["flow", "diffusion"])
def test_images_are_renewed_in_turn_each_from_its_own_noise(family):
    run = Run(Experiment(family=family, dataset="digits", steps=3))
    scene = Scene(run)
    assert scene.count == len(scene.samples) == STAGE_IMAGES
    scene.renew(False)
    list(follow(run))
    old, noise = scene.final_samples.copy(), scene.noise.clone()
    paths = scene.paths.copy()
    scene._seconds_each = RENEWAL["images"] / 5
    scene.renew(False)
    new = ends(scene)
    assert close(scene.final_samples[:5], new[:5])
    assert np.array_equal(scene.final_samples[5:], old[5:]), "the others are as they were"
    assert close(scene.paths[-1, :5], new[:5])
    assert np.array_equal(scene.paths[:, 5:], paths[:, 5:])
    for _ in range(STAGE_IMAGES):
        scene.renew(False)
    assert close(scene.final_samples, new)
    assert torch.equal(scene.noise, noise)


def test_what_is_denoised_is_renewed_with_its_image():
    run = Run(Experiment(family="diffusion", dataset="digits", steps=3))
    scene = Scene(run, ViewState(time=0.5))
    scene.renew(whole=True)
    before = between(scene.denoised[:, :PATHS], scene.chain_times, 0.5)
    list(follow(run))
    scene._seconds_each = RENEWAL["images"] / 5
    scene.renew(False)
    assert scene.denoised.shape == (PATHS, 64)
    assert np.array_equal(scene.denoised[5:], before[5:])
    assert not close(scene.denoised[:5], before[:5])
