"""Why flow matching works, seen: couplings, conditional velocities and their mean, gradients of the two objectives."""

import re

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.families.paths import STRAIGHT
from playground.questions import answer, in_pieces
from playground.scene import Scene, ViewState
from playground.views import VIEWS, figures, layers
from playground.views.matching import gradient_identity
from playground.views.matching.conditional import DRAWN, could_lead_to, drawn, fan, posterior
from playground.views.matching.coupling import Told, best_cost, cost, crossing
from playground.views.matching.transport_cost import SIZES


@pytest.fixture(scope="module")
def untrained() -> Scene:
    return Scene(Run(Experiment(dataset="two_moons", config={"width": 16, "depth": 2})))


def returned(pieces):
    """What a generator returns."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


# Couplings.


def places(*rows: tuple[float, float]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)


def test_lines_cross_that_would_be_shorter_with_their_ends_exchanged():
    left = places((0, 0), (0, 1), (0, 2))
    right = places((1, 0), (1, 1), (1, 2))
    assert crossing(left, right) == 0
    assert crossing(left, right.flip(0)) == 1
    assert crossing(left, right[[0, 2, 1]]) == pytest.approx(1 / 3)
    assert crossing(left[:1], right[:1]) == 0, "one line has none to cross"


def test_optimal_transport_is_cheapest_and_has_no_crossings():
    x0, x1 = torch.randn(2, 200, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    on_a_line = [torch.stack([x[:, 0], 0 * x[:, 0]], 1) for x in (x0, x1)]
    in_order = [x[x[:, 0].argsort()] for x in on_a_line]
    assert best_cost(*on_a_line) == pytest.approx(cost(*in_order)), "on a line, it keeps the order"
    assert crossing(*in_order) == 0
    assert crossing(x0, x1) == pytest.approx(0.5, abs=0.02), "of independent pairs, every other pair crosses"
    shift = places((3, -1))
    assert best_cost(x0, (x0 + shift)[torch.randperm(200)]) == pytest.approx(10), "a shift is moved as it is"


def test_the_layer_tells_of_a_batch_as_it_is_trained_on(untrained):
    measured = VIEWS["coupling"].measure(untrained, True)
    told = Told(*measured["told"].tolist())
    paths = measured["xy"]
    assert told.crossing == pytest.approx(0.5, abs=0.1)
    assert 0 < told.best < told.cost
    assert np.allclose(paths[4], (paths[0] + paths[-1]) / 2, atol=1e-5), "straight, at constant speed"
    away = torch.cdist(torch.as_tensor(paths[-1]).double(), untrained.run.pool.double()).min(1).values
    assert float(away.max()) < 1e-5, "from noise to the data"
    assert VIEWS["coupling"].measure(untrained, False) is measured, "it is the same in each frame"


def test_larger_batches_come_nearer_to_optimal_transport(untrained):
    figure = returned(VIEWS["transport_cost"].measure(untrained))
    independent, optimal, batches, mine = (np.array(trace.y) for trace in figure.data)
    assert np.all(np.diff(batches) < 0)
    assert 0 < optimal[0] < batches[-1]
    scale = untrained.run.normalizer.scale**2
    expected = (2 + float(untrained.run.pool.square().sum(1).mean())) / scale  # E‖x0‖² + E‖x1‖²
    assert independent[0] == pytest.approx(expected, rel=0.05)
    assert mine[0] == pytest.approx(independent[0], rel=0.05), "a flow pairs at random"
    assert list(figure.data[2].x) == [1, *SIZES]
    assert batches[0] == independent[0]
    assert figure.data[3].x[0] == 1, "each pair by itself"


def test_what_is_coupled_is_told_as_it_is():
    """Pairs of transport, 256 at once, cost what the best do, and don't cross. What pulls at a place is unknown."""
    config = {"width": 16, "coupling": "optimal_transport", "coupled": 256, "batch_size": 256}
    scene = Scene(Run(Experiment(dataset="two_moons", config=config)))
    told = Told(*VIEWS["coupling"].measure(scene, True)["told"].tolist())
    assert told.crossing == 0
    assert told.cost == pytest.approx(told.best)
    *_, line, ring = returned(VIEWS["transport_cost"].measure(scene)).data
    assert ring.x[0] == 256
    assert ring.y[0] == pytest.approx(line.y[1 + SIZES.index(256)], rel=0.05)
    assert "conditional" not in layers(scene.model)
    assert "gradient_identity" not in figures(scene.model)
    found = answer(scene, {"ask": "probe", "x": [0.0, 0.0], "t": 0.5})
    assert found["says"].startswith("At t = 0.50: log p = ")
    assert "layers" not in found


# Conditional velocities and their mean.


@pytest.mark.parametrize("family", ["flow", "diffusion"])
@pytest.mark.parametrize("t", [0.0, 0.4, 0.8])
def test_the_mean_of_conditional_velocities_is_the_marginal_one(family, t):
    """For the flow, a path that leads from x at t to a datum has the velocity (datum − x) / (1 − t)."""
    scene = Scene(Run(Experiment(family=family, dataset="ring", config={"width": 16})))
    x, times = torch.tensor([[0.4, -0.3], [1.0, 1.5]]), torch.full((2,), t)
    weights, data = posterior(scene, x, times), could_lead_to(scene)
    assert torch.allclose(weights.sum(1), torch.ones(2).double())
    if family == "flow":
        conditional = (data[None] - x[:, None]) / (1 - t)
        mean = (weights[..., None] * conditional).sum(1)
    else:
        mean = scene.model.velocity(x.double(), times.double(), weights @ data)
    assert torch.allclose(mean, scene.model.exact_velocity(x.double(), times.double(), data), atol=1e-6)


def test_a_few_lines_stand_for_all_at_every_time(rng):
    data = rng.normal(size=(1500, 2))
    logits = -np.square(data[None] - [1, 0.5]).sum(2) * np.array([0, 0.3, 2, 20])[:, None]
    weights = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    mean, total = np.zeros((4, 2)), np.zeros(4)
    for _ in range(300):
        order = rng.permutation(1500)
        chosen, opacity = drawn(weights[:, order])
        assert len(chosen) <= 4 * DRAWN
        mean += opacity @ data[order][chosen] / DRAWN / 300
        total += opacity.sum(1) / DRAWN / 300
    assert total == pytest.approx(1, abs=0.03)
    assert np.abs(mean - weights @ data).max() < 0.06


def test_the_fan_ends_where_the_velocities_lead(moons):
    """On straight paths, the exact velocity leads to the mean of the data that pull."""
    scene, times = Scene(moons), np.array([0.0, 0.5])
    xy = np.array([[[0.5, 0.5]], [[0.3, -0.2]]])
    measured = fan(scene, xy, times)
    x, t = torch.tensor(xy[:, 0]).float(), torch.tensor(times).float()
    mean = posterior(scene, x, t) @ could_lead_to(scene)
    assert np.allclose(measured["exact"][:, 0], mean, atol=1e-4)
    assert np.linalg.norm(measured["learned"] - measured["exact"], axis=-1).max() < 0.5, "the network has learned it"
    [lines, *_] = VIEWS["conditional"].draw(measured)
    assert lines["times"] == [0, 0.5]
    assert lines["ends"] == 1


def test_the_layer_follows_samples(moons):
    scene = Scene(moons, ViewState(time=0.5))
    scene.renew(whole=True)
    whole, now = (VIEWS["conditional"].measure(scene, all_times) for all_times in (True, False))
    assert whole["xy"].shape == (11, 3, 2)
    assert np.allclose(whole["xy"][5], now["xy"][0], atol=1e-5)
    lines = VIEWS["conditional"].draw(now)[0]
    assert lines["times"] == []
    assert lines["n"] == now["from"].shape[1]


@pytest.mark.parametrize("family", ["flow", "diffusion"])
def test_a_probe_says_what_pulls(family):
    scene = Scene(Run(Experiment(family=family, dataset="two_moons", config={"width": 16})))
    found = answer(scene, {"ask": "probe", "x": [0.0, 0.0], "t": 0.0})
    count = re.search(r"90% of the pull comes from ([\d,]+) of 1,500 data", found["says"])
    assert count is not None
    assert int(count[1].replace(",", "")) == pytest.approx(1350, abs=2), (
        "all pull alike, or nearly, in diffusion's case"
    )
    place = scene.run.normalizer.to_canvas(np.zeros((1, 2)))
    log_p = -np.square(place).sum() / 2 - np.log(2 * np.pi) + 2 * np.log(scene.run.normalizer.scale)
    assert f"log p = {log_p:.2f} nats".replace("-", "−") in found["says"], "noise has a known density"
    trace = answer(scene, {"ask": "trace", "x": [0.0, 0.0], "t": 0.0})
    assert found["path"] == trace["path"]
    late = answer(scene, {"ask": "probe", "x": [0.0, 0.0], "t": 1.0})
    assert "from 1 of 1,500 data" in late["says"]
    assert "velocity" not in late["says"], "that of finite data has no bound"


def test_a_probe_yields_while_it_computes(moons):
    assert sum(1 for _ in in_pieces(Scene(moons), {"ask": "probe", "x": [0.0, 0.0], "t": 0.5})) >= 20


# Two objectives, one gradient.


def measured(scene: Scene, monkeypatch) -> tuple[float, list[float], list[float]]:
    """The cosine of the mean gradients, and the uncertainties of both."""
    monkeypatch.setattr(gradient_identity, "BATCHES", 128)
    monkeypatch.setattr(gradient_identity, "MOMENTS", np.array([1, 8, 128]))
    cosine, conditional, marginal = returned(VIEWS["gradient_identity"].measure(scene)).data
    return cosine.y[-1], list(conditional.y), list(marginal.y)


def test_the_conditional_objective_has_the_gradient_of_the_marginal_one(untrained, monkeypatch):
    cosine, conditional, marginal = measured(untrained, monkeypatch)
    assert cosine > 0.99
    assert conditional[0] > 1.2 * marginal[0], "it scatters more"
    assert conditional[0] / conditional[-1] == pytest.approx(np.sqrt(128), rel=1e-6), "and averages out"


def test_another_field_has_another_gradient(untrained, monkeypatch):
    """So the test before could fail."""
    velocity = STRAIGHT.exact_velocity
    turn = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
    monkeypatch.setattr(type(STRAIGHT), "exact_velocity", lambda self, x, t, data: velocity(x, t, data) @ turn)
    cosine, *_ = measured(untrained, monkeypatch)
    assert cosine < 0.9


def test_measuring_gradients_changes_nothing(untrained):
    before = [p.clone() for p in untrained.run.family.parameters()]
    next(VIEWS["gradient_identity"].measure(untrained))
    assert all(torch.equal(a, b) for a, b in zip(before, untrained.run.family.parameters(), strict=True))
    assert all(p.grad is None or not p.grad.any() for p in untrained.run.family.parameters())
