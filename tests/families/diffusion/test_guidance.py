"""Guidance: labels that are hidden, scores of two Gaussians in closed form, and a model of two classes."""

import numpy as np
import pytest
import torch
from torch import Tensor

from playground import Experiment, fit
from playground.families.conditioning import CLASSES, answers, drop_labels, guided
from playground.families.diffusion.diffusion import Diffusion
from tests.families.diffusion.models import DOUBLE, make, normal
from tests.families.draws import seeded


def test_labels_are_hidden():
    labels, x = torch.arange(10_000) % 4, normal(10_000, 2)
    for dropout in (0.0, 0.3, 1.0):
        classes = drop_labels(labels, x, dropout, seeded())
        seen = classes.sum(1)
        assert set(seen.unique().tolist()) <= {0.0, 1.0}
        assert float(seen.mean()) == pytest.approx(1 - dropout, abs=0.02)
        assert torch.equal(classes.argmax(1)[seen == 1], labels[seen == 1])
    assert drop_labels(None, x[:10], 0.0, seeded()).sum() == 0
    assert drop_labels(torch.tensor([0, 24]), x[:2], 0.0, seeded())[1, CLASSES - 1] == 1, (
        "too many: the last takes the rest"
    )


def test_guidance_of_two_gaussians():
    """Classes N(±m, s²): the classes' and the data's scores are known, and so is what guidance makes of them."""
    m, s, alpha, sigma = torch.tensor([2.0, 0.0], dtype=DOUBLE), 0.5, 0.6, 0.8
    x, variance = normal(20, 2), alpha**2 * s**2 + sigma**2

    def clean_of(sign: float) -> Tensor:
        return sign * m + alpha * s**2 / variance * (x - alpha * sign * m)

    def score_of(clean: Tensor) -> Tensor:
        return (alpha * clean - x) / sigma**2

    likely = torch.sigmoid(2 * alpha * (x @ m) / variance)[:, None]
    both = likely * clean_of(1) + (1 - likely) * clean_of(-1)

    def predict(classes: Tensor) -> Tensor:
        row = classes[0]
        return both if row.sum() == 0 else clean_of(1.0 if row[0] else -1.0)

    # ∇ log p(c | x) for the class at +m is 2α (1 − p(c | x)) m / variance.
    towards = 2 * alpha * (1 - likely) * m / variance
    for guidance in (0.0, 0.5, 1.0, 3.0):
        score = score_of(guided(predict, x, 0, guidance))
        assert torch.allclose(score, score_of(both) + guidance * towards)
        assert torch.allclose(guided(predict, x, None, guidance), both)


@torch.no_grad()
@pytest.mark.parametrize(
    ("label", "guidance", "dropout"), [("any", 3, 0.1), ("2", 3, 1.0), ("2", 0, 0.1), ("2", 1, 0.1)]
)
def test_one_answer_where_one_says_it_all(label, guidance, dropout):
    config = Diffusion.Config(label=label, guidance=guidance, label_dropout=dropout)
    assert answers(config.class_index, config.guidance) == 1
    assert Diffusion.evaluations(config.model_copy(update={"label_dropout": 0.1, "label": "2", "guidance": 3})) == 38


@torch.no_grad()
@pytest.mark.parametrize("config", [{}, {"guidance": 4.0}, {"guidance": 4.0, "sampler": "ode_heun"}, {"label": "any"}])
def test_evaluations_are_how_often_the_network_is_asked(config):
    model = make(**{"label": "1", "label_dropout": 0.5, "sampler_steps": 3} | config)
    asked = []
    model.network.register_forward_hook(lambda *_: asked.append(1))
    model.sample(4, seeded())
    assert len(asked) == model.evaluations(model.config)


@pytest.fixture(scope="module")
def two_classes():
    """A model of two classes, at (−2, 0) and (2, 0), trained with and without them."""
    rng = np.random.default_rng(0)
    labels = np.arange(2000) % 2
    points = 0.4 * rng.normal(size=(2000, 2)) + np.stack([4.0 * labels - 2, np.zeros(2000)], axis=1)
    config = {"label_dropout": 0.3, "width": 32, "depth": 3, "batch_size": 256, "noise_schedule": "edm"}
    return fit(Experiment(family="diffusion", dataset=points, labels=labels, steps=400, config=config))


@pytest.mark.training
@pytest.mark.parametrize(("label", "where"), [("0", -2), ("1", 2), ("any", 0)])
def test_a_class_is_sampled(two_classes, label, where):
    two_classes.edit(label=label, guidance=1.0)
    x = two_classes.sample(1000, seed=1)
    assert x[:, 0].mean() == pytest.approx(where, abs=0.6 if label == "any" else 0.25)
    assert abs(x[:, 1].mean()) < 0.1
    assert np.abs(x[:, 0]).mean() == pytest.approx(2, abs=0.25), "on the classes, not between them"


def test_guidance_exaggerates(two_classes):
    """More guidance leads away from the other class."""
    means = []
    for guidance in (0.0, 1.0, 4.0):
        two_classes.edit(label="1", guidance=guidance)
        means.append(two_classes.sample(1000, seed=1)[:, 0].mean())
    assert means[0] < 0.5
    assert means[0] + 1 < means[1] < means[2]
