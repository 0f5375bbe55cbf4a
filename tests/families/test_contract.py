"""What every family must keep to. A new one is tested by its line in FAMILIES alone."""

import copy
import json
import math
import re

import pytest
import torch
from pydantic import ValidationError

from playground import Experiment, Run, fit
from playground.config import Config
from playground.families import FAMILIES, Family, Player
from playground.messages import explain
from playground.metrics.distances import sliced_wasserstein
from playground.training.run import follow
from tests.families.draws import seeded

FIELDS = [(family, name) for family, model in FAMILIES.items() for name in model.Config.model_fields]


@pytest.fixture(params=FAMILIES)
def name(request) -> str:
    return request.param


@pytest.fixture
def family(name) -> Family:
    torch.manual_seed(0)
    return FAMILIES[name](FAMILIES[name].Config())


def places(n: int = 5) -> torch.Tensor:
    return torch.randn(n, 2, generator=seeded(1))


def bounds(field) -> dict[str, float]:
    return {key: getattr(part, key) for part in field.metadata for key in ("ge", "le") if hasattr(part, key)}


def extremes(field) -> list:
    if field.annotation in (int, float):
        return list(bounds(field).values())
    if field.annotation is str:  # its own tests say what it may hold
        return [field.default]
    return list(field.annotation.__args__)


# What can be chosen.


def test_config_is_frozen_and_complete(name):
    model = FAMILIES[name].Config
    assert issubclass(model, Config)
    config = model()
    with pytest.raises(ValidationError):
        config.batch_size = 32
    assert model.model_validate_json(config.model_dump_json()) == config
    assert hash(config) == hash(model())


@pytest.mark.parametrize(("family_name", "field_name"), FIELDS)
def test_every_field_makes_a_control(family_name, field_name):
    model = FAMILIES[family_name].Config
    field = model.model_fields[field_name]
    assert field.title
    assert field.title[0].isupper() or not field.title[0].isascii()
    assert field.description
    assert field.description.endswith(".")
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    assert {type(extra[key]) for key in ("live", "more", "log")} == {bool}
    if field.annotation in (int, float):
        low, high = bounds(field)["ge"], bounds(field)["le"]
        assert low <= field.default <= high
        assert math.isfinite(high)
        assert low > 0 or not extra["log"]
        for outside in (low - 1, high + 1):
            with pytest.raises(ValidationError):
                model(**{field_name: outside})
    else:
        assert field.default in extremes(field)
    assert model(**{field_name: field.default}) == model()
    json.dumps(model.model_json_schema())


def test_it_introduces_itself(name):
    model = FAMILIES[name]
    assert model.title
    assert 1 <= model.about.count(".") <= 4
    assert set(re.findall(r"\{([^{}]+)\}", model.equation)) == set(model.symbols), "each symbol is explained"
    assert model.__doc__ or __import__(model.__module__, fromlist=["_"]).__doc__
    assert "arXiv" in __import__(model.__module__, fromlist=["_"]).__doc__, "the paper is cited"


# What is trained.


def test_players_move_all_that_is_trainable(family):
    players = family.players()
    assert players
    assert all(isinstance(player, Player) for player in players)
    assert len({player.name for player in players}) == len(players)
    assert all(player.name.isidentifier() and player.learning_rate > 0 and player.steps >= 1 for player in players)
    moved = [id(p) for player in family.players() for p in player.parameters]
    assert len(moved) == len(set(moved)), "no parameter has two masters"
    assert set(moved) == {id(p) for p in family.parameters() if p.requires_grad}


def test_losses_are_scalars_that_a_seed_reproduces(family, global_generator):
    x = places(64)
    for player in family.players():
        generators = [seeded(seed) for seed in (0, 0, 1)]
        losses = [player.loss(x, generator, torch.arange(64) % 4) for generator in generators]
        assert all(loss.shape == () and loss.isfinite() for loss in losses)
        assert losses[0] == losses[1]
        draws = not torch.equal(
            generators[0].get_state(), seeded().get_state()
        )  # a likelihood leaves nothing to chance
        assert (losses[0] != losses[2]) == draws
        assert all(p.grad is None for p in family.parameters())
        grads = torch.autograd.grad(losses[0], list(player.parameters), allow_unused=True)
        assert any(g is not None and g.abs().sum() > 0 for g in grads)


# What comes out.


@torch.no_grad()
def test_samples(family, global_generator):
    x = family.sample(7, seeded())
    assert x.shape == (7, 2)
    assert x.dtype == torch.float32
    assert x.isfinite().all()
    assert torch.equal(x, family.sample(7, seeded()))
    assert not torch.equal(x, family.sample(7, seeded(1)))
    assert family.sample(1, seeded()).shape == (1, 2)


@torch.no_grad()
def test_it_has_as_many_dimensions_as_its_data(name):
    """An image of 64 pixels is a point with 64 coordinates."""
    torch.manual_seed(0)
    family = FAMILIES[name](FAMILIES[name].Config(), (8, 8))
    assert (family.shape, family.dim) == ((8, 8), 64)
    assert family(torch.zeros(3, 64)) is not None
    assert family.sample(3, seeded()).shape == (3, 64)
    x = torch.randn(5, 64, generator=seeded(1))
    with torch.enable_grad():
        losses = [player.loss(x, seeded(), torch.arange(5)) for player in family.players()]
    assert all(loss.isfinite() for loss in losses)


@pytest.mark.training
def test_it_learns_digits(name):
    experiment = Experiment(family=name, dataset="digits", steps=120)
    data = experiment.data(300, seed=9)
    learned = fit(experiment)
    assert learned.sample(3).shape == (3, 64)
    most = 0.8 if len(learned.family.players()) == 1 else 0.95  # in a game, as many steps do less
    assert sliced_wasserstein(learned.sample(300), data) < most * sliced_wasserstein(Run(experiment).sample(300), data)


@torch.no_grad()
def test_state_survives(family):
    other = type(family)(family.config)
    for parameter in family.parameters():  # some begin as the identity, whatever the seed
        parameter += 0.1 * torch.randn(parameter.shape, generator=seeded(2))
    assert not torch.equal(other.sample(5, seeded()), family.sample(5, seeded()))
    other.load_state_dict(family.state_dict())
    assert torch.equal(other.sample(5, seeded()), family.sample(5, seeded()))
    assert torch.equal(copy.deepcopy(family).sample(5, seeded()), family.sample(5, seeded()))


@pytest.mark.training
def test_it_learns(name):
    """A few hundred steps bring the samples much nearer to two moons; a game of two players needs more."""
    model = FAMILIES[name]
    steps = 300 if len(model(model.Config()).players()) == 1 else 1500
    experiment = Experiment(family=name, dataset="two_moons", steps=steps)
    data = torch.from_numpy(experiment.data(2000, seed=9))

    def distance(run: Run) -> float:
        return sliced_wasserstein(torch.from_numpy(run.sample(2000, seed=1)).to(data), data)

    assert distance(fit(experiment)) < distance(Run(experiment)) / 2.5


@pytest.mark.training
@pytest.mark.parametrize(
    ("family_name", "field_name", "value"),
    [(f, n, v) for f, n in FIELDS for v in extremes(FAMILIES[f].Config.model_fields[n])],
)
def test_every_extreme_works(family_name, field_name, value):
    try:
        experiment = Experiment(family=family_name, dataset="two_moons", steps=3, config={field_name: value})
    except ValidationError as error:
        pytest.skip(explain(error))
    if field_name == "learning_rate" and value >= 0.1:
        experiment = experiment.model_copy(update={"steps": 1})  # a second step may, rightly, be refused
    run = Run(experiment)
    for snapshot in follow(run):
        assert all(math.isfinite(value) for value in snapshot.scalars.values())
    assert run.step == experiment.total_steps
    assert run.sample(20).shape == (20, 2)
    assert torch.from_numpy(run.sample(20)).isfinite().all() or field_name == "learning_rate"
