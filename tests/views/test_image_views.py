"""What a classifier sees in samples: scores beside a perfect model's, classes, the plane of features, guidance."""

import json

import numpy as np
import pytest
import torch
from tiles import pieces, values

from playground import Experiment, Run
from playground.data import NamedSet
from playground.data.canvas import HALF
from playground.engine.hosting.camera import Camera
from playground.questions import answer
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.common.images import LEAST_TIMES, ROOM, SIDE, few
from playground.views.images import quality
from playground.views.images.classes import COLUMNS, seen_as
from playground.views.images.feature_plane import discriminants, placed, plane
from playground.views.images.guidance import ROWS, guided_as, spread
from playground.views.latent.traversal import COLUMNS as PLACES
from playground.views.latent.traversal import REACH

DIGITS = NamedSet(name="digits")


@pytest.fixture(scope="module")
def flow() -> Scene:
    run = Run(Experiment(family="flow", dataset="digits", steps=2))
    run.advance()
    scene = Scene(run)
    scene.renew(whole=True)
    return scene


@pytest.fixture
def perfect(flow) -> Scene:
    """A scene whose samples are images that models learn from."""
    scene = Scene(flow.run)
    learned = DIGITS.distribution.training.points
    scene.final_samples = learned[: len(scene.noise)].astype(np.float32)
    return scene


# Scores.


def test_a_perfect_model_is_in_its_bands_and_noise_is_not(flow, perfect):
    measured, band = VIEWS["frechet"].measure(perfect), VIEWS["frechet"].floors(perfect)
    assert band["frechet_low"] < measured["frechet"] < 1.2 * band["frechet_high"]
    assert VIEWS["frechet"].measure(flow)["frechet"] > 20 * band["frechet_high"]
    shares = VIEWS["precision_recall"].floors(perfect) | VIEWS["density_coverage"].floors(perfect)
    for score in ("precision", "recall", "density", "coverage"):
        assert measured[score] == pytest.approx(shares[score], abs=0.06)
        assert VIEWS["frechet"].measure(flow)[score] < shares[f"{score}_low"]
    kernel = VIEWS["kernel"].floors(perfect)
    assert kernel["kernel_low"] < 0 < kernel["kernel_high"]


def test_a_class_is_compared_with_itself():
    three, any_class = quality.bands(DIGITS, 3, 60), quality.bands(DIGITS, None, 60)
    assert quality.images(DIGITS.distribution, 3).shape[0] == (DIGITS.distribution.labels == 3).sum()
    assert three["frechet"].mean < 0.2
    learned = DIGITS.distribution.training
    of_three = quality.features(DIGITS).see(learned.points[learned.labels == 3][:60]).features
    assert quality.reference(DIGITS, 3).score(of_three).frechet < three["frechet"].high * 1.2
    assert quality.reference(DIGITS, None).score(of_three).frechet > 5 * any_class["frechet"].high


def test_scores_are_seldom_computed_twice(perfect, monkeypatch):
    first = quality.seen(perfect)
    monkeypatch.setattr(quality, "features", None)
    assert quality.seen(perfect) is first
    perfect.final_samples = perfect.final_samples + 1
    with pytest.raises(TypeError):
        quality.seen(perfect)


# Classes.


def test_what_is_seen_as_a_class():
    beliefs = np.array([[0.9, 0.05, 0.05], [0.4, 0.35, 0.25], [0.1, 0.2, 0.7]])
    assert seen_as(beliefs, 3).tolist() == [0, 3, 2]
    assert seen_as(beliefs, 2).tolist() == [0, 2, 2], "the third is no class of the data"


def test_missing_classes_are_told(perfect):
    assert VIEWS["classes"].measure(perfect) == {"classes": 10}
    assert VIEWS["classes"].floors(perfect) == {"classes": 10}
    assert VIEWS["class_names"].measure(perfect)["says"].startswith("None is missing. As seen by a small classifier")
    learned = DIGITS.distribution.training
    kept = learned.points[(learned.labels != 4) & (learned.labels != 7)]
    perfect.final_samples = np.resize(kept, perfect.final_samples.shape).astype(np.float32)
    assert VIEWS["classes"].measure(perfect) == {"classes": 8}
    told = VIEWS["class_names"].measure(perfect)
    assert told["value"] == "8 of 10"
    assert told["says"].startswith("Missing, or almost: 4, 7.")


def test_confidence_is_that_of_held_out_images(flow, perfect):
    band = VIEWS["confidence"].floors(perfect)
    assert band["confidence_low"] < band["confidence"] < band["confidence_high"] <= 1
    assert VIEWS["confidence"].measure(perfect)["confidence"] > band["confidence_low"]
    assert VIEWS["confidence"].measure(flow)["confidence"] < 0.3, "noise"


def test_rows_of_classes_hold_the_samples_seen_as_them(perfect):
    layer = VIEWS["by_class"]
    first, made = layer.draw(layer.measure(perfect, False))
    known = DIGITS.distribution
    for label, image in enumerate(values(first)[0].reshape(-1, 64)):
        assert np.abs(known.points[known.labels == label] - image).max(1).min() < 0.01
    seen = quality.seen(perfect, SIDE**2).probabilities.argmax(1)
    wanted = sum(min(COLUMNS, n) for n in np.bincount(seen, minlength=10))
    assert made["n"] == pytest.approx(wanted, abs=3), "those that are like none are in a row of their own"


def test_histogram(perfect):
    (figure,) = (piece for piece in run_out(VIEWS["class_histogram"].measure(perfect)))
    made, wanted = figure.data
    assert sum(made.y) == pytest.approx(1)
    assert np.allclose(made.y[:10], wanted.y, atol=0.05)
    assert "10 of 10 classes" in figure.layout.title.text


def run_out(generator):
    """What a generator returns, as a list of one."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return [end.value]


def test_images_of_one_class_have_no_views_of_classes():
    zeros = {"name": "digits", "settings": {"classes": 1}}
    absent = {
        family: set(answer(Scene(Run(Experiment(family=family, dataset=zeros))), {"ask": "constants"})["absent"])
        for family in ("gan", "flow")
    }
    assert {"classes", "confidence", "class_names", "by_class"} <= absent["gan"]
    assert "frechet" not in absent["gan"]
    assert {"guidance_grid", "confusion"} <= absent["flow"]


# Nearest images, strips, the plane of features.


def test_the_nearest_training_image_stands_beside_a_sample(perfect):
    known = perfect.run.pool.numpy()
    rng, n = np.random.default_rng(0), SIDE**2
    perfect.final_samples = (known[:n] + 0.05 * rng.normal(size=(n, 64))).astype(np.float32)
    samples, nearest = VIEWS["nearest_images"].draw(VIEWS["nearest_images"].measure(perfect, False))
    assert np.allclose(values(nearest)[0].reshape(-1, 64), known[: nearest["n"]], atol=1 / 120)
    shown = perfect.final_samples[: samples["n"]].clip(-1, 1)
    assert np.allclose(values(samples)[0].reshape(-1, 64), shown, atol=1 / 120)


def test_noised_images_go_from_the_image_to_the_noise_it_is_paired_with(flow):
    strip, moving = VIEWS["noised_images"].draw(VIEWS["noised_images"].measure(flow, True))
    first = values(strip).reshape(SIDE, -1, 64)
    assert np.allclose(first[:, 0], flow.data[:SIDE], atol=1 / 120)
    assert np.allclose(first[:, -1], flow.noise[:SIDE].numpy().clip(-1, 1), atol=1 / 120)
    assert np.allclose(values(moving)[-1].reshape(-1, 64), flow.data[:SIDE], atol=1 / 120)
    assert (moving["times"][0], moving["times"][-1]) == (0, 1)


@pytest.mark.parametrize("dim", [64, 784, 3072])
def test_many_pixels_have_fewer_times(dim):
    images, times = few(np.zeros((17, 64, dim)), np.linspace(0, 1, 17))
    assert len(images) == len(times)
    assert times[0] == 0
    assert times[-1] == 1
    assert images.size <= ROOM or len(times) == LEAST_TIMES
    assert len(times) == 17 or images.size > ROOM / 2


def test_discriminants_tell_classes_apart():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 200)
    x = rng.normal(size=(600, 5)) * [1, 1, 10, 1, 1]
    x[:, 3] += 6 * (labels == 1)
    x[:, 4] += 6 * (labels == 2)
    axes = discriminants(x, labels)
    assert np.abs(axes[[0, 1, 2]]).max() < 0.1 * np.abs(axes[[3, 4]]).max(), "neither noise nor the widest direction"
    widest = discriminants(x, np.zeros(600, int))
    assert np.abs(widest[2, 0]) > 0.99, "of one class, the widest"


def test_the_plane_of_features_is_fixed_by_the_data(flow):
    found = plane(DIGITS)
    assert np.abs(np.quantile(found.xy, [0.02, 0.98], axis=0)).max() < HALF
    again = placed(flow, found.images.astype(np.float32))
    assert np.allclose(again, found.xy, atol=1e-3)
    middles = np.array([found.xy[found.labels == label].mean(0) for label in range(10)])
    apart = np.linalg.norm(middles[:, None] - middles, axis=-1)[np.triu_indices(10, 1)]
    assert apart.mean() > 2, "classes are apart"


def test_samples_move_in_the_plane_of_features(flow):
    layer = VIEWS["feature_samples"]
    paths, points = layer.draw(layer.measure(flow, True))
    assert points["times"] == paths["times"]
    assert (points["times"][0], points["times"][-1]) == (0, 1)
    live = layer.draw(layer.measure(flow, False))
    assert live["times"] == []
    assert live["n"] == points["n"]


def test_pointing_at_features_shows_what_lies_there(flow):
    place = plane(DIGITS).xy[7].tolist()
    found = answer(flow, {"ask": "images_at", "x": place})
    blue, orange = found["layers"]["images"]
    assert np.allclose(values(blue)[0].reshape(64), plane(DIGITS).images[7], atol=1 / 120)
    assert orange["colour"] == "samples"
    assert "held-out image" in found["says"]
    json.dumps(found, allow_nan=False)
    for wrong in ({"x": None}, {"x": [0, "a"]}, {"x": [0, 0], "t": 2}):
        with pytest.raises(ValueError, match=r"x|t"):
            answer(flow, {"ask": "images_at"} | wrong)


# Guidance, and what is confused.


def test_a_model_is_asked_for_a_class(flow):
    asked = guided_as(flow.model, 3, 2.0)
    assert (asked.label, asked.config.guidance) == (3, 2.0)
    assert flow.model.label is None, "the model itself is not changed"
    assert next(asked.parameters()) is next(flow.model.parameters())


@torch.no_grad()
def test_guidance_stands_row_by_row(flow):
    layer = VIEWS["guidance_grid"]
    shown = layer.draw(layer.measure(flow, True))
    assert shown["n"] == 10 * len(ROWS)
    rows = values(shown)[0].reshape(len(ROWS), 10, 64)
    assert np.ptp(rows[0], axis=0).max() < 0.02, "without guidance, all classes are the same"
    wanted = guided_as(flow.model, 4, ROWS[2]).trajectory(flow.noise[:1])[-1].numpy().clip(-1, 1)
    assert np.allclose(rows[2, 4], wanted[0], atol=1 / 100)


@pytest.mark.parametrize("figure", ["conditional_accuracy", "confusion"])
@pytest.mark.parametrize("family", ["flow", "diffusion"])
def test_figures_of_classes(family, figure):
    run = Run(Experiment(family=family, dataset="digits", steps=2))
    run.advance()
    plot = json.loads(answer(Scene(run), {"ask": "plot", "figure": figure})["plot"])
    if figure == "confusion":
        assert np.allclose(np.sum(plot["data"][0]["z"], axis=1), 1)
    else:
        right, varied = plot["data"]
        assert right["x"] == list(ROWS)
        assert all(0 <= y <= 1 for y in right["y"])
        assert min(varied["y"]) > 0


def test_spread():
    x = np.array([[0.0, 0], [2, 0], [10, 0], [10, 4]])
    assert spread(x, np.array([0, 0, 1, 1])) == pytest.approx(np.sqrt((1 + 1 + 4 + 4) / 4))


# The collapse detector.


@pytest.mark.parametrize("missing", [(), (3, 8)])
def test_missing_classes_of_images_raise_an_alert(missing):
    run = Run(Experiment(family="gan", dataset="digits", steps=100))
    learned = DIGITS.distribution.training
    kept = torch.as_tensor(learned.points[~np.isin(learned.labels, missing)], dtype=torch.float32)
    run.averaged.generate = lambda z: kept[torch.arange(len(z)) % len(kept)]  # a generator that repeats images
    scene, found = Scene(run), None
    for run.step in range(80, 101, 4):
        found = VIEWS["collapse"].measure(scene)
    if not missing:
        assert found is None
        return
    assert found["title"] == "Mode dropping"
    assert found["sentence"].endswith("it holds 8 of 10. Given up: 3, 8.")
    assert found["remedies"]


@pytest.mark.parametrize(
    ("dataset", "watched"),
    [("digits", True), ({"name": "digits", "settings": {"classes": 1}}, False), ("mnist", False), ("shapes", False)],
)
def test_which_images_are_watched(dataset, watched):
    camera = Camera(Scene(Run(Experiment(family="gan", dataset=dataset, steps=1))))
    assert ("alerts" in camera.frame(camera.scene.run.snapshot())) is watched


# What decodes latents.


@pytest.mark.parametrize(
    ("family", "name", "decode"), [("vae", "traversal", "decode"), ("gan", "sample_traversal", "generate")]
)
@torch.no_grad()
def test_each_row_moves_one_latent(family, name, decode):
    scene = Scene(Run(Experiment(family=family, dataset="digits", steps=1)))
    layer = VIEWS[name]
    start, moving = layer.rows(scene)
    (shown,) = pieces(layer.draw(layer.measure(scene, False)))
    assert shown["n"] == len(moving) * PLACES
    z = start[-1].clone()
    z[moving[-1]] = -REACH
    wanted = getattr(scene.model, decode)(z[None]).numpy().clip(-1, 1)
    assert np.allclose(values(shown)[0][-PLACES].ravel(), wanted, atol=1 / 100)


@torch.no_grad()
def test_samples_lead_to_samples():
    scene = Scene(Run(Experiment(family="gan", dataset="digits", steps=1)))
    layer = VIEWS["sample_interpolations"]
    rows = values(layer.draw(layer.measure(scene, False))).reshape(SIDE, SIDE, 64)
    ends = scene.model.generate(scene.model.latent(2 * SIDE, scene.rng())).numpy().clip(-1, 1)
    assert np.allclose(rows[:, 0], ends[::2], atol=1 / 100)
    assert np.allclose(rows[:, -1], ends[1::2], atol=1 / 100)
