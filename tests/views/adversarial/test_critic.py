"""The discriminator's map, its arrows, and its judgement of a place."""

import numpy as np
import pytest
import torch

from playground.engine.hosting.camera import Camera
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.scene.scene import cell_centres
from playground.views import VIEWS
from playground.views.adversarial.critic import FAINT, HEAT, LEAST, LONGEST, round_up
from playground.views.adversarial.latents import latents
from tests.views.adversarial.games import game

# The discriminator.


def drawn_map(scene: Scene):
    with torch.no_grad():
        drawn = VIEWS["critic"].draw(measured := VIEWS["critic"].measure(scene, True))
        return drawn, measured["values"], scene.model.critic(cell_centres(HEAT)).numpy().reshape(HEAT, HEAT)


def test_the_map_of_the_default_objective_is_the_probability_of_being_real():
    drawn, values, logits = drawn_map(game())
    assert np.allclose(values, 1 / (1 + np.exp(-logits)), atol=1e-6)
    reach = max(LEAST, abs(values - 0.5).max())
    assert drawn["middle"] == 0.5
    assert reach <= drawn["high"] - 0.5 <= 2.5 * reach
    ends = {"low": pytest.approx(drawn["low"], rel=0.01), "high": pytest.approx(drawn["high"], rel=0.01)}
    assert drawn["bar"] == {"title": "D(x)", **ends, "words": ["fake", "real"]}


@pytest.mark.parametrize(
    ("values", "span"), [([0.45, 0.55], (0.45, 0.55)), ([0.0, 0.6], (0, 1)), ([0.5], (0.45, 0.55))]
)
def test_a_map_near_a_draw_is_magnified_and_says_so(values, span):
    drawn = VIEWS["critic"].draw({"values": np.resize(values, (2, 2))})
    assert (drawn["low"], drawn["high"]) == pytest.approx(span)


@pytest.mark.parametrize("objective", ["least_squares", "hinge", "wasserstein", "relativistic"])
def test_the_map_of_a_score_is_on_the_scale_of_the_points_around_the_boundary(objective):
    scene = game(objective=objective, gradient_penalty=1)
    drawn, values, logits = drawn_map(scene)
    real, fake = (torch.as_tensor(xy) for xy in (scene.data, scene.samples))
    with torch.no_grad():
        boundary = scene.model.boundary(real, fake)
        reach = max(float((scene.model.critic(xy) - boundary).abs().max()) for xy in (real, fake))
    assert np.allclose(values, logits, atol=1e-6)
    assert drawn["middle"] == pytest.approx(boundary, abs=1e-6)
    assert reach <= drawn["high"] - drawn["middle"] <= 2.5 * reach
    assert drawn["high"] - drawn["middle"] == pytest.approx(drawn["middle"] - drawn["low"])
    assert [drawn["bar"]["low"], drawn["bar"]["high"]] == pytest.approx(
        [drawn["low"], drawn["high"]], rel=0.01, abs=1e-3
    )


def test_a_scale_is_a_round_number():
    assert [round_up(v) for v in (0.011, 0.02, 3, 7, 100)] == pytest.approx([0.02, 0.02, 5, 10, 100])
    assert [round_up(v) for v in (0, float("nan"), float("inf"))] == [1, 1, 1]


@pytest.mark.training
def test_the_arrows_go_where_the_logit_rises_and_shrink_when_it_is_flat():
    scene = game()
    arrows = VIEWS["gradient"].measure(scene, True)
    step = torch.as_tensor(arrows["end"] - arrows["start"], dtype=torch.float32)
    start = torch.as_tensor(arrows["start"])
    with torch.no_grad():
        rise = scene.model.critic(start + 1e-2 * step) - scene.model.critic(start - 1e-2 * step)
        assert (rise > 0).float().mean() > 0.95
        assert float(step.norm(dim=1).max()) <= LONGEST * 1.001
        for p in scene.run.averaged.discriminator.parameters():
            p.mul_(1e-3)
    flat = VIEWS["gradient"].measure(scene, True)
    assert np.hypot(*(flat["end"] - flat["start"]).T).max() < 0.1 * LONGEST
    assert FAINT > 0


def test_a_look_at_the_live_networks():
    scene = game(steps=30)
    assert scene.model is scene.run.averaged
    mean = VIEWS["critic"].measure(scene, True)["values"]
    scene.see(ViewState(weights="current", layers=frozenset({"critic", "gradient", "samples"})))
    frame = Camera(scene).frame(scene.run.snapshot(), whole=True)
    assert {"critic", "gradient", "samples"} == frame["layers"].keys()
    with torch.no_grad():
        assert not np.allclose(mean, VIEWS["critic"].measure(scene, True)["values"])
        assert np.allclose(scene.samples, scene.run.family.generate(latents(scene)).numpy())


# Questions.


def test_the_judgement_of_a_place():
    scene = game()
    found = answer(scene, {"ask": "judge", "x": [0.3, 0.2], "t": 1})
    with torch.no_grad():
        place = torch.as_tensor(scene.run.normalizer.to_canvas(np.array([[0.3, 0.2]])), dtype=torch.float32)
        logit = float(scene.model.critic(place))
    assert f"D(x) = {1 / (1 + np.exp(-logit)):.2f}" in found["says"]
    assert ("real" if logit > 0 else "fake") in found["says"]


def test_the_score_of_a_place_stands_beside_the_boundary():
    says = answer(game(objective="least_squares"), {"ask": "judge", "x": [0.3, 0.2], "t": 1})["says"]
    assert "the line is at +0.50" in says
