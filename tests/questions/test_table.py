"""Samples and data as files: every number is what the model and the data gave."""

import base64
import io

import numpy as np
import pytest
from pydantic import ValidationError

from playground import Experiment, Run
from playground.questions import answer, check
from playground.scene import Scene


def asked(scene: Scene, **more) -> bytes:
    return base64.b64decode(answer(scene, {"ask": "table", **more})["table"])


def rows_of(csv: bytes) -> tuple[list[str], np.ndarray]:
    names, *rows = csv.decode().splitlines()
    return names.split(","), np.array([[float(number) for number in row.split(",")] for row in rows])


def npy(content: bytes) -> np.ndarray:
    return np.load(io.BytesIO(content), allow_pickle=False)


def test_samples_are_the_models_exactly(scene):
    names, rows = rows_of(asked(scene, n=300, seed=4))
    wanted = scene.run.sample(300, seed=4)
    assert names == ["x", "y"]
    assert np.array_equal(rows, wanted)
    assert np.array_equal(npy(asked(scene, n=300, seed=4, format="npy")), wanted)
    assert answer(scene, {"ask": "table"})["step"] == 800


def test_data_come_with_their_classes():
    experiment = Experiment(dataset="pinwheel", steps=1)
    scene = Scene(Run(experiment))
    names, rows = rows_of(asked(scene, of="data", n=200, seed=2))
    assert names == ["x", "y", "class"]
    assert np.array_equal(rows[:, :2], experiment.data(200, seed=2))
    assert len(set(rows[:, 2])) > 1
    assert np.array_equal(npy(asked(scene, of="data", n=200, seed=2, format="npy")), rows)


def test_images_keep_their_shape():
    experiment = Experiment(family="vae", dataset="digits", steps=1)
    scene = Scene(Run(experiment))
    assert np.array_equal(npy(asked(scene, n=5, format="npy")).reshape(5, -1), scene.run.sample(5))
    data = npy(asked(scene, of="data", n=5, format="npy"))
    assert data.shape == (5, 8, 8)
    names, rows = rows_of(asked(scene, of="data", n=5))
    assert (names[0], names[-1], len(names)) == ("pixel_0", "class", 65)
    assert np.array_equal(rows[:, :-1], data.reshape(5, -1))


HOSTILE = [
    {"of": "weights"},
    {"of": ["samples"]},
    {"format": "pickle"},
    {"format": None, "n": "many"},
    {"n": 0},
    {"n": 10_001},
    {"n": 2.5},
    {"seed": -1},
    {"path": "../secret"},
]


@pytest.mark.parametrize("more", HOSTILE, ids=repr)
def test_hostile_questions_are_refused(more):
    with pytest.raises(ValidationError):
        check({"ask": "table", **more})


def test_too_many_images_are_refused_with_the_number_that_can_be_had():
    scene = Scene(Run(Experiment(family="vae", dataset="digits", steps=1)))
    for of in ("samples", "data"):
        with pytest.raises(ValueError, match="At most 2,000 images"):
            answer(scene, {"ask": "table", "of": of, "n": 2001})
