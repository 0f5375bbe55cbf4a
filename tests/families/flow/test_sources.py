"""Sources: they have the density that they say, and flows start from them."""

import math
from urllib.parse import parse_qsl

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from playground.data import DATASETS, Drawing, NamedSet
from playground.data.canvas import HALF
from playground.experiment import Experiment
from playground.families.flow.flow import Flow
from playground.families.flow.settings import FlowConfig
from playground.families.flow.sources import BRUSH, PLANAR, source_of
from playground.messages import explain
from playground.scene.scene import Scene
from playground.training.likelihood import at_once
from playground.training.run import Run
from tests.families.draws import seeded

TRIANGLE = Drawing(points=[[-2, -2], [2, -2], [0, 2.5]]).encode() or ""
SOURCES = {"gaussian": "", "uniform": "", "two_moons": "", "checkerboard": "", "pinwheel": "", "drawing": TRIANGLE}


@pytest.fixture(params=SOURCES)
def name(request) -> str:
    return request.param


def test_a_source_has_the_density_that_it_says(name):
    """E[1/q0] over the source is the area of its support; where q0 is cut at its level of a quantile, that area is also
    counted on a grid. Exact forms of the density of data sets are tested with them: here it is the change of scale."""
    source = source_of(name, SOURCES[name])
    drawn = source.draw(40_000, 2, seeded(), torch.float64)
    found = source.log_density(drawn)
    level = float(found.quantile(0.1))
    kept = found >= level
    area = float(torch.where(kept, (-found).exp(), 0).mean())
    steps = (torch.arange(900, dtype=torch.float64) + 0.5) / 900 * 2 * HALF - HALF
    grid = torch.cartesian_prod(steps, steps)
    counted = float((source.log_density(grid) >= level).double().mean()) * (2 * HALF) ** 2
    assert area == pytest.approx(counted, rel=0.03)


def test_noise_has_unit_variance_in_any_dimension():
    for name in ("gaussian", "uniform"):
        drawn = source_of(name, "").draw(20_000, 5, seeded(), torch.float32)
        assert drawn.shape == (20_000, 5)
        assert drawn.mean(0).abs().max() < 0.03
        assert drawn.var(0).sub(1).abs().max() < 0.05
    assert source_of("uniform", "").log_density(torch.tensor([[0.0, 1.8]])).tolist() == [-math.inf]


def test_a_named_set_lies_on_the_canvas_as_data_do():
    known = NamedSet(name="two_moons")
    data = known.normalizer.to_canvas(known.distribution.sample(20_000, np.random.default_rng(1))[0])
    drawn = source_of("two_moons", "").draw(20_000, 2, seeded(), torch.float32).numpy()
    assert np.allclose(drawn.mean(0), data.mean(0), atol=0.05)
    assert np.allclose(np.cov(drawn.T), np.cov(data.T), atol=0.05)


def test_a_drawing_is_as_wide_as_a_brush():
    drawn = source_of("drawing", TRIANGLE).draw(9000, 2, seeded(), torch.float32)
    corners = torch.tensor(Drawing.decode(TRIANGLE).points.copy())
    away, nearest = torch.cdist(drawn, corners).min(1)
    assert float(away.square().mean() / 2) == pytest.approx(BRUSH**2, rel=0.05)
    assert np.bincount(nearest, minlength=3) == pytest.approx([3000] * 3, abs=250)


def test_a_flow_starts_from_its_source(name):
    torch.manual_seed(0)
    flow = Flow(FlowConfig(width=16, depth=1, source=name, source_points=SOURCES[name]))
    drawn = flow.source.draw(64, 2, seeded(), torch.float32)
    assert torch.equal(flow.noise(64, seeded()), drawn)
    assert torch.equal(flow.path.coupling(torch.zeros(64, 2), None, seeded()).x0, drawn)
    at_start = at_once(flow.log_density(drawn, t=0.0, steps=1))
    assert torch.allclose(at_start, flow.source.log_density(drawn))
    assert bool(flow.lacks) == (name != "gaussian"), "closed forms are those of Gaussian noise"


def test_the_picture_starts_from_the_source():
    scene = Scene(Run(Experiment(config={"source": "two_moons"}, steps=1)))
    log_density = scene.model.source.log_density(scene.noise)
    assert log_density.isfinite().all()
    assert float((log_density > -8).float().mean()) > 0.99, "on the moons, not around them"
    exploding = Scene(Run(Experiment(config={"path": "variance_exploding", "sigma_max": 3.0}, steps=1)))
    assert float(exploding.noise.std()) == pytest.approx(3, rel=0.05)


def test_training_draws_from_the_source_reproducibly():
    config = {"source": "drawing", "source_points": TRIANGLE, "coupling": "optimal_transport", "batch_size": 64}
    experiment = Experiment(config=config | {"width": 16, "depth": 1}, steps=5)
    runs = [Run(experiment), Run(experiment)]
    for run in runs:
        for _ in range(5):
            run.advance()
    assert np.array_equal(runs[0].sample(20), runs[1].sample(20))


# What is refused.


def test_every_set_of_points_can_be_a_source():
    assert set(PLANAR) == {name for name in DATASETS if NamedSet(name=name).shape == (2,)}


@pytest.mark.parametrize(
    ("config", "dataset", "sentence"),
    [
        ({"source": "drawing"}, "ring", "Choose the points of your own source first."),
        ({"source": "drawing", "source_points": "AAAA!"}, "ring", "The drawing in this link is damaged."),
        ({"source": "drawing", "source_points": "AAAA"}, "ring", "Draw at least two points in different places."),
        ({"source_points": "A" * 4004}, "ring", "A source of your own can have a thousand points."),
        ({"source": "two_moons"}, "digits", "Images need noise as their source."),
        (
            {"source": "two_moons", "path": "variance_exploding"},
            "ring",
            "A variance-exploding path starts from noise. Choose another path for this source.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(config, dataset, sentence):
    with pytest.raises(ValidationError) as caught:
        Experiment(dataset=dataset, config=config)
    assert explain(caught.value) == sentence


def test_a_source_of_ones_own_stands_in_the_link():
    experiment = Experiment(dataset="ring", config={"source": "drawing", "source_points": TRIANGLE})
    assert Experiment.from_query(dict(parse_qsl(experiment.to_query()))) == experiment
    thousand = Drawing(points=np.random.default_rng(0).uniform(-3, 3, (1000, 2))).encode()
    Experiment(config={"source": "drawing", "source_points": thousand})


def test_images_can_start_from_uniform_noise():
    run = Run(Experiment(dataset="digits", config={"source": "uniform", "coupling": "class_aware"}, steps=1))
    run.advance()
    assert run.sample(3).shape == (3, 64)
