"""Images are shown as tiles that are the images, in their order; nothing of the plane is shown of them."""

import json

import numpy as np
import pytest
import torch
from tiles import pieces, values

from playground import Experiment, Run
from playground.data.canvas import HALF
from playground.engine.hosting.camera import Camera, encode
from playground.families import FAMILIES
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.training.checkpoints import SHIPPED, load
from playground.views import VIEWS, layers, layouts
from playground.views.common.images import GAP, SIDE, STILLS, tile_places
from playground.views.common.sharpness import energy
from playground.views.latent.image_codes import CELLS, REACH, STEPS

FRAME = 60_000
"""Most bytes of a live frame in any layout, albums included."""


@pytest.fixture(scope="module", params=FAMILIES)
def run(request) -> Run:
    return Run(Experiment(family=request.param, dataset="digits", steps=5))


@pytest.mark.parametrize("whole", [False, True])
def test_every_layer_of_images_makes_a_frame(run, whole):
    model = FAMILIES[run.experiment.family]
    for layout in layouts(model, "images"):
        camera = Camera(Scene(run, ViewState(layers=frozenset(layers(model)), layout=layout)))
        while not camera.prepared:
            camera.prepare()
        frame = camera.frame(run.snapshot(), whole=whole, state="paused")
        assert frame["kind"] == "images"
        assert set(frame["layers"]) <= set(layers(model, "images"))
        assert "samples" in frame["layers"] or layout != "tiles"
        assert all(
            "times" in piece and "panel" in piece for layer in frame["layers"].values() for piece in pieces(layer)
        )
        assert len(encode(frame)) < (250_000 if whole else FRAME)
        json.dumps(frame, allow_nan=False)
        assert frame["scalars"]["frechet"] > 0
        assert np.isfinite(list(camera.measure_charts().values())).all()


def test_whoever_comes_from_points_sees_the_first_layout(run):
    """The page chooses data and trains at once: it has not heard yet that these are images."""
    frame = Camera(Scene(run, ViewState(layout="journey"))).frame(run.snapshot())
    assert "samples" in frame["layers"]
    of_points = Run(Experiment(family=run.experiment.family, dataset="two_moons"))
    frame = Camera(Scene(of_points, ViewState(layout="tiles"))).frame(of_points.snapshot())
    assert frame["kind"] == "points"
    assert frame["layers"]["samples"]["type"] == "points"


def test_albums_show_the_images(run):
    scene = Scene(run)
    scene.renew(whole=True)
    data = VIEWS["data"].draw(VIEWS["data"].measure(scene, True))
    assert np.allclose(values(data)[0].reshape(-1, 64), scene.data[: SIDE**2], atol=1 / 127)
    samples = VIEWS["samples"].draw(VIEWS["samples"].measure(scene, True))
    wanted = scene.final_samples[: SIDE**2].clip(-1, 1)
    assert np.allclose(values(samples)[-1].reshape(-1, 64), wanted, atol=1 / 127)
    assert (samples["panel"], data.get("panel", 0)) == (1, 0)


def test_samples_keep_their_noise(run):
    first, again = Scene(run), Scene(run)
    for scene in (first, again):
        scene.renew(whole=True)
    assert np.array_equal(first.samples, again.samples)
    if first.chain is not None:
        assert np.array_equal(first.chain[0], first.noise.numpy())


def test_places_go_row_by_row_from_above_and_do_not_overlap():
    xy, side = tile_places(4, 8)
    assert xy.shape == (32, 2)
    assert (np.abs(xy) + side / 2 <= HALF + 1e-9).all()
    assert (np.diff(xy[:8, 0]) > side).all()
    assert np.ptp(xy[:8, 1]) == 0
    assert xy[0, 1] - xy[8, 1] == pytest.approx(side / (1 - GAP))


def test_a_film_is_the_chain():
    scene = Scene(Run(Experiment(family="flow", dataset="digits", steps=1)))
    scene.renew(whole=True)
    strip, moving = VIEWS["film"].draw(VIEWS["film"].measure(scene, True))
    assert strip["times"] == []
    stills = values(strip).reshape(SIDE, STILLS, 64)
    noise, last = scene.noise[:SIDE].numpy().clip(-1, 1), scene.final_samples[:SIDE].clip(-1, 1)
    assert np.allclose(stills[:, 0], noise, atol=1 / 127)
    assert np.allclose(stills[:, -1], last, atol=1 / 127)
    assert values(moving).shape == (len(scene.chain_times), SIDE, 8, 8)
    assert moving["times"] == [round(float(t), 4) for t in scene.chain_times]


def test_what_images_can_be_asked(run):
    scene = Scene(run)
    found = answer(scene, {"ask": "sample", "n": 3, "seed": 2})
    assert np.allclose(found["samples"], run.sample(3, seed=2), atol=1e-5)
    with pytest.raises(ValueError, match="2,000 images"):
        answer(scene, {"ask": "sample", "n": 3_000})
    with pytest.raises(ValueError, match=r"can't.*\."):
        answer(scene, {"ask": "trace", "x": [0, 0]})


@torch.no_grad()
def test_reconstructions_stand_in_the_order_of_their_images():
    run = Run(Experiment(family="vae", dataset="digits", steps=1))
    scene = Scene(run)
    shown = VIEWS["returned"].draw(VIEWS["returned"].measure(scene, False))
    wanted = run.averaged.reconstruct(torch.from_numpy(scene.data[:5])).numpy().clip(-1, 1)
    assert np.allclose(values(shown)[0][:5].reshape(5, 64), wanted, atol=1 / 127)


@pytest.fixture(scope="module")
def vae() -> Scene:
    return Scene(Run(Experiment(family="vae", dataset="digits", steps=1)))


@torch.no_grad()
def test_each_image_of_the_decoded_plane_stands_at_its_latents(vae):
    shown = VIEWS["decoded_plane"].draw(VIEWS["decoded_plane"].measure(vae, False))
    first = torch.full((1, 2), -REACH * (1 - 1 / CELLS))  # the middle of the cell at the lower left
    wanted = vae.model.decode(first).numpy().clip(-1, 1)
    assert np.allclose(values(shown)[0][0].ravel(), wanted, atol=1 / 120)
    assert shown["n"] == CELLS**2


@torch.no_grad()
def test_ways_lead_from_an_image_to_another(vae):
    ends, between = VIEWS["interpolations"].draw(VIEWS["interpolations"].measure(vae, False))
    assert np.allclose(values(ends)[0].reshape(-1, 64), vae.data[: 2 * SIDE], atol=1 / 120)
    back = vae.model.reconstruct(torch.from_numpy(vae.data[: 2 * SIDE])).numpy().clip(-1, 1)
    strips = values(between).reshape(SIDE, STEPS, 64)
    assert np.allclose(strips[:, 0], back[::2], atol=1 / 120)
    assert np.allclose(strips[:, -1], back[1::2], atol=1 / 120)


@torch.no_grad()
def test_pointing_into_the_latent_plane_decodes_there(vae):
    found = answer(vae, {"ask": "decode_image", "x": [0.5, -1.0]})
    wanted = vae.model.decode(torch.tensor([[0.5, -1.0]])).numpy()
    assert np.allclose(found["x"], wanted[0], atol=1e-4)
    assert np.allclose(values(found["layers"]["decoded"])[0].ravel(), wanted.clip(-1, 1), atol=1 / 120)
    assert "(0.50, −1.00)" in found["says"]
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("x", [None, 3, [1], [1, 2, 3], [float("nan"), 0], [1e30, 0], "ab", [True, 0]], ids=repr)
def test_hostile_places(vae, x):
    with pytest.raises(ValueError, match="x"):
        answer(vae, {"ask": "decode_image", "x": x})


def test_points_are_not_decoded_as_images():
    scene = Scene(Run(Experiment(family="vae", dataset="two_moons", steps=1)))
    with pytest.raises(ValueError, match="can't be asked of points"):
        answer(scene, {"ask": "decode_image", "x": [0, 0]})


@torch.no_grad()
def test_three_ways_lead_between_the_images_that_are_picked(vae):
    xy, _ = tile_places(SIDE, SIDE)
    first, second = xy[3].tolist(), (xy[40] + 0.1).tolist()
    begun = answer(vae, {"ask": "images_between", "x": first})
    assert "second image" in begun["says"]
    found = answer(vae, {"ask": "images_between", "x": second, "first": first})
    assert np.allclose(values(found["layers"]["ends"])[0].reshape(2, 64), vae.data[[3, 40]], atol=1 / 120)
    sheet, *rows = found["layers"]["interpolations"]
    assert sheet["framed"]
    assert all(layer["panel"] == 1 for layer in (sheet, *rows))
    back = vae.model.reconstruct(torch.from_numpy(vae.data[[3, 40]])).numpy().clip(-1, 1)
    for still, plays in zip(rows[::2], rows[1::2], strict=True):
        assert np.allclose(values(still)[0].reshape(-1, 64)[[0, -1]], back, atol=1 / 120)
        assert np.allclose(values(plays).reshape(-1, 64)[[0, -1]], back, atol=1 / 120)
        assert (plays["times"][0], plays["times"][-1]) == (0, 1)
    assert len(rows) == 6
    json.dumps(found, allow_nan=False)
    json.dumps(answer(vae, {"ask": "images_between", "x": first, "first": first}), allow_nan=False)


@pytest.mark.parametrize("wrong", [{"x": None}, {"x": [0, 0], "first": [1]}, {"x": [0, "a"]}, {"x": [float("nan"), 0]}])
def test_hostile_picks(vae, wrong):
    with pytest.raises(ValueError, match=r"x|first"):
        answer(vae, {"ask": "images_between"} | wrong)


# Sharpness.


def test_gradient_energy_is_what_its_definition_says():
    edge = np.zeros((1, 2, 3))
    edge[:, :, 2] = 2.0  # two of the four pairs side by side differ by 2, none of the three above each other
    assert energy(edge.reshape(1, 6), (2, 3)) == pytest.approx(2 * 4 / 7)
    grain = torch.randn(2000, 64, generator=torch.Generator().manual_seed(0))
    assert energy(grain, (8, 8)) == pytest.approx(2, rel=0.02)


def test_what_is_blurred_is_less_sharp(run):
    scene = Scene(run)
    scene.final_samples = scene.data
    measured = VIEWS["sharpness"].measure(scene)
    assert measured["sharpness"] == pytest.approx(1, rel=0.1)
    assert VIEWS["sharpness"].floors(scene)["sharpness"] == pytest.approx(1, rel=0.1)
    assert ("sharpness_back" in measured) == hasattr(run.family, "reconstruct")
    scene.final_samples = scene.data / 2
    assert VIEWS["sharpness"].measure(scene)["sharpness"] == pytest.approx(measured["sharpness"] / 4)


def test_a_figure_can_be_the_first_that_is_asked_for():
    """Before a frame was looked at, there are no samples yet."""
    scene = Scene(load("vae"))
    plot = json.loads(answer(scene, {"ask": "plot", "figure": "compare_with_gan"})["plot"])
    xs = [np.ptp(trace["x"]) for trace in plot["data"]]
    assert min(xs) > 3, "the VAE's samples are as wide as the data"


def test_the_shipped_model_blurs():
    scene = Scene(load("vae_digits"))
    scene.renew(whole=True)
    assert 0.4 < VIEWS["sharpness"].measure(scene)["sharpness_back"] < 0.8


# Beside a GAN.


@pytest.mark.parametrize("dataset", [{"name": "digits", "settings": {"classes": 3}}, "smiley"])
def test_a_gan_of_the_same_data_stands_beside(dataset, monkeypatch):
    monkeypatch.setattr("playground.views.latent.compare_with_gan.STEPS", 3)
    run = Run(Experiment(family="vae", dataset=dataset, steps=1))
    run.advance()
    scene = Scene(run)
    scene.renew(whole=True)
    plot = json.loads(answer(scene, {"ask": "plot", "figure": "compare_with_gan"})["plot"])
    gan = scene.kept["gan"]
    assert gan.experiment.dataset == scene.run.experiment.dataset
    assert gan.step == (SHIPPED["gan"].steps if dataset == "smiley" else 3)
    assert [trace["meta"] for trace in plot["data"]] == ["data", "samples", "samples"]
    said = [note["text"] for note in plot["layout"]["annotations"]]
    assert [text.split("<br>")[0] for text in said] == ["Data", "VAE", "GAN"]
    if dataset != "smiley":
        shown = np.array(plot["data"][0]["z"]).reshape(4, 8, 4, 8).swapaxes(1, 2).reshape(16, 64)
        fresh = scene.fresh(1500, scene.run.experiment.seed + 2)[:16]
        assert np.allclose(shown, fresh, atol=0.006)
    answer(scene, {"ask": "plot", "figure": "compare_with_gan"})
    assert scene.kept["gan"] is gan, "it is trained once"
