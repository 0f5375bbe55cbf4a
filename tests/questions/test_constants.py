"""What stays the same throughout a run is asked for, and floors once for each set of settings."""

import base64

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.data.canvas import HALF
from playground.families import FAMILIES
from playground.questions import answer, in_pieces
from playground.scene import Scene
from playground.views import VIEWS, charts


def places(primitive) -> np.ndarray:
    steps = np.frombuffer(base64.b64decode(primitive["xy"]), "<u2").reshape(-1, 2)
    return steps / 65535 * 2 * HALF - HALF


def test_constants_are_the_data_and_how_they_lie_on_the_canvas(scene):
    found = answer(scene, {"ask": "constants"})
    assert found["layers"].keys() == {"data"}
    assert found["layers"]["data"]["panel"] == 0
    assert np.allclose(places(found["layers"]["data"]), scene.data, atol=1e-4)
    assert found["normalizer"] == scene.run.normalizer.model_dump(mode="json")
    assert found["curves"] == []


def test_images_have_constants_too():
    found = answer(Scene(Run(Experiment(dataset="digits", steps=1))), {"ask": "constants"})
    assert found["layers"]["data"]["type"] == "tiles"
    assert found["layers"]["data"]["n"] == 64


def test_the_source_is_a_constant_where_it_is_not_gaussian_noise(scene):
    """And what is unknown with these settings is absent, as is the source where it is Gaussian noise."""
    assert {"source"} == set(answer(scene, {"ask": "constants"})["absent"])
    other = Scene(Run(Experiment(config={"source": "heart", "coupling": "optimal_transport"}, steps=1)))
    found = answer(other, {"ask": "constants"})
    assert {"exact", "true_density", "conditional", "gradient_identity"} == set(found["absent"])
    drawn = places(found["layers"]["source"])
    assert float(other.model.source.log_density(torch.as_tensor(drawn)).min()) > -12, "on the heart"


@pytest.mark.parametrize("family", FAMILIES)
def test_floors_come_in_pieces_and_are_the_charts(family):
    scene = Scene(Run(Experiment(family=family, dataset="two_moons", steps=1)))
    scene.renew(whole=True)
    pieces = in_pieces(scene, {"ask": "floors"})
    count = 0
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            found = end.value
            break
        count += 1
    shown = [chart for chart in charts(scene.model, "points").values() if chart.applies(scene)]
    assert count >= len(shown), "other runs wait no longer than for one chart"
    assert "distance" in found["floors"]
    assert found["floors"]["distance"] == pytest.approx(VIEWS["distance"].floors(scene)["distance"], abs=1e-5)
    assert found["edits"] == 0


def test_floors_say_of_which_settings_they_are(small):
    run = Run(small())
    scene = Scene(run)
    run.edit(batch_size=32)
    run.edit(solver="heun")
    assert answer(scene, {"ask": "floors"})["edits"] == run.edits == 2
    with pytest.raises(ValueError, match="can't change"):
        run.edit(width=64)
    assert run.edits == 2, "what is refused is no edit"
