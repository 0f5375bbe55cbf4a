"""A checkpoint comes back as it was, and a file that is none is refused, whatever it holds."""

import json
import pickle
import struct

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from playground import Diverged, Experiment, Run, fit
from playground.training.checkpoints import load, read, save, shipped
from playground.training.model_file import LARGEST, checked


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


@pytest.fixture
def saved(small, path):
    """A small checkpoint, and the header and tensors in it, for tests to tamper with."""
    save(fit(small()), path, [{"step": 20, "loss": 1.5}])
    with safe_open(path, framework="pt") as file:
        return dict(file.metadata()), {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118


def fit_on(run: Run, steps: int) -> None:
    for _ in range(steps):
        run.advance()


# There and back.


FAR = [[1e9, -1e7], [999_999_999.99, -1e7], [1e9, -9_999_999.98]]


@pytest.mark.parametrize(
    "dataset", ["two_moons", [[0, 0], [10, 20], [30, 0]], FAR], ids=["named", "points", "far points"]
)
def test_round_trip(small, path, dataset):
    run = fit(small(dataset, seed=3, solver="rk4", solver_steps=3))
    save(run, path, [{"step": 20, "loss": 1.5}])
    again = load(path)
    assert again.experiment == run.experiment
    assert again.step == run.step
    assert np.array_equal(again.sample(100, seed=1), run.sample(100, seed=1))
    assert read(path).history == [{"step": 20, "loss": 1.5}]


def test_it_holds_the_averaged_model(moons, path):
    save(moons, path)
    again = load(path)
    for model in (again.family, again.averaged):
        for ours, theirs in zip(model.parameters(), moons.averaged.parameters(), strict=True):
            assert torch.equal(ours, theirs)
    assert read(path).history == []


def test_it_can_be_trained_on(moons, path):
    save(moons, path)
    run = load(path)
    before = run.sample(50)
    run.edit(learning_rate=1.0, schedule="constant")
    with pytest.raises(Diverged):
        fit_on(run, 100)
    run.restore()
    assert np.array_equal(run.sample(50), before), "a divergence comes back to the checkpoint"


# What is no checkpoint.


def test_missing_files(tmp_path):
    for name in ("nope", tmp_path / "nope.safetensors"):
        with pytest.raises(FileNotFoundError):
            load(name)


def refused(path) -> str:
    with pytest.raises(ValueError, match="is not a checkpoint that this version can read") as caught:
        load(path)
    with pytest.raises(ValueError, match=r"\w") as also:
        checked(path.read_bytes())
    assert str(caught.value).endswith(str(also.value)), "without a run, it is refused in the same words"
    return str(caught.value)


def test_a_file_is_checked_without_training_data(saved, path, monkeypatch):
    monkeypatch.setattr("playground.training.run.pool_of", None)
    assert checked(path.read_bytes()) == (Experiment.model_validate_json(saved[0]["experiment"]), 20)


def tampered(saved, **changes) -> dict[str, str]:
    """The header with other experiment fields."""
    experiment = json.loads(saved[0]["experiment"])
    return saved[0] | {"experiment": json.dumps(experiment | changes)}


def test_headers_are_validated(saved, path):
    header, weights = saved
    config = json.loads(header["experiment"])["config"]
    bad = [
        None,
        {key: value for key, value in header.items() if key != "experiment"},
        {key: value for key, value in header.items() if key != "step"},
        header | {"experiment": ""},
        header | {"experiment": "[]"},
        header | {"experiment": "{" * 100_000},
        header | {"step": "many"},
        tampered(saved, family="nope"),
        tampered(saved, steps=10**9),
        tampered(saved, seed=True),
        tampered(saved, dataset={"name": "nope"}),
        tampered(saved, dataset={"name": "pinwheel", "settings": {"\ud800": 1}}),
        tampered(saved, dataset={"points": [[0, 0]]}),
        tampered(saved, config=config | {"width": 10**6}),
        tampered(saved, config=config | {"nope": 1}),
        tampered(saved, nope=1),
    ]
    for wrong in bad:
        save_file(weights, path, wrong)
        refused(path)
    save_file(weights, path, header)
    load(path)


def test_histories_and_formats_are_validated(saved, path):
    header, weights = saved
    good = [{"step": 1, "loss": 0.5}]
    bad = [
        header | {"format": "2"},
        header | {"format": "0"},
        header | {"format": "true"},
        header | {"format": "one"},
        header | {"step": "-1"},
        header | {"step": "1.5"},
        header | {"step": str(10**12)},
        header | {"history": "{}"},
        header | {"history": json.dumps(good * 1001)},
        header | {"history": '[{"step": 1, "loss": NaN}]'},
        header | {"history": '[{"step": 1, "loss": "1e999"}]'},
        header | {"history": '[{"step": 1, "<b>": 1}]'},
        header | {"history": json.dumps([{f"a{i}": 1 for i in range(129)}])},
    ]
    for wrong in bad:
        save_file(weights, path, wrong)
        refused(path)
    save_file(weights, path, header | {"format": "2"})
    assert "later version" in refused(path)
    save_file(weights, path, {key: value for key, value in header.items() if key not in ("format", "history")})
    assert read(path).history == [], "as the first files were"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_must_be_finite(saved, path, value):
    header, weights = saved
    next(iter(weights.values())).view(-1)[0] = value
    save_file(weights, path, header)
    assert "not finite" in refused(path)


def test_what_is_too_large_is_not_read(path):
    path.write_bytes(b"\0" * (LARGEST + 1))
    assert "too large" in refused(path)


def test_tensors_must_fit(saved, path):
    header, weights = saved
    name = next(key for key, tensor in weights.items() if tensor.ndim == 2 and tensor.shape[0] != tensor.shape[1])
    bad = [
        {},
        {key: value for key, value in weights.items() if key != name},
        weights | {"extra": torch.zeros(3)},
        weights | {name: torch.zeros(3)},
        weights | {name: weights[name].T.contiguous()},
    ]
    for wrong in bad:
        save_file(wrong, path, header)
        assert refused(path).endswith("its weights are not those of its experiment")
    config = json.loads(header["experiment"])["config"]
    save_file(weights, path, tampered(saved, config=config | {"width": 64}))
    refused(path)


@pytest.mark.parametrize("length", [0, 1, 8, 100, -1, -100])
def test_truncated_files(saved, path, length):
    path.write_bytes(path.read_bytes()[:length])
    assert "Error" not in refused(path), "nothing of the library's is quoted"


def test_a_header_that_promises_too_much(path):
    path.write_bytes(struct.pack("<Q", 2**63) + b"{}")
    refused(path)


class Bomb:
    exploded = False

    def __reduce__(self):
        return setattr, (Bomb, "exploded", True)


@pytest.mark.parametrize("write", [pickle.dump, torch.save])
def test_nothing_is_unpickled(path, write):
    with open(path, "wb") as file:
        write(Bomb(), file)
    refused(path)
    assert not Bomb.exploded


def test_half_the_bytes_show_the_same(path):
    """Weights of half the precision move no pixel by a hundredth of the range."""
    run = Run(Experiment(family="flow", dataset="digits", steps=30))
    for _ in range(30):
        run.advance()
    save(run, path)
    whole = path.stat().st_size
    save(run, path, half=True)
    assert path.stat().st_size < 0.55 * whole
    assert np.abs(load(path).sample(20) - run.sample(20)).max() < 0.02


def test_no_name_leads_out_of_the_folder(saved, path, monkeypatch):
    """There is a good checkpoint beside the folder; a name with a path in it doesn't find it."""
    inside = path.parent / "inside"
    inside.mkdir()
    monkeypatch.setattr("playground.training.checkpoints.FOLDER", inside)
    assert load(path)
    assert shipped(f"../{path.stem}") is None
    assert shipped(str(path.with_suffix(""))) is None
