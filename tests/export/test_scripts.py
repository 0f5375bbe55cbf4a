"""A script makes the samples of the run that it repeats, to rounding, without this project."""

import contextlib
import inspect
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from playground import Experiment, export, fit
from playground.data import POINT_SETS, Drawing, NamedSet
from playground.experiment import POOL
from playground.export import Unwritten, family_lines, script
from playground.families import FAMILIES
from playground.training.pool import TrainingData, pool_of

SMALL = {"width": 8, "depth": 2, "batch_size": 32}
LAYERS = {"normalizing_flow": {"layers": 2, "bins": 4}}
ROUNDING = 1e-5
"""Relative to the width of the data."""


def small(family: str, dataset="two_moons", steps=12, config=None, **more) -> Experiment:
    config = SMALL | LAYERS.get(family, {}) | (config or {})
    return Experiment(family=family, dataset=dataset, steps=steps, config=config, **{"data_points": 1000} | more)


def played(text: str) -> dict:
    """The names that a script has defined when it has made its samples."""
    names: dict = {"__name__": "script"}
    until = text.index("# %% Picture")
    with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng(devices=[]):
        exec(compile(text[:until], "script", "exec"), names)
    return names


def check(experiment: Experiment, n: int = 2000) -> None:
    """n: the samples that the script makes."""
    text = script(experiment)
    threads = torch.get_num_threads()
    theirs = played(text)["samples"]
    torch.set_num_threads(threads)
    ours = fit(experiment, device="cpu").sample(n, seed=1)
    assert theirs.shape == ours.shape
    assert np.abs(theirs - ours).max() < ROUNDING * ours.std()


def test_without_this_project(tmp_path):
    """Each family's script, with its default settings but the steps, in a process that can't import playground."""
    files = []
    for family in FAMILIES:
        files.append(f"{family}.py")
        (tmp_path / files[-1]).write_text(script(Experiment(family=family, steps=8)))
    lines = [
        "import runpy, sys, numpy",
        f"for name in {files}:",
        "    found = runpy.run_path(name)['samples']",
        "    numpy.save(name + '.npy', found)",
        "    sys.modules['matplotlib.pyplot'] = None  # one picture is enough",
        "print([name for name in sys.modules if name.startswith('playground')])",
    ]
    (tmp_path / "all.py").write_text("\n".join(lines))
    command = [sys.executable, "-I", "all.py"]
    environment = os.environ | {"MPLBACKEND": "Agg"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert sorted(file.name for file in tmp_path.glob("*.png")) == ["flow.png"]
    for family, file in zip(FAMILIES, files, strict=True):
        ours = fit(Experiment(family=family, steps=8), device="cpu").sample(2000, seed=1)
        np.testing.assert_allclose(np.load(tmp_path / f"{file}.npy"), ours, atol=1e-5)


CLASS = {"label": "1", "guidance": 2.5}

VARIANTS = {
    "flow": [
        {"path": "trigonometric", "solver": "euler", "schedule": "constant"},
        {"path": "eased", "solver": "heun", "sigma_min": 0.1, **CLASS},
        {"path": "diffusion", "solver": "rk4", "label": "0"},
        {"path": "variance_exploding", "averaging": 0.0, "label_dropout": 1.0},
        {"path": "drawn", "solver_steps": 3, "label": "1", "guidance": 0},
        {"path": "straight", "sigma_min": 0.2, "frequencies": 0},
        {"path": "diffusion", "times": "late"},
        {"coupling": "optimal_transport", "coupled": 12},
        {"coupling": "entropic", "coupled": 16},
        {"coupling": "class_aware", "label_dropout": 1.0},
        {"coupling": "class_aware", "source": "uniform"},
        {"source": "pinwheel", "coupling": "optimal_transport"},
        {"source": "drawing", "source_points": Drawing(points=[[0, 0], [1, 2], [-2, 1]]).encode()},
        {"mean_flow": "on", "solver": "mean_flow", "solver_steps": 2, "label": "1", "guidance": 1.5},
        {"mean_flow": "on", "coupling": "entropic", "path": "eased"},
        {"objective": "maximum_likelihood", "solver": "dopri5"},
        {"objective": "maximum_likelihood", "path": "diffusion", "mean_flow": "on", "solver": "mean_flow"},
        {"reflows": 1, "path": "eased", "times": "middle", "solver": "euler", "solver_steps": 1, "label": "0"},
        {"reflows": 2, "objective": "maximum_likelihood", "path": "diffusion"},
        {"reflows": 1, "mean_flow": "on", "solver": "mean_flow", "label_dropout": 1.0, "coupling": "class_aware"},
    ],
    "vae": [
        {"noise": "fixed", "drawn": "means", "latents": 3, "prior": "standard"},
        {"beta": 2.0, "warm_up": 0.0, "free_bits": 0.0},
        {"importance_samples": 3, "components": 3},
        {"importance_samples": 2, "schedule": "constant", "decoder_std": 0.1, "prior": "standard"},
    ],
    "diffusion": [
        {"noise_schedule": "linear", "target": "noise", "sampler": "ddpm", **CLASS},
        {"noise_schedule": "sigmoid", "target": "data", "sampler": "ddim", "weighting": "snr", "label": "0"},
        {"noise_schedule": "edm", "target": "edm", "sampler": "edm_stochastic", "noise_end": 0.9},
        {"sampler": "ddim", "eta": 0.5, "schedule": "constant", "spacing": "schedule", "weighting": "min_snr"},
        {"sampler": "euler_maruyama", "weighting": "truncated_snr", "label_dropout": 1.0, "noise_end": 0.8},
        {"sampler": "ode_euler", "sampler_steps": 1, "target": "noise", "weighting": "snr_plus_one"},
        {"sampler": "dpmpp_2m", "target": "data", "label": "1", "guidance": 0, "noise_schedule": "edm"},
        {"sampler": "edm_stochastic", "churn": 0, "target": "edm", "weighting": "snr_plus_one"},
    ],
    "gan": [
        {"objective": "least_squares", "discriminator_steps": 2, "r2": 0.1, "latents": 3},
        {"objective": "hinge", "spectral_normalisation": "on", "r1": 0.0, "schedule": "constant"},
        {"objective": "wasserstein", "gradient_penalty": 1.0, "r1": 0.0, "penalty_every": 1, "momentum": 0.0},
        {"objective": "relativistic", "packing": 3, "instance_noise": 0.5, "averaging": 0.0},
        {"unrolling": 2, "minibatch_statistics": "on", "r1": 0.5, "instance_noise": 0.2},
        {"unrolling": 1, "objective": "relativistic", "spectral_normalisation": "on", "discriminator_steps": 2},
    ],
    "normalizing_flow": [{"schedule": "constant"}, {"layers": 3, "averaging": 0.0}],
}


@pytest.mark.parametrize(
    ("family", "config"), [(family, config) for family, each in VARIANTS.items() for config in each], ids=str
)
def test_variants(family, config, monkeypatch):
    monkeypatch.setattr("playground.families.flow.reflow.PAIRS", 1024)
    check(small(family, config=config))


def pool_of_script(experiment: Experiment) -> tuple[torch.Tensor, torch.Tensor | None]:
    text = script(experiment)
    names: dict = {}
    exec(text[: text.index("# %% Network")], names)
    return names["data"], names.get("labels")


def other(name: str) -> dict:
    """Settings of a set, none of which is its default."""
    fields = type(NamedSet(name=name)).model_validate({"name": name}).settings
    return {key: value + 1 if isinstance(value, int) else value * 1.1 for key, value in fields.items()}


@pytest.mark.parametrize("settings", [lambda name: {}, other], ids=["usual", "other"])
@pytest.mark.parametrize("name", POINT_SETS)
def test_named_sets(name, settings):
    """The data of a script are those of the run, number for number."""
    dataset = NamedSet(name=name, settings=settings(name))
    for most in (POOL, 100):
        experiment = Experiment(family="flow", dataset=dataset, data_points=most, seed=3)
        ours = pool_of(TrainingData.of(experiment), torch.device("cpu"))
        points, labels = pool_of_script(experiment)
        assert torch.equal(points, ours.points)
        assert (labels is None) == (ours.classes == 1)
        assert labels is None or torch.equal(labels, ours.labels)


def test_a_set_without_lines(monkeypatch):
    monkeypatch.setattr("playground.export.scripts.drawn_sets", frozenset)
    text = script(small("flow", "heart"))
    assert "def heart" not in text
    check(small("flow", "heart"))


def test_own_points(rng):
    points = rng.normal(size=(300, 2)) * [10, 1] + 5
    labels = rng.integers(3, size=300)
    for family in FAMILIES:
        check(small(family, points, labels=labels))


def test_a_drawing(rng):
    drawn = {"points": rng.uniform(-3, 3, (50, 2)).tolist(), "labels": None, "on_canvas": True}
    check(small("flow", drawn, data_points=20))


def options(family: str) -> set[tuple[str, str]]:
    """Every option of every setting, (name, option), but the many classes and sources."""
    fields = FAMILIES[family].Config.model_fields.items()
    found = {(name, option) for name, field in fields for option in get_args(field.annotation)}
    return {(name, option) for name, option in found if name != "label" and option not in POINT_SETS}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_setting_has_its_lines(family):
    """A new setting, or a new option of one, has lines in the template, and a variant here."""
    path = inspect.getfile(FAMILIES[family]) + ".jinja"
    frame = Path(export.__file__).parent
    texts = [Path(path), *Path(path).parent.glob("*.jinja"), frame / "facts.py", *(frame / "templates").glob("*.jinja")]
    text = "\n".join(file.read_text("utf-8") for file in texts)
    unseen = {"label": "class_index", "network": "convolutional"}  # seen by another name
    for name in FAMILIES[family].Config.model_fields:
        assert re.search(rf"\b(c|config)\.{unseen.get(name, name)}\b|\b{unseen.get(name, '-')}\b", text), name
    usual = FAMILIES[family].Config()
    tried = {pair for config in VARIANTS[family] for pair in config.items()} | {
        (name, getattr(usual, name)) for name in type(usual).model_fields
    }
    tried |= {("network", "fully_connected"), ("space", "latents")}  # see `test_digits` and `test_latents`
    assert options(family) <= tried


@pytest.mark.parametrize(
    ("family", "config"),
    [
        ("flow", {"mean_flow": "on", "solver": "mean_flow", "solver_steps": 1, "label": "3"}),
        ("vae", {"latents": 3}),
        ("diffusion", {"sampler_steps": 2}),
        ("gan", {"packing": 2}),
        ("gan", {"spectral_normalisation": "on", "minibatch_statistics": "on"}),
        ("vae", {"network": "fully_connected"}),
        ("gan", {"network": "fully_connected"}),
        ("diffusion", {"network": "fully_connected", "sampler_steps": 2}),
        ("normalizing_flow", {}),
    ],
    ids=str,
)
def test_digits(family, config):
    channels = {} if family == "normalizing_flow" else {"channels": 4}
    check(small(family, "digits", steps=4, data_points=60, config={"batch_size": 16} | channels | config), 100)


@pytest.mark.parametrize(
    ("family", "config"),
    [
        ("flow", {"label": "3", "guidance": 2.0}),
        ("flow", {"network": "fully_connected", "latents": 2, "coupling": "class_aware", "source": "uniform"}),
        ("flow", {"mean_flow": "on", "solver": "mean_flow", "label": "3", "schedule": "constant"}),
        ("flow", {"objective": "maximum_likelihood", "path": "variance_exploding", "latents": 3}),
        ("flow", {"objective": "maximum_likelihood", "mean_flow": "on", "solver": "mean_flow"}),
        ("diffusion", {"sampler_steps": 2, "label": "1"}),
        ("diffusion", {"network": "fully_connected", "latents": 2, "target": "edm", "sampler": "ddpm"}),
        ("diffusion", {"label_dropout": 1.0, "averaging": 0.0}),
    ],
    ids=str,
)
def test_latents(family, config):
    latent = {"batch_size": 16, "channels": 4, "space": "latents"}
    check(small(family, "digits", steps=4, data_points=60, config=latent | config), 100)


def test_points_have_no_latents():
    text = script(small("flow", config={"space": "latents"}))
    assert text.count("space=latents") == 1
    assert text.replace("&space=latents", "") == script(small("flow"))


def test_own_images(rng):
    images = rng.integers(0, 256, (30, 6, 7, 3), dtype=np.uint8)
    check(small("vae", images, labels=np.arange(30) % 3, steps=4, config={"channels": 4, "drawn": "means"}), 100)


def test_what_is_too_large_is_refused(rng):
    images = rng.integers(0, 256, (1000, 32, 32, 3), dtype=np.uint8)
    with pytest.raises(Unwritten, match="MB"):
        script(small("vae", images, data_points=1000))


def test_family_lines():
    for family in FAMILIES:
        lines = family_lines(small(family))
        assert len(lines) >= 2
        assert any("def sample" in text for _, text in lines)
        assert any("loss" in place for place, _ in lines)
