"""What the page says will happen when one trains: recipes, remedies, the detector.

    python -m scripts.margins --only claims

Every claim is a training or two, so `make test` leaves them alone (the file's name does). A claim that chance plays a
part in holds in nine of ten runs.
"""

import numpy as np
import pytest
import torch

from playground import Experiment, Run, fit
from playground.engine.hosting.camera import Camera
from playground.families import FAMILIES
from playground.lessons.lesson import lesson
from playground.lessons.recipes import RECIPES
from playground.metrics.distances import sliced_wasserstein
from playground.scene import Scene
from playground.training.history import History
from playground.ui.links.taught import state_of
from playground.views import VIEWS, charts
from playground.views.adversarial.modes import scores

pytestmark = pytest.mark.training


def recipe(family: str, name: str) -> Experiment:
    return RECIPES[family][name].experiment


def watched(run: Run, history: History | None = None, until: str | None = None) -> Camera:
    """Train to the end, or until the detector says so, as the page does."""
    camera = Camera(Scene(run))
    while not run.done and (until is None or said(camera) != until):
        history.advance(run) if history else run.advance()
        camera.monitor()
    camera.scene.renew(whole=True)
    return camera


def said(camera: Camera) -> str | None:
    return camera.alerts.get("collapse", {}).get("title")


def distance(run: Run) -> float:
    data = torch.from_numpy(run.experiment.data(2000, seed=9))
    return float(sliced_wasserstein(torch.from_numpy(run.sample(2000, seed=1)).to(data), data))


def holes(run: Run) -> float:
    """The share of the prior's mass that no codes cover, in percent: half the total variation of the two."""
    measured = VIEWS["holes"].measure(Scene(run), True)
    return 100 * float(np.maximum(measured["prior"] - measured["codes"], 0).sum())


def astray(run: Run) -> float:
    """The share of samples where no data is, in percent."""
    scene = Scene(run)
    scene.renew(whole=True)
    return VIEWS["off_manifold"].measure(scene)["off_manifold"]


# GANs. What breaks, breaks as it is labelled; what parts from it by the first remedy holds all modes in the end.

BREAKS = {"collapse": "Full collapse", "strong": "Discriminator won", "cycling": "Cycling"}


@pytest.mark.parametrize("name", BREAKS)
def test_a_recipe_breaks_the_game_and_the_detector_says_how(name):
    assert said(watched(Run(recipe("gan", name)))) == BREAKS[name]


def test_the_cure_holds_all_modes_and_the_detector_is_silent(record_property):
    camera = watched(Run(recipe("gan", "cured")))
    found = scores(camera.scene)
    record_property("modes", int(found.captured.sum()))
    record_property("quality", round(found.high_quality, 2))
    assert said(camera) is None
    assert found.captured.all()


@pytest.mark.parametrize("name", BREAKS)
def test_the_first_remedy_brings_all_modes_back(name, record_property):
    run = Run(recipe("gan", name))
    history = History(run)
    finding = watched(run, history, until=BREAKS[name]).alerts["collapse"]
    fork, _ = history.fork(run, finding["before"], finding["remedies"][0]["changes"]).reach()
    camera = watched(fork)
    found = scores(camera.scene)
    record_property("modes", int(found.captured.sum()))
    record_property("quality", round(found.high_quality, 2))
    assert said(camera) is None
    assert found.captured.all()


# VAEs.


def test_a_dear_latent_falls_silent():
    run = fit(recipe("vae", "collapse"))
    assert not run.averaged.active_units(run.pool[:2000]).any()


def test_cheap_information_leaves_holes():
    """Most of what the prior draws becomes a sample where no data is; fewer at the usual price."""
    experiment = recipe("vae", "holes")
    cheap, usual = (astray(fit(one)) for one in (experiment, experiment.changed({"beta": 1.0, "noise": "learned"})))
    assert cheap > 60
    assert cheap > 1.3 * usual


def test_a_learned_prior_follows_the_codes():
    """It draws less from where no codes are than the standard prior does at the same price of information."""
    standard, learned = (holes(fit(recipe("vae", name))) for name in ("holes", "mixture"))
    assert learned < 0.85 * standard


def test_an_autoencoder_reconstructs_but_does_not_sample():
    runs = [fit(recipe("vae", "autoencoder")), fit(Experiment(family="vae", dataset="smiley"))]
    with torch.no_grad():
        errors = [float((run.averaged.reconstruct(run.pool[:2000]) - run.pool[:2000]).square().mean()) for run in runs]
    assert errors[0] < errors[1] / 3
    assert distance(runs[0]) > 1.5 * distance(runs[1])


# Diffusion.


@pytest.fixture(scope="module")
def smiley() -> Run:
    return fit(Experiment(family="diffusion", dataset="smiley"))


def under(run: Run, experiment: Experiment, **more) -> Run:
    """The same model, sampled with the settings of another experiment."""
    other = Run(experiment.changed(more))
    other.load(run.state())
    return other


def test_three_steps_are_too_few(smiley):
    assert distance(under(smiley, recipe("diffusion", "few_steps"))) > 2 * distance(smiley)


def test_exaggerated_classes_are_narrower(smiley):
    class_and_more = (under(smiley, recipe("diffusion", "over_guided"), guidance=by) for by in (1.0, 8.0))
    wide, narrow = (np.prod(run.sample(2000, seed=1).std(0)) for run in class_and_more)
    assert narrow < 0.7 * wide


def test_a_schedule_that_keeps_signal_misses_the_data(smiley):
    assert distance(fit(recipe("diffusion", "never_noise"))) > 2 * distance(smiley)


def test_five_points_are_memorised():
    run = fit(recipe("diffusion", "five_points"))
    points = run.normalizer.from_canvas(run.pool.numpy())
    nearest = np.linalg.norm(run.sample(1000, seed=1)[:, None] - points, axis=2).min(1)
    assert np.quantile(nearest, 0.9) < 0.4, "of a face that is six wide"


# Flows.


@pytest.fixture(scope="module")
def flow() -> Run:
    return fit(Experiment(family="flow", dataset="smiley"))


def test_one_step_ends_at_the_mean_of_the_data(flow):
    data, one = (run.sample(2000, seed=1) for run in (flow, under(flow, recipe("flow", "one_step"))))
    assert one.std(0).max() < 0.3 * data.std(0).min()
    assert np.abs(one.mean(0) - data.mean(0)).max() < 0.2 * data.std(0).min()


def test_four_steps_are_too_few(flow):
    assert distance(under(flow, recipe("flow", "few_steps"))) > 2 * distance(flow)
    assert astray(under(flow, recipe("flow", "few_steps"))) > 1.5 * astray(flow)


def test_after_reflow_one_step_is_enough(flow):
    run = fit(recipe("flow", "reflow"))
    assert distance(run) < 1.5 * distance(flow)
    assert distance(run) < distance(under(flow, recipe("flow", "one_step"))) / 5


def test_one_step_of_the_mean_flow_goes_all_the_way(flow):
    run = fit(recipe("flow", "mean_flow"))
    assert distance(run) < 2 * distance(flow)
    assert distance(run) < distance(under(flow, recipe("flow", "one_step"))) / 5


def test_exaggerated_classes_of_a_flow_are_narrower(flow):
    class_and_more = (under(flow, recipe("flow", "over_guided"), guidance=by) for by in (1.0, 8.0))
    wide, narrow = (np.prod(run.sample(2000, seed=1).std(0)) for run in class_and_more)
    assert narrow < 0.7 * wide


def test_a_flow_memorises_five_points():
    run = fit(recipe("flow", "five_points"))
    points = run.normalizer.from_canvas(run.pool.numpy())
    nearest = np.linalg.norm(run.sample(1000, seed=1)[:, None] - points, axis=2).min(1)
    assert np.quantile(nearest, 0.8) < 0.4, "of a face that is six wide"


def test_a_small_network_blurs(flow):
    assert distance(fit(recipe("flow", "small_network"))) > 2 * distance(flow)


def bending(run: Run) -> float:
    scene = Scene(run)
    scene.renew(whole=True)
    return VIEWS["straightness"].measure(scene)["straightness"]


def test_optimal_transport_straightens(flow):
    transported = fit(recipe("flow", "transport"))
    assert bending(transported) < bending(flow) / 20
    assert distance(transported) < 2 * distance(flow)


def test_one_data_set_becomes_another():
    wanted = recipe("flow", "between_sets")
    assert distance(fit(wanted)) < distance(Run(wanted)) / 4


def test_a_drawn_path_shows_the_data_twice():
    """At a quarter of the time the samples are near the data, at half of it they are noise again."""
    run = fit(recipe("flow", "there_and_back"))
    scene = Scene(run)
    scene.renew(whole=True)
    data = torch.from_numpy(scene.data)

    def away(t: float) -> float:
        at = int(np.abs(scene.chain_times - t).argmin())
        return float(sliced_wasserstein(torch.from_numpy(scene.chain[at]), data))

    assert max(away(0.25), away(1.0)) < away(0.5) / 2


# Normalizing flows.


def test_bridges_remain_between_modes():
    """Many more samples than data lie off the modes, but not most of them."""
    assert 10 < astray(fit(recipe("normalizing_flow", "bridges"))) < 75, "percent, beside 5 of the data"


def test_two_layers_smear():
    few, usual = (fit(one) for one in (recipe("normalizing_flow", "two_layers"), recipe("normalizing_flow", "layers")))
    assert distance(few) > 1.2 * distance(usual)


# Lessons: what the texts around a question say holds if the run answers it so.

ANSWERS = {
    ("gan", "Mode collapse"): "Three at most",
    ("gan", "Training is unstable"): "Four at most",
    ("gan", "A cure"): "All eight",
    ("vae", "Holes in the prior"): "More than 20%",
    ("vae", "A prior that is learned"): "At most a quarter",
    ("vae", "Posterior collapse"): "None, or nearly",
    ("diffusion", "Stable training"): "At most three times as far",
    ("flow", "The choice of the path"): "Up to four times as far",
    ("normalizing_flow", "Learn a map that can be undone"): "Up to three times as far",
    ("normalizing_flow", "Too few layers"): "More than 16%",
    ("normalizing_flow", "It can't tear the plane"): "More than 16%",
}


@pytest.mark.parametrize(("name", "title"), ANSWERS)
def test_the_training_of_a_lesson_gives_the_answer_that_its_text_expects(name, title, record_property):
    step = next(step for step in lesson(name).steps if step.title == title)
    experiment = state_of(step.state).experiment
    scene = Scene(fit(experiment))
    scene.renew(whole=True)
    measure = step.question.measure
    found, floor = None, None
    for chart in charts(FAMILIES[experiment.family]).values():  # one measures what another shows
        if "points" not in chart.kinds or not chart.applies(scene):
            continue
        for _ in [*(chart.ahead(scene) or ()), *(chart.floors_ahead(scene) or ())]:
            pass
        found = chart.measure(scene).get(measure.scalar, found)
        floor = chart.floors(scene).get(measure.scalar, floor)
    assert found is not None
    if measure.what == "floors":
        assert floor
        found /= floor
    record_property(measure.scalar, round(found, 3))
    [right] = [c.says for c in step.question.choices if (c.range[0] or 0) <= found <= (c.range[1] or np.inf)]
    assert right == ANSWERS[name, title]
