"""What is published comes back as it was; what can't be is told in a sentence. The hub is a stand-in."""

import numpy as np
import pytest
from huggingface_hub import ModelCard

from playground import Experiment, fit
from playground.hub.errors import HubError
from playground.hub.models import Hub
from playground.training.model_file import LARGEST, from_bytes, to_bytes

CARD = "---\n{}\n---\n# A model\n"


@pytest.fixture
def ours(there) -> Hub:
    return Hub(there.address)


@pytest.fixture(scope="module")
def model() -> bytes:
    return to_bytes(fit(Experiment(dataset="two_moons", steps=3, config={"width": 8})))


def test_what_is_published_comes_back(ours, there, model):
    assert ours.owner("hf_anna") == "anna"
    assert ours.publish("flow-on-moons", model, CARD, b"a picture", "hf_anna") == f"{there.address}/anna/flow-on-moons"
    assert there.repos["models/anna/flow-on-moons"] == {
        "model.safetensors": model,
        "README.md": CARD.encode(),
        "picture.png": b"a picture",
    }
    again = ours.fetch("anna/flow-on-moons")
    assert again == model
    assert np.array_equal(from_bytes(again).run.sample(5), from_bytes(model).run.sample(5))


def test_publishing_again_replaces(ours, there, model):
    for content in (b"before", model):
        ours.publish("anna/again", content, CARD, b"", "hf_anna")
    assert there.repos["models/anna/again"] == {"model.safetensors": model, "README.md": CARD.encode()}
    assert ours.fetch("anna/again") == model


def test_the_card_is_one_that_the_hub_reads():
    assert ModelCard(CARD).text.strip() == "# A model"


BAD_NAMES = [
    "",
    "/",
    "a/b/c",
    "anna/",
    "/model",
    "anna/a b",
    "../../etc",
    "anna/..",
    "a" * 200,
    "anna/x--y",
    "https://x/y",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_other_names_are_refused_before_anything_is_asked(ours, there, model, name):
    for ask in (ours.fetch, lambda name: ours.publish(name, model, CARD, b"", "hf_anna")):
        with pytest.raises(HubError, match="owner/name"):
            ask(name)
    assert not there.asked


def test_who_may_not_publish_is_told(ours, there, model):
    for name, token in (("model", "hf_nobody"), ("bert/model", "hf_anna")):
        with pytest.raises(HubError, match="doesn't let you"):
            ours.publish(name, model, CARD, b"", token)
    assert not there.repos


def test_what_is_not_there_is_told(ours, there):
    there.repos |= {"models/anna/empty": {"README.md": b""}, "models/anna/closed": {"model.safetensors": b""}}
    there.gated.add("anna/closed")
    for name, sentence in {
        "anna/nothing": "no public model",
        "anna/empty": "not a model",
        "anna/closed": "only to",
    }.items():
        with pytest.raises(HubError, match=sentence):
            ours.fetch(name)


def test_what_is_too_large_is_not_fetched(ours, there):
    there.repos["models/anna/large"] = {"model.safetensors": b"\0" * (LARGEST + 1)}
    with pytest.raises(HubError, match="too large"):
        ours.fetch("anna/large")
    assert not [line for line in there.asked if line.startswith("GET")]


def test_a_hub_that_is_out_of_order_is_told(ours, there, model):
    there.down = 500
    for ask in (lambda: ours.fetch("anna/model"), lambda: ours.publish("model", model, CARD, b"", "hf_anna")):
        with pytest.raises(HubError, match=r"an error \(500\)"):
            ask()


def test_without_a_network_there_is_a_sentence(model):
    nowhere = Hub("http://127.0.0.1:9")
    for ask in (lambda: nowhere.fetch("anna/model"), lambda: nowhere.publish("model", model, CARD, b"", "hf_anna")):
        with pytest.raises(HubError, match="can't be reached"):
            ask()
