"""The latent plane: what is drawn is true to the numbers, whatever the model has become."""

import json

import numpy as np
import pytest
import torch

from playground.data.canvas import HALF
from playground.engine.hosting.camera import Camera, encode
from playground.families.vae.vae import VAE
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.views import LAYOUTS, VIEWS, layers, layouts
from playground.views.latent.plane import Plane, plane, posteriors
from playground.views.latent.spaces import POSTERIORS, RAYS, areas
from tests.views.latent.latents import read, untrained

HALF_STEP = 1.01 * HALF / 65535


def test_a_family_that_encodes_opens_on_both_spaces(eight):
    assert next(iter(layouts(eight.averaged))) == "latent"
    assert "latent" not in layouts(torch.nn.Module())
    assert LAYOUTS["latent"].panels == ("Data", "Latent")


@torch.no_grad()
def test_ellipses_are_true_to_scale(seen):
    """The half-axes in the picture are the encoder's standard deviations, to the last step of the encoding."""
    drawn = VIEWS["posteriors"].draw(VIEWS["posteriors"].measure(seen, whole=True))
    mean, std = seen.model.encode(torch.from_numpy(seen.data[:POSTERIORS]))
    at = plane(seen)
    assert (at.dims, at.half) == ((0, 1), HALF)
    centres, first, second = (read(drawn, name) for name in ("xy", "first", "second"))
    assert np.abs(centres - mean.numpy()).max() <= HALF_STEP
    assert np.abs(np.abs(first - centres) - std.numpy() * [1, 0]).max() <= 2 * HALF_STEP
    assert np.abs(np.abs(second - centres) - std.numpy() * [0, 1]).max() <= 2 * HALF_STEP


@torch.no_grad()
def test_codes_that_wander_off_widen_the_plane():
    scene = untrained()
    scene.model.encoder[-1].bias[:2] += torch.tensor([9.0, 0.0])
    at = plane(scene)
    assert at.half == 16
    assert "16" in at.title
    mean, std = posteriors(scene)
    measured = VIEWS["posteriors"].measure(scene, whole=True)
    assert np.allclose(measured["centres"], mean[:POSTERIORS].numpy() * HALF / 16)
    assert np.allclose(measured["axes"][:, 0, 0], std[:POSTERIORS, 0].numpy() * HALF / 16)
    places = torch.tensor([[1.0, -2.0]])
    assert np.allclose(at.to_canvas(at.lift(places)), places)


@torch.no_grad()
def test_of_many_latents_the_two_most_active_are_shown():
    scene = untrained(latents=5)
    last = scene.model.encoder[-1]
    last.weight[:5] *= torch.tensor([0.01, 30.0, 0.01, 0.01, 10.0])[:, None]
    at = plane(scene)
    assert at.dims == (1, 4)
    assert at.title.startswith("Latent: z2 × z5, the most active of 5")
    assert torch.equal(at.lift(torch.ones(1, 2))[0, [0, 2, 3]], torch.zeros(3))
    last.weight[0] *= 1000.0 * 1.1  # a little more active than the second of those that are shown: no reason to jump
    assert plane(scene).dims == (1, 4)
    last.weight[0] *= 30
    assert 0 in plane(scene).dims


@pytest.mark.parametrize("name", layers(VAE, "points"))
@pytest.mark.parametrize("config", [{}, {"latents": 1}, {"latents": 4}, {"prior": "standard"}], ids=str)
def test_every_layer_of_every_model_can_be_drawn(name, config):
    scene = untrained(**config)
    scene.renew(whole=False)
    for _ in range(2):
        drawn = VIEWS[name].draw(VIEWS[name].measure(scene, whole=False))
        json.dumps(drawn, allow_nan=False)


def test_nothing_moves_while_the_model_rests(seen):
    for view in layers(VAE, "points").values():
        one, other = view.measure(seen, whole=False), view.measure(seen, whole=False)
        assert all(np.array_equal(one[key], other[key]) for key in one), view.title


def test_a_model_that_blew_up_still_makes_a_frame():
    scene = untrained()
    for p in scene.model.parameters():
        p.fill_(torch.nan)
    camera = Camera(Scene(scene.run, ViewState(layout="latent", layers=frozenset(layers(VAE, "points")))))
    for whole in (False, True):
        json.dumps(camera.frame(scene.run.snapshot(), whole=whole), allow_nan=False)
    assert plane(scene).half == HALF
    for question in ({"ask": "decode", "x": [0.0, 0.0]}, {"ask": "encode", "x": [0.0, 0.0]}):
        answer(scene, question)


def test_live_frames_are_small(eight):
    for look in (
        ViewState(layout="latent", layers=frozenset(n for n, v in layers(VAE, "points").items() if v.default_on)),
        ViewState(layout="latent", layers=frozenset(layers(VAE, "points"))),
    ):
        camera = Camera(Scene(eight, look))
        camera.frame(eight.snapshot())
        assert len(encode(camera.frame(eight.snapshot(), state="training", message="", rate=1234))) <= 30_000


def test_masses_are_exact():
    """In the cells of a square: of narrow Gaussians, which a grid of points would miss, and of those that leave it."""
    at = Plane((0, 1), 2, HALF)
    means, stds = torch.tensor([[0.13, 0.07], [-2.0, 1.0]]), torch.tensor([[1e-4, 1e-4], [0.5, 2.0]])
    masses = at.masses(40, means, stds)
    assert masses[20, 20] == pytest.approx(0.5, abs=1e-3), "the narrow one lies in one cell"
    normal = torch.distributions.Normal(1.0, 2.0)
    inside = float(normal.cdf(torch.tensor(4.0)) - normal.cdf(torch.tensor(-4.0)))
    assert masses.sum() == pytest.approx(0.5 + 0.5 * inside, abs=1e-3)
    assert at.masses(8, means, stds, torch.tensor([1.0, 0.0])).sum() == pytest.approx(1, abs=1e-4)


def test_holes_are_where_the_prior_has_more_mass(seen):
    measured = VIEWS["holes"].measure(seen, whole=True)
    assert measured["prior"].sum() == pytest.approx(1, abs=1e-3)
    assert 0.5 < measured["codes"].sum() <= 1 + 1e-5
    drawn = VIEWS["holes"].draw({"prior": measured["prior"], "codes": measured["prior"]})
    assert set(drawn["values"]) <= set("A="), "no hole where codes fill the prior"


def test_reconstructions_and_the_decoded_plane_are_the_decoders(seen):
    measured = VIEWS["reconstructions"].measure(seen, whole=True)
    with torch.no_grad():
        back = seen.model.reconstruct(torch.from_numpy(seen.data[:RAYS]))
        middle = seen.model.decode(torch.zeros(1, 2))
    assert np.allclose(measured["to"], back, atol=1e-6)
    vertices = VIEWS["decoded"].measure(seen, whole=True)["vertices"]
    assert np.allclose(vertices[len(vertices) // 2, len(vertices) // 2], middle, atol=1e-6)


def test_areas_of_bent_cells():
    y, x = np.meshgrid(np.arange(3.0), np.arange(3.0), indexing="ij")
    assert np.allclose(areas(np.stack([2 * x + y, y], axis=2)), 2), "shearing keeps the area"


def test_samples_by_class_lie_where_the_classes_codes_are(seen):
    measured = VIEWS["origins"].measure(seen, whole=True)
    mean, std = (part[:256] for part in posteriors(seen))
    z = torch.from_numpy(measured["z"])
    each = torch.distributions.Normal(mean, std).log_prob(z[:, None]).sum(-1)
    for label, scores in zip(measured["labels"], each, strict=True):
        by_class = [scores[seen.labels[:256] == c].logsumexp(0) for c in range(8)]
        assert int(np.argmax(by_class)) == label
