"""Layers that take long: computed between slices of training, and asked for when the model rests."""

import pytest

from playground import Experiment, Run
from playground.engine.hosting.camera import Camera
from playground.questions import answer
from playground.scene import Scene, ViewState

LOOK = ViewState(layers=frozenset({"samples", "density", "true_density"}))


@pytest.fixture
def scene() -> Scene:
    return Scene(Run(Experiment(dataset="two_moons", config={"width": 16, "depth": 2})), LOOK)


def shown(camera: Camera, whole: bool = False) -> set[str]:
    return set(camera.frame(camera.scene.run.snapshot(), whole)["layers"])


def test_a_live_frame_has_what_is_complete(scene):
    camera = Camera(scene)
    assert shown(camera) == {"samples"}
    camera.slow.go_on(60)
    assert shown(camera) == {"samples", "density", "true_density"}
    assert shown(camera, whole=True) == {"samples"}, "at rest it is asked for"


def test_what_is_begun_is_completed_while_the_model_learns(scene):
    camera = Camera(scene)
    for _ in range(10_000):
        scene.run.advance()
        camera.slow.go_on(0.002)
        if "density" in shown(camera):
            break
    before = camera.frame(scene.run.snapshot())["layers"]["density"]
    scene.run.advance()
    assert camera.frame(scene.run.snapshot())["layers"]["density"] == before, "until the next is complete"
    camera.slow.go_on(60)
    assert camera.frame(scene.run.snapshot())["layers"]["density"] != before


def test_of_another_time_or_other_settings_nothing_is_shown(scene):
    camera = Camera(scene)
    camera.slow.go_on(60)
    scene.see(LOOK.model_copy(update={"time": 0.4}))
    assert shown(camera) == {"samples"}
    camera.slow.go_on(60)
    assert "density" in shown(camera)
    scene.run.edit(solver_steps=4)
    assert shown(camera) == {"samples"}


def test_what_nobody_looks_at_is_not_computed(scene, monkeypatch):
    scene.see(ViewState(layers=frozenset({"samples"})))
    camera = Camera(scene)
    monkeypatch.setattr(
        "playground.engine.hosting.slow_layers.visible_layers", lambda scene: pytest.fail("it was looked for")
    )
    camera.slow.go_on(60)


@pytest.mark.parametrize("whole", [False, True])
def test_the_page_asks_for_them_at_rest(scene, whole):
    scene.see(LOOK.model_copy(update={"time": 0.4}))
    found = answer(scene, {"ask": "layers", "names": ["density", "true_density"], "whole": whole})
    assert (found["step"], found["edits"], found["time"]) == (0, 0, 0.4)
    assert {name: len(layer["times"]) for name, layer in found["layers"].items()} == dict.fromkeys(
        ("density", "true_density"), 11 if whole else 0
    )


def test_other_layers_are_not_among_them(scene):
    asked = {"ask": "layers", "names": ["samples", "critic", "nonsense", "density"], "whole": False}
    assert list(answer(scene, asked)["layers"]) == ["density"]


@pytest.mark.parametrize("more", [{}, {"names": []}, {"names": "density"}, {"names": ["density"], "whole": 1}])
def test_a_question_that_is_none(scene, more):
    with pytest.raises(ValueError, match=r"Layers|Whole"):
        answer(scene, {"ask": "layers", **more})


def test_the_past_has_them_too(scene):
    found = answer(scene, {"ask": "picture"})
    assert len(found["layers"]["density"]["times"]) == 11
