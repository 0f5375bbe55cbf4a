"""The named sets are what their sources define, and their settings keep to their ranges."""

import numpy as np
import pytest
from pydantic import ValidationError
from sklearn import datasets as reference

from playground import data
from playground.data import DATASETS, POINT_SETS, NamedSet, Normalizer, point_sets, settings_model, title_of
from playground.data.distributions import Mixture

PLANE = list(POINT_SETS)
SETTINGS = [(name, field) for name in DATASETS for field in settings_model(name).model_fields]
SWITCHES = [(name, field) for name, field in SETTINGS if settings_model(name).model_fields[field].annotation is bool]
FIELDS = [setting for setting in SETTINGS if setting not in SWITCHES]


def bounds(name: str, field: str) -> list[float]:
    schema = settings_model(name).model_json_schema()["properties"][field]
    return [schema["minimum"], schema["maximum"]]


@pytest.mark.parametrize(
    ("name", "settings", "published"),
    [
        ("eight_gaussians", {"radius": 4 / 1.414, "sigma": 0.5 / 1.414}, 2.831),
        ("two_moons", {"noise": 0.1}, 2.394),
        ("checkerboard", {}, 3.466),
        ("circles", {}, 3.268),
        ("rings", {}, 2.624),
        ("swiss_roll", {}, 2.670),
        ("two_spirals", {}, 2.646),
    ],
)
def test_entropies_are_the_published_ones(name, settings, published, planes, plane_of):
    plane = plane_of(NamedSet(name=name, settings=settings).distribution) if settings else planes[name]
    assert plane.entropy() == pytest.approx(published, abs=0.003)


def ffjord_spirals(n):
    rng = np.random.default_rng(1)
    angle = np.sqrt(rng.random(n)) * 540 * (2 * np.pi) / 360
    arm = np.stack([-np.cos(angle) * angle, np.sin(angle) * angle], axis=1) + rng.random((n, 2)) * 0.5
    return np.concatenate([arm, -arm]) / 3 + rng.standard_normal((2 * n, 2)) * 0.1


def ffjord_pinwheel(n):
    rng = np.random.default_rng(1)
    arm = rng.standard_normal((n, 2)) * [0.3, 0.1] + [1, 0]
    angle = 2 * np.pi * (np.arange(n) % 5) / 5 + 0.25 * np.exp(arm[:, 0])
    rotations = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return 2 * np.einsum("ti,ijt->tj", arm, rotations)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("two_moons", 2 * reference.make_moons(4000, noise=0.05, random_state=1)[0] - 1),
        ("circles", 3 * reference.make_circles(4000, factor=0.5, noise=0.08, random_state=1)[0]),
        ("swiss_roll", reference.make_swiss_roll(4000, noise=1.0, random_state=1)[0][:, [0, 2]] / 5),
        ("s_curve", 1.5 * reference.make_s_curve(4000, noise=0.05, random_state=1)[0][:, [0, 2]]),
        ("two_spirals", ffjord_spirals(2000)),
        ("pinwheel", ffjord_pinwheel(4000)),
    ],
)
def test_points_of_the_reference_are_as_likely_as_our_own(name, points, planes):
    """Cross-entropy equals entropy only for the same distribution; another scale, place or noise adds to it."""
    crossed = -NamedSet(name=name).distribution.log_density(points).mean()
    assert crossed == pytest.approx(planes[name].entropy(), abs=0.06)


def test_scikit_learns_labels_are_ours():
    points, labels = reference.make_moons(500, noise=0.05, random_state=0)
    upper, lower = NamedSet(name="two_moons").distribution.pieces
    s = np.linspace(0, 1, 200)
    distance = [np.linalg.norm((2 * points - 1)[:, None] - p.curve(s), axis=2).min(1) for p in (upper, lower)]
    np.testing.assert_array_equal(np.argmin(distance, axis=0), labels)


def test_modes_of_the_mode_counting_sets():
    ring, grid = NamedSet(name="ring").distribution.modes, NamedSet(name="grid").distribution.modes
    np.testing.assert_allclose(np.hypot(*ring.means.T), 1)
    assert np.diff(np.sort(np.arctan2(*ring.means.T))).min() == pytest.approx(np.pi / 4)
    assert {tuple(m) for m in grid.means} == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}
    assert (set(ring.sigmas), set(grid.sigmas)) == ({0.01}, {0.05})
    heavy = NamedSet(name="unequal_gaussians").distribution.modes.weights
    np.testing.assert_allclose(heavy * 63, [32, 16, 8, 4, 2, 1])


@pytest.mark.parametrize("name", DATASETS)
def test_same_seed_same_points(name):
    first, again, other = (NamedSet(name=name).distribution.sample(100, np.random.default_rng(s)) for s in (5, 5, 6))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[0] != other[0]).any()
    assert (first[0].shape, first[0].dtype, first[1].shape, first[1].dtype) == (
        (100, NamedSet(name=name).distribution.dim),
        float,
        (100,),
        np.int64,
    )


@pytest.mark.parametrize(("name", "settings"), [(name, {}) for name in PLANE] + [
    (name, {field: bound}) for name, field in FIELDS if name in PLANE for bound in bounds(name, field)
])  # fmt: skip
def test_fills_the_square(name, settings):
    chosen = NamedSet(name=name, settings=settings)
    points, labels = chosen.distribution.sample(20_000, np.random.default_rng(9))
    inside = np.abs(chosen.normalizer.to_canvas(points))
    assert (inside <= 4).all(axis=1).mean() >= 0.999
    assert 2.6 < inside.max() < 4.5
    assert 0 <= labels.min() <= labels.max() < chosen.distribution.classes


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_settings_keep_to_their_range(name, field):
    low, high = bounds(name, field)
    for wrong in (low - 0.001, high + 0.001, low - 1e9, float("nan"), float("inf"), None, "wide", [low]):
        with pytest.raises(ValidationError) as caught:
            NamedSet(name=name, settings={field: wrong})
        (error,) = caught.value.errors()
        assert error["msg"].startswith(settings_model(name).model_fields[field].title + ": ")
        assert "\n" not in error["msg"]


@pytest.mark.parametrize(("name", "field"), SWITCHES)
def test_switches_are_on_or_off(name, field):
    for wrong in (2, None, "wide", [True]):
        with pytest.raises(ValidationError):
            NamedSet(name=name, settings={field: wrong})
    assert NamedSet(name=name, settings={field: "false"}).settings[field] is False


@pytest.mark.parametrize("name", DATASETS)
def test_every_setting_is_a_knob_and_every_set_has_a_title(name):
    for field in settings_model(name).model_fields.values():
        assert field.title
        assert field.description
    assert title_of(name)[0].isupper()
    assert len(title_of(name)) < 30


def test_names_and_settings_that_do_not_exist():
    with pytest.raises(ValidationError, match="no data set called “three_moons”; there are eight_gaussians, two_moons"):
        NamedSet(name="three_moons")
    with pytest.raises(ValidationError, match="no setting called “nois” here, only noise"):
        NamedSet(name="two_moons", settings={"nois": 1})
    with pytest.raises(ValidationError) as caught:
        NamedSet(name="x\n" * 1000)
    assert len(caught.value.errors()[0]["msg"]) < 400


def test_a_named_set_is_plain_data():
    chosen = NamedSet(name="two_moons", settings={"noise": "0.1"})
    assert chosen.settings == {"noise": 0.1}
    assert chosen.changed() == {"noise": 0.1}
    assert NamedSet(name="two_moons").settings == {"noise": 0.05}
    assert NamedSet(name="two_moons").changed() == {}
    assert NamedSet.model_validate_json(chosen.model_dump_json()) == chosen
    assert hash(NamedSet.model_validate(chosen.model_dump())) == hash(chosen)
    assert NamedSet() == NamedSet(name="eight_gaussians")
    assert chosen.distribution is NamedSet(name="two_moons", settings={"noise": 0.1}).distribution
    assert chosen.distribution.sigma == 0.2


def test_adding_a_set_is_one_function_and_one_line(monkeypatch):
    def a_blob(*, sigma: point_sets.Annotated[float, point_sets.knob("Spread", "How wide.", gt=0, le=2)] = 1.0):
        """A blob."""
        return Mixture([[7, 7]], sigma)

    monkeypatch.setitem(data.DATASETS, "a_blob", a_blob)
    blob = NamedSet(name="a_blob", settings={"sigma": 2})
    assert (blob.title, blob.settings, blob.distribution.classes) == ("A blob", {"sigma": 2.0}, 1)
    assert blob.normalizer == Normalizer.around(blob.distribution.sample(8192, np.random.default_rng(0))[0])
