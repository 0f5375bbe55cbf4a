"""The picture of a model: its boxes name networks, layers and symbols that there are."""

import pytest

from playground import Experiment, Run
from playground.data.kinds import ANY
from playground.families import FAMILIES
from playground.lessons.diagram import diagram
from playground.questions import answer
from playground.scene import Scene
from playground.views import layers

TINY = {"width": 8, "depth": 1, "batch_size": 32}


@pytest.mark.parametrize("dataset", ["two_moons", "digits"])
@pytest.mark.parametrize("family", FAMILIES)
def test_its_networks_are_those_of_the_model(family, dataset):
    run = Run(Experiment(family=family, dataset=dataset, config=TINY))
    anatomy = answer(Scene(run), {"ask": "constants"})["anatomy"]
    boxes = diagram(FAMILIES[family])["boxes"]
    assert anatomy["parts"].keys() - {"prior"} == {box["id"] for box in boxes if box["kind"] == "network"}
    assert ("prior" in anatomy["parts"]) == ((family, dataset) == ("vae", "two_moons")), "a mixture of Gaussians"
    trained = sum(weights.numel() for weights in run.family.parameters())
    assert 0 <= trained - sum(anatomy["parts"].values()) <= 1, "a VAE's noise is a number beside its networks"
    assert {box["size"] for box in boxes} - {""} == anatomy["sizes"].keys()
    assert anatomy["sizes"]["datum"] == {"two_moons": "2 numbers", "digits": "8 × 8 pixels"}[dataset]


@pytest.mark.parametrize("family", ["flow", "diffusion"])
def test_in_latents_the_autoencoder_stands_beside(family):
    run = Run(Experiment(family=family, dataset="digits", config={"space": "latents", "width": 8, "depth": 1}))
    anatomy = answer(Scene(run), {"ask": "constants"})["anatomy"]
    usual = diagram(FAMILIES[family])
    boxes = usual["in_latents"]["boxes"]
    networks = {box["id"] for box in boxes if box["kind"] == "network"}
    assert networks == {"network", "encoder", "decoder"} == anatomy["parts"].keys()
    trained = sum(weights.numel() for weights in run.family.parameters())
    assert 0 <= trained - sum(anatomy["parts"].values()) <= 1
    assert {box["id"] for box in usual["boxes"]} <= {box["id"] for box in boxes}
    assert {name for arrow in usual["in_latents"]["arrows"] for name in (arrow["from"], arrow["to"])} == {
        box["id"] for box in boxes
    }
    assert len({tuple(box["at"]) for box in boxes}) == len(boxes)


def test_only_trajectories_have_latents_of_others():
    assert {name for name, model in FAMILIES.items() if diagram(model)["in_latents"]} == {"flow", "diffusion"}


@pytest.mark.parametrize("family", FAMILIES)
def test_its_boxes_show_something_and_are_in_the_equation(family):
    model = FAMILIES[family]
    seen = {name for kind in ANY for name in layers(model, kind)}
    boxes = {box["id"]: box for box in diagram(model)["boxes"]}
    shows = {name for name, box in boxes.items() if seen & set(box["layers"])}
    assert {"data", "samples"} <= shows
    assert shows & {name for name, box in boxes.items() if box["kind"] == "network"}
    named = {symbol for box in boxes.values() for symbol in box["symbols"]}
    assert len(named & model.symbols.keys()) >= 3


def test_no_box_names_a_layer_that_no_family_has():
    every = {name for model in FAMILIES.values() for kind in ANY for name in layers(model, kind)}
    for model in FAMILIES.values():
        for box in diagram(model)["boxes"]:
            marks = {mark.split("@")[0] for mark in box["marks"]}
            assert set(box["layers"]) | marks <= every, box["id"]


def test_the_noise_of_a_chain_is_marked_where_its_samples_began():
    for name in ("flow", "diffusion", "normalizing_flow"):
        [noise] = [box for box in diagram(FAMILIES[name])["boxes"] if box["kind"] == "noise"]
        assert "samples@0" in noise["marks"]
