"""Guidance of a flow: what it is made of, what it costs, and which classes training sees."""

import pytest
import torch

from playground.families.flow.flow import Flow
from tests.families.draws import normal, seeded
from tests.families.flow.models import tiny


def test_guided_velocity_by_hand():
    """v(∅) + w (v(c) − v(∅))."""
    flow, x, t = tiny(label="2", guidance=3.0), normal(6, 2), torch.rand(6, generator=seeded())
    rows = torch.zeros(6, 10)
    without = flow.network(x, t, rows)
    rows[:, 2] = 1
    given = flow.network(x, t, rows)
    assert torch.allclose(flow.velocity(x, t), without + 3 * (given - without), atol=1e-6)
    assert torch.equal(tiny(label="2").velocity(x, t), given)
    assert torch.equal(tiny().velocity(x, t), without)
    assert torch.equal(tiny(label="2", label_dropout=1.0).velocity(x, t), without), "it has learned no classes"


def test_a_guided_prediction_is_two_evaluations():
    counts = {(w, c): Flow.evaluations(Flow.Config(guidance=w, label=c)) for w in (1.0, 2.0) for c in ("any", "1")}
    assert counts == {(1.0, "any"): 20, (2.0, "any"): 20, (1.0, "1"): 20, (2.0, "1"): 40}


def test_classes_are_seen_in_training_as_often_as_not_dropped():
    flow, x1, seen = tiny(label_dropout=0.25), normal(4000, 2), []
    flow.network.register_forward_pre_hook(lambda _, given: seen.append(given[2]))
    flow.loss(x1, seeded(), torch.arange(4000) % 4)
    assert torch.equal(seen[0].sum(1).unique(), torch.tensor([0.0, 1.0]))
    assert float(seen[0].sum()) == pytest.approx(3000, abs=140), "five standard deviations"
    kept = seen[0].sum(1) == 1
    assert torch.equal(seen[0].argmax(1)[kept], (torch.arange(4000) % 4)[kept])
