"""The detector finds a collapse while a GAN trains, and its first remedy heals it."""

import pytest

from playground import Run
from playground.engine.hosting.camera import Camera
from playground.lessons.recipes import RECIPES
from playground.scene import Scene
from playground.training.history import History
from playground.views.adversarial.modes import scores

COLLAPSE = RECIPES["gan"]["collapse"].experiment.model_copy(update={"steps": 1500})
"""In half the recipe's steps. It is told after 420 of them."""


@pytest.mark.training
def test_the_detector_finds_the_collapse_of_its_recipe_and_offers_remedies():
    """Measured at fixed steps: the same run has the same verdict, whenever frames were sent."""
    verdicts = []
    for frames in (False, True):
        run = Run(COLLAPSE)
        camera = Camera(Scene(run))
        while run.step < 450:
            run.advance()
            camera.monitor()
            if frames and run.step % 50 == 0:
                camera.frame(run.snapshot())
        verdicts.append(camera.alerts)
    assert verdicts[0] == verdicts[1] != {}
    found = verdicts[0]["collapse"]
    assert found["title"] == "Full collapse"
    assert 0 < found["before"] < found["step"] <= 450
    assert found["remedies"]
    for remedy in found["remedies"]:
        assert run.experiment.changed(remedy["changes"]) != run.experiment
    assert camera.frame(run.snapshot())["alerts"] == verdicts[0]


def test_families_without_a_game_are_not_watched(moons):
    camera = Camera(Scene(moons))
    camera.monitor()
    assert "alerts" not in camera.frame(moons.snapshot())


@pytest.mark.training
def test_the_first_remedy_heals_the_collapse():
    """The same run, parted from before it broke: every mode has its share again, and the detector has nothing to say.
    In so few steps many are still beside their modes; tests/claims.py waits for all of the recipe's."""
    history = History(run := Run(COLLAPSE))
    camera = Camera(Scene(run))
    while run.step < 450:
        history.advance(run)
        camera.monitor()
    found = camera.alerts["collapse"]
    other, _ = history.fork(run, found["before"], found["remedies"][0]["changes"]).reach()
    assert 0 < other.step == found["before"]
    camera = Camera(Scene(other))
    while not other.done:
        other.advance()
        camera.monitor()
    assert camera.alerts == {}
    camera.scene.renew(whole=True)
    shares = scores(camera.scene).nearest
    assert shares.min() > 0.5 / 8
    assert shares.max() < 2 / 8
