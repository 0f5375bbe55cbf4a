"""Couplings against the solvers of POT and scipy, and their marginals against the source and the data."""

import math

import numpy as np
import ot
import pytest
import torch
from pydantic import ValidationError

from playground.experiment import Experiment
from playground.families.flow import couplings
from playground.families.flow.couplings import class_aware, coupling_of, entropic, optimal, plan, squared_distances
from playground.families.flow.flow import Flow
from playground.families.flow.settings import FlowConfig
from playground.families.flow.sources import GAUSSIAN, UNIFORM
from playground.messages import explain
from tests.families.draws import seeded

N = 96


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Noise, data in two clusters left and right, and their classes."""
    labels = torch.arange(N) % 2
    x1 = 0.3 * torch.randn(N, 2, generator=seeded(1)) + torch.tensor([2.0, 0.0]) * (2 * labels[:, None] - 1)
    return torch.randn(N, 2, generator=seeded()), x1, labels


def cost_of(x0: torch.Tensor, x1: torch.Tensor) -> float:
    return float((x0 - x1).double().square().sum(1).mean())


def test_optimal_transport_costs_what_pot_says(batch):
    x0, x1, _ = batch
    chosen = optimal(x0, x1, None, seeded())
    uniform = np.full(N, 1 / N)
    assert cost_of(x0[chosen], x1) == pytest.approx(ot.emd2(uniform, uniform, squared_distances(x0, x1).numpy()))
    assert sorted(chosen.tolist()) == list(range(N)), "each source point once"


@pytest.mark.parametrize("name", ["independent", "optimal_transport", "entropic", "class_aware"])
@pytest.mark.parametrize("coupled", [16, 40, 512])
def test_every_data_point_is_used_once_in_its_place(batch, name, coupled):
    _, x1, labels = batch
    pairs = coupling_of(name, UNIFORM, coupled, 0.05)(x1, labels, seeded(5))
    assert torch.equal(pairs.x1, x1)
    assert torch.equal(pairs.labels, labels)
    drawn = UNIFORM.draw(N, 2, seeded(5), torch.float32)
    same = (pairs.x0[:, None] == drawn).all(2)
    assert same.any(1).all(), "from the source points of the batch"
    for start in range(0, N, coupled):
        own = same[start : start + coupled].int().argmax(1)
        assert ((start <= own) & (own < start + coupled)).all(), "of its own part"
    if name != "entropic":
        assert sorted(same.int().argmax(1).tolist()) == list(range(N))


def test_more_points_at_once_come_nearer_to_optimal_transport(batch):
    _, x1, labels = batch
    costs = [
        cost_of(*coupling_of("optimal_transport", GAUSSIAN, m, 0.05)(x1, labels, seeded(5))[:2]) for m in (2, 12, N)
    ]
    assert costs[0] > costs[1] > costs[2]


def test_a_plan_is_pots(batch):
    x0, x1, _ = batch
    cost, uniform = squared_distances(x0, x1), np.full(N, 1 / N)
    for regularisation in (0.05, 0.3, 2.0):
        wanted = ot.sinkhorn(uniform, uniform, cost.numpy(), regularisation * float(cost.mean()), numItermax=20_000)
        found = plan(x0, x1, regularisation, iterations=2000, tolerance=0)
        assert np.allclose(found, wanted, atol=1e-7)
        assert torch.allclose(found.sum(0), torch.full((N,), 1 / N).double(), atol=1e-12)


def test_a_plan_has_nearly_the_right_marginals_after_few_iterations(batch):
    x0, x1, _ = batch
    for regularisation in (0.01, 0.05, 10.0):
        found = plan(x0, x1, regularisation)
        assert found.isfinite().all()
        assert float((found.sum(1) - 1 / N).abs().sum()) < 0.05, "in total variation"


def test_entropic_transport_lies_between_optimal_and_independent(batch):
    x0, x1, _ = batch
    best = cost_of(x0[optimal(x0, x1, None, seeded())], x1)
    alone = float(squared_distances(x0, x1).mean())
    costs = [float((plan(x0, x1, r) * squared_distances(x0, x1)).sum()) for r in (0.01, 0.1, 1, 10)]
    assert costs == sorted(costs)
    assert costs[0] == pytest.approx(best, rel=0.05)
    assert costs[-1] == pytest.approx(alone, rel=0.05)
    drawn = np.mean([cost_of(x0[entropic(0.1)(x0, x1, None, seeded(i))], x1) for i in range(40)])
    assert drawn == pytest.approx(costs[1], rel=0.05)


def test_points_that_are_all_the_same_can_be_coupled():
    same = torch.ones(8, 2)
    assert plan(same, same, 0.01).isfinite().all()
    assert entropic(0.01)(same, same, None, seeded()).shape == (8,)


def mean_given_class(name: str, batch) -> torch.Tensor:
    """The mean of the noise given each class, in standard errors, over 50 batches: (2, 2)."""
    _, x1, labels = batch
    coupling = coupling_of(name, GAUSSIAN, 512, 0.05)
    x0 = torch.cat([coupling(x1, labels, seeded(i)).x0 for i in range(50)])
    classes = labels.repeat(50)
    return torch.stack([x0[classes == k].mean(0) * math.sqrt(25 * N) for k in (0, 1)])


def test_plain_transport_skews_the_noise_of_a_class_and_class_aware_does_not(batch):
    """Of two clusters, left and right, each gets its half of the noise, whose mean is .8 standard deviations off: some
    forty standard errors."""
    assert mean_given_class("optimal_transport", batch)[:, 0].abs().min() > 25
    for name in ("class_aware", "independent"):
        assert mean_given_class(name, batch).abs().max() < 4


def test_class_aware_transport_is_optimal_within_each_class(batch):
    x0, x1, labels = batch
    chosen = class_aware(x0, x1, labels, seeded())
    assert torch.equal(labels[chosen], labels)
    for k in (0, 1):
        own = labels == k
        best = x0[own][optimal(x0[own], x1[own], None, seeded())]
        assert torch.equal(x0[chosen][own], best)
    alone = class_aware(x0, x1, torch.zeros(N), seeded())
    assert torch.equal(alone, optimal(x0, x1, None, seeded())), "of one class, it is optimal transport"
    assert torch.equal(class_aware(x0, x1, None, seeded()), alone)


def test_a_flow_trains_on_its_coupling(batch):
    _, x1, labels = batch
    torch.manual_seed(0)
    flow = Flow(FlowConfig(coupling="optimal_transport"))
    losses = {}
    for name in ("optimal_transport", "independent"):
        flow.path = Flow(FlowConfig(coupling=name)).path
        losses[name] = float(flow.loss(x1, seeded(), labels).detach())
    assert losses["optimal_transport"] < losses["independent"], "the way is shorter"
    assert not flow.lacks
    assert Flow(FlowConfig(coupling="entropic")).lacks


# What it costs.


def test_couplings_at_once_are_bounded():
    for name in ("optimal_transport", "class_aware", "entropic"):
        Experiment(config={"coupling": name}, steps=4000)
        Experiment(config={"coupling": name, "coupled": 256}, steps=4000)
    with pytest.raises(ValidationError) as caught:
        Experiment(config={"coupling": "optimal_transport", "coupled": 512}, steps=4000)
    assert explain(caught.value) == (
        "This coupling is too much for one step. Choose a smaller batch, or fewer points coupled at once."
    )
    Experiment(config={"coupling": "optimal_transport", "coupled": 512, "batch_size": 256}, steps=4000)


def test_coupling_is_paid_for_by_the_part():
    assert couplings.cost("independent", 512, 512) == 0
    assert couplings.cost("optimal_transport", 512, 64) == 8 * couplings.cost("optimal_transport", 64, 512)
