"""The families side by side: diagrams from capabilities, and traits whose recipes there are."""

import pytest
import torch

from playground.families import FAMILIES
from playground.families.capabilities import Adversarial, LatentVariable
from playground.lessons.diagram import diagram
from playground.lessons.overview import TRAITS, overview, pictures
from playground.lessons.recipes import recipes
from playground.training import checkpoints


@pytest.mark.parametrize("family", FAMILIES)
def test_a_diagram_leads_from_noise_through_a_network_to_samples(family):
    drawn = diagram(FAMILIES[family])
    boxes = {box["id"]: box for box in drawn["boxes"]}
    assert all({arrow["from"], arrow["to"]} <= boxes.keys() for arrow in drawn["arrows"])
    places = [tuple(box["at"]) for box in drawn["boxes"]]
    assert len(set(places)) == len(places)
    assert all(x < drawn["wide"] and y < drawn["high"] for x, y in places)
    reached = [name for name, box in boxes.items() if box["kind"] == "noise"]
    for name in reached:
        sampling = [a for a in drawn["arrows"] if not a["training"] and a["from"] == name]
        reached += [arrow["to"] for arrow in sampling if arrow["to"] not in reached]
    assert {"network", "samples"} <= {boxes[name]["kind"] for name in reached}
    assert any(arrow["training"] and boxes[arrow["from"]]["kind"] == "data" for arrow in drawn["arrows"])


def test_diagrams_follow_from_capabilities_not_from_names():
    class Other(FAMILIES["gan"]):
        title = "Other"

    assert diagram(Other) == diagram(FAMILIES["gan"])
    networks = {
        capability: sum(box["kind"] == "network" for box in diagram(family)["boxes"])
        for family in FAMILIES.values()
        for capability in (Adversarial, LatentVariable)
        if capability in family.__mro__
    }
    assert networks == {Adversarial: 2, LatentVariable: 2}


def test_traits_name_families_and_recipes():
    assert TRAITS.keys() == FAMILIES.keys()
    for family, about in overview().items():
        assert len(about["traits"]) == len(TRAITS[family])
        assert {trait.good for trait in TRAITS[family]} == {True, False}
        assert {trait.recipe for trait in TRAITS[family]} <= recipes(family).keys()
        assert all(about["facts"].values())


def test_pictures_are_samples_of_the_shipped_models():
    before = torch.random.get_rng_state()
    found = pictures()
    assert found.keys() == {family for family in FAMILIES if checkpoints.shipped(family)}
    assert all(0 <= min(points) < max(points) <= 255 for points in found.values())
    assert torch.equal(before, torch.random.get_rng_state())
