"""Whatever can be seen or asked of a run works on its device."""

import json

import numpy as np
import pytest
import torch

from playground import Experiment, Run, fit
from playground.data.kinds import kind_of
from playground.engine import InlineEngine
from playground.engine.hosting.camera import Camera, encode
from playground.families import FAMILIES
from playground.families.capabilities import can
from playground.questions import QUESTIONS, answer
from playground.scene import Scene, ViewState
from playground.training import checkpoints
from playground.training.history import History
from playground.training.likelihood import has_likelihood
from playground.views import VIEWS, Chart, Figure, SlowLayer, charts, figures, layers, layouts

SMALL = {"width": 16, "depth": 2, "batch_size": 32}
DATA = ["two_moons", "digits"]

VALUES = {
    "x": [0.2, 0.1],
    "first": [-0.3, 0.4],
    "t": 0.5,
    "path": [[0.0, 0.0], [1.0, 1.0], [1.0, -1.0]],
    "z": [0.3, -0.2],
    "n": 10,
    "seed": 1,
    "whole": True,
}
"""What is asked, by the names of the questions' fields."""

KNOWN = [(family, dataset) for family in FAMILIES for dataset in DATA]
IN_LATENTS = [("flow", "digits", "latents"), ("diffusion", "digits", "latents")]


@pytest.fixture(scope="module", params=[*KNOWN, *IN_LATENTS], ids="-".join)
def run(request, device) -> Run:
    family, dataset, *space = request.param
    config = SMALL | ({"space": space[0]} if space else {})
    run = Run(Experiment(family=family, dataset=dataset, steps=30, config=config), device)
    for _ in range(12):
        run.advance()
    run.check()
    return run


def everything(run: Run, layout: str) -> ViewState:
    seen = layers(run.averaged, kind_of(run.experiment.dataset.shape))
    return ViewState(layers=frozenset(seen), layout=layout, time=0.5)


def test_it_is_there(run, device):
    assert run.device == device
    tensors = [*run.family.parameters(), *run.averaged.buffers(), run.pool, run.labels]
    assert {tensor.device for tensor in tensors} == {device}


def test_every_layer_and_chart(run):
    kind = kind_of(run.experiment.dataset.shape)
    for layout in layouts(run.averaged, kind):
        camera = Camera(Scene(run, everything(run, layout)))
        while not camera.prepared:
            camera.prepare()
        for whole in (False, True):
            frame = camera.frame(run.snapshot(), whole=whole)
            camera.slow.go_on(0.01)
            assert json.loads(encode(frame)) == json.loads(json.dumps(frame, allow_nan=False))
        camera.monitor()
    assert ("distance" if kind == "points" else "frechet") in frame["scalars"]


def test_every_question(run, device):
    scene = Scene(run)
    slow = [name for name, layer in layers(scene.model, scene.kind).items() if isinstance(layer, SlowLayer)]
    scene.see(everything(run, next(iter(layouts(scene.model, scene.kind)))))
    if device.type == "cpu":  # tests/views has them
        scene.see(scene.look.model_copy(update={"layers": scene.look.layers - set(slow)}))
        slow = []
    asked = 0
    for name, question in QUESTIONS.items():
        fields = question.model_fields
        if name == "plot" or not can(scene.model, question.needs) or scene.kind not in question.kinds:
            continue
        if name == "layers" and not slow:
            continue
        given = {key: VALUES[key] for key in fields if key in VALUES} | ({"names": slow} if "names" in fields else {})
        found = answer(scene, {"ask": name, **given})
        assert json.loads(json.dumps(found, default=str))
        asked += 1
    assert asked >= 4


def test_floors_are_those_of_the_cpu(run):
    there, here = Scene(run), Scene(Run(run.experiment, "cpu"))
    for name, chart in charts(there.model, there.kind).items():
        assert isinstance(chart, Chart)
        floors = [chart.floors(scene) for scene in (there, here)]
        assert floors[0] == pytest.approx(floors[1], rel=1e-3), name


def test_every_figure(run, device):
    if device.type == "cpu":
        pytest.skip("tests/views measures them on the CPU")
    scene = Scene(run)
    for name in figures(scene.model, scene.kind):
        assert isinstance(VIEWS[name], Figure)
        assert json.loads(answer(scene, {"ask": "plot", "figure": name})["plot"])["data"], name


def test_samples_and_densities_come_back_as_numbers(run, device):
    samples = run.sample(20, seed=1)
    assert samples.shape == (20, run.averaged.dim)
    assert np.array_equal(samples, run.sample(20, seed=1))
    if device.type == "cpu" and run.pool.shape[1] > 2:
        return  # tests/families/test_capabilities has densities of images, which take long
    if has_likelihood(run.averaged):
        assert np.isfinite(run.log_prob(samples[:2]).values).all()


def test_a_checkpoint_goes_from_device_to_device(run, device, tmp_path):
    checkpoints.save(run, path := tmp_path / "model.safetensors")
    there, here = (checkpoints.load(path, where) for where in (device, "cpu"))
    assert np.array_equal(there.sample(20), run.sample(20))
    for ours, theirs in zip(here.averaged.parameters(), run.averaged.parameters(), strict=True):
        assert torch.equal(ours, theirs.cpu())


# From the same seed.


@pytest.mark.parametrize(("family", "dataset"), KNOWN)
def test_first_weights_are_the_same_everywhere(family, dataset, device, global_generator):
    wanted = Experiment(family=family, dataset=dataset, seed=4, config=SMALL)
    there, here = Run(wanted, device), Run(wanted, "cpu")
    assert torch.equal(there.pool.cpu(), here.pool)
    for ours, theirs in zip(there.family.state_dict().values(), here.family.state_dict().values(), strict=True):
        assert torch.equal(ours.cpu(), theirs)


@pytest.mark.parametrize(("family", "dataset"), KNOWN)
def test_an_earlier_step_comes_back_bit_for_bit(family, dataset, device):
    wanted = Experiment(family=family, dataset=dataset, steps=40, config=SMALL)
    history, before = History(run := Run(wanted, device)), []
    history.every = 15
    while not run.done:
        before.append([p.detach().clone() for p in run.averaged.parameters()])
        history.advance(run)
    past = Run(wanted, device)
    for step in (35, 12, 0):
        past.load(history.before(step))
        for _ in history.replay(past, step):
            pass
        assert all(torch.equal(a, b) for a, b in zip(past.averaged.parameters(), before[step], strict=True))
    other, _ = history.fork(run, 20, {"learning_rate" if family != "gan" else "generator_learning_rate": 1e-4}).reach()
    assert (other.step, other.device) == (20, device)


# In an engine.


@pytest.mark.parametrize("family", FAMILIES)
def test_an_engine_trains_there(family, device):
    engine = InlineEngine(str(device))
    wanted = Experiment(family=family, dataset="two_moons", steps=40, config=SMALL)
    handle = engine.start(wanted)
    while handle.state == "training":
        assert handle.wait(handle.sent, timeout=60)
    assert (handle.state, handle.step_count) == ("done", 40)
    answers = handle.ask({"ask": "sample", "n": 50, "seed": 2})["samples"], fit(wanted, device).sample(50, seed=2)
    assert np.allclose(*answers, atol=1e-4)
    earlier = handle.ask({"ask": "picture", "step": 20})
    assert earlier["step"] == 20
    engine.close()


def test_a_divergence_there_is_said(device):
    engine = InlineEngine(str(device))
    blows_up = {"learning_rate": 1.0, "schedule": "constant", "width": 64, "depth": 2, "batch_size": 64}
    handle = engine.start(Experiment(dataset="two_moons", steps=3000, config=blows_up))
    while handle.state == "training":
        assert handle.wait(handle.sent, timeout=60)
    assert handle.state == "failed"
    assert "far above where it began" in handle.message
    assert np.abs(handle.ask({"ask": "sample", "n": 100})["samples"]).max() < 100
    engine.close()
