"""What is measured of a VAE: its bound, which latents are active, what lies astray, and its figures."""

import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from playground import Experiment, fit
from playground.families.vae.latent_space import REASONS
from playground.questions import answer
from playground.scene import Scene
from playground.views import VIEWS, charts, figures, notes
from playground.views.common.off_manifold import Neighbourhood
from playground.views.latent.elbo import log_det_scale
from playground.views.latent.likelihood import k_samples
from tests.views.floors import about
from tests.views.latent.latents import SMALL, untrained

# What is measured.


@torch.no_grad()
def test_the_bound_in_own_coordinates(seen):
    """Under the density of the points themselves, −ELBO is no less than −log p, and that no less than the entropy."""
    found = VIEWS["elbo"].measure(seen)
    assert found["elbo"] == pytest.approx(found["rate"] + found["distortion"], abs=1e-4)
    assert found["rate"] == pytest.approx(sum(found[f"kl_{i}"] for i in (1, 2)), abs=1e-4)
    x = torch.from_numpy(seen.data[:1024])
    nll = log_det_scale(seen) - float(seen.model.log_prob(x, 50).mean())
    floor = VIEWS["elbo"].floors(seen)["elbo"]
    assert floor - 0.05 < nll < found["elbo"] + 0.05
    assert log_det_scale(seen) == -2 * math.log(seen.run.normalizer.scale) != 0


def test_sets_without_a_density_have_no_floor():
    drawn = Experiment(family="vae", dataset=np.random.default_rng(0).normal(size=(40, 2))).dataset
    assert VIEWS["elbo"].floors(about(drawn)) == {}


def test_where_no_data_is():
    points = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), axis=2).reshape(-1, 2)
    near = Neighbourhood(np.concatenate([points, points]))
    assert near.radius == 1, "doubles are not each other's neighbours"
    assert near.outside(np.array([[0.5, 0.5], [-0.9, 0.0], [-1.1, 0.0], [np.nan, 0.0]])).tolist() == [
        False,
        False,
        True,
        True,
    ]


def test_fresh_data_is_astray_as_often_as_its_quantile_says(eight):
    floor = VIEWS["off_manifold"].floors(Scene(eight))["off_manifold"]
    assert 3 < floor < 8
    drawing = Experiment(family="vae", dataset=[[0, 0], [1, 0], [0, 1], [1, 2]]).dataset
    assert VIEWS["off_manifold"].floors(about(drawing))["off_manifold"] == 0


@pytest.mark.training
def test_the_note_says_which_units_are_inactive_and_why():
    silent = Scene(fit(Experiment(family="vae", steps=60, config=SMALL | {"beta": 20, "warm_up": 0, "free_bits": 0})))
    said = VIEWS["active"].measure(silent)
    assert said["value"] == "0 of 2"
    assert said["says"] == f"z1, z2 are inactive (posterior collapse). {REASONS['beta']}"


@torch.no_grad()
def test_what_is_not_active_is_inactive():
    """A latent that is the same for all points tells nothing, whatever it costs: count and sentence say the same."""
    scene = untrained()
    scene.model.encoder[-1].weight.zero_()
    said = VIEWS["active"].measure(scene)
    assert said["value"] == "0 of 2"
    assert said["says"] == f"z1, z2 are inactive (posterior collapse). {REASONS['stuck']}"


def test_views_say_what_they_are(eight):
    for view in (*charts(eight.averaged).values(), *figures(eight.averaged).values(), *notes(eight.averaged).values()):
        assert view.title[0].isupper()
        assert view.help.endswith(".")


# Figures on demand.


def test_bounds_of_k_samples():
    weights = torch.tensor([0.0, 1.0, 2.0, 3.0])
    assert float(k_samples(weights, 1)) == pytest.approx(1.5)
    assert float(k_samples(weights, 4)) == pytest.approx(float(weights.exp().mean().log()))
    assert 1.5 < float(k_samples(weights, 2)) < float(k_samples(weights, 4))


def run_through(scene: Scene, figure: str) -> go.Figure:
    return go.Figure(json.loads(answer(scene, {"ask": "plot", "figure": figure})["plot"]))


def test_the_likelihood_falls_towards_the_entropy(seen, monkeypatch):
    monkeypatch.setattr("playground.views.latent.likelihood.POINTS", 40)
    bounds, entropy = run_through(seen, "likelihood").data
    assert list(bounds.x) == [1, 5, 50, 500, 5000]
    assert np.all(np.diff(bounds.y) < 0), "the bound rises with k"
    assert bounds.y[-1] > entropy.y[0] - 0.05


def test_rate_falls_as_beta_rises(seen, monkeypatch):
    monkeypatch.setattr("playground.views.latent.likelihood.TUNING", 30)
    before = {name: p.clone() for name, p in seen.model.state_dict().items()}
    curve, _ = run_through(seen, "over_beta").data
    assert curve.text[0] == "β = 8"
    assert curve.text[-1] == "β = 0.1"
    assert curve.x[0] < curve.x[-1]
    assert curve.y[0] > curve.y[-1]
    assert all(torch.equal(p, before[name]) for name, p in seen.model.state_dict().items()), "the model is left alone"
