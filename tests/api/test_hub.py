"""Models as files and on the hub, by the page's own routes. The hub is a stand-in."""

import base64

import pytest
from e2e import Visitor, serve, until
from hub_stand_in import StandIn, hub
from huggingface_hub import ModelCard, constants

from playground import Experiment, fit
from playground.hub.models import Hub
from playground.training.model_file import LARGEST, from_bytes, to_bytes

PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


@pytest.fixture(scope="module")
def there():
    with hub() as stand_in:
        yield stand_in


@pytest.fixture
def visitor(there, monkeypatch, tmp_path):
    """Somebody on the machine that the app runs on, whose token is in the environment."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("playground.ui.hub.account.get_token", lambda: "hf_anna")
    there.repos.clear()
    visitor = Visitor(serve(hub=at(there)))
    yield visitor
    visitor.leave()


HUBS: dict[str, Hub] = {}


def at(there: StandIn) -> Hub:
    return HUBS.setdefault(there.address, Hub(there.address))


@pytest.fixture(scope="module")
def model() -> bytes:
    return to_bytes(fit(Experiment(dataset="two_moons", steps=3, config={"width": 8})))


def post(visitor, path: str, sent, **headers) -> dict:
    return visitor.http.post(f"playground/{path}", json={"visitor": visitor.name} | sent, headers=headers).json()


def sent_file(visitor, content: bytes, name: str | None = None) -> dict:
    who = visitor.name if name is None else name
    return visitor.http.post("playground/model", params={"visitor": who}, content=content).json()


def test_a_model_from_a_file_has_a_run_of_the_visitor(visitor, model):
    found = sent_file(visitor, model)
    assert found["state"]["family"] == "flow"
    assert found["state"]["step"] == 3
    [run] = until(lambda: [run for run in visitor.app.runs(visitor.name) if run.sent])
    assert (run.name, run.state, run.step_count) == (found["run"], "done", 3)


def test_other_files_are_refused_and_start_nothing(visitor, model):
    bad = [b"", b"{}", b"\0" * 100, model[:-1], model + b"\0", b"PK\3\4" + model, b"\0" * (LARGEST + 1)]
    for content in bad:
        assert sent_file(visitor, content)["error"].startswith(("This model can't be opened", "This file is too large"))
    for name in ("", "a" * 65):
        assert "error" in sent_file(visitor, model, name)
    assert not visitor.app.runs(visitor.name)


def test_what_is_published_is_what_is_seen_and_opens_again(visitor, there, model):
    run = sent_file(visitor, model)["run"]
    visitor.app.engine.handles[run].close()
    found = post(visitor, "hub/publish", {"slot": "vae", "name": "my-vae", "picture": PICTURE})
    assert found == {"address": f"{there.address}/anna/my-vae"}
    files = there.repos["models/anna/my-vae"]
    assert files["picture.png"] == base64.b64decode(PICTURE)
    published = from_bytes(files["model.safetensors"])
    assert (published.run.experiment.family, published.run.step) == ("vae", 4000)
    assert published.history[-1]["distance"] > 0
    card = ModelCard(files["README.md"].decode())
    assert card.data.library_name == "generative-playground"
    assert "| Distance to the data | 0." in card.text, "beside what a perfect model scores"
    opened = post(visitor, "hub/open", {"name": "anna/my-vae"})
    assert (opened["state"]["family"], opened["state"]["step"]) == ("vae", 4000)


def test_the_account_is_told(visitor):
    assert visitor.http.get("playground/hub").json() == {"account": "anna", "sign_in": None}


@pytest.mark.parametrize(
    "headers", [{"x-forwarded-for": "8.8.8.8"}, {"host": "demo.gradio.live"}, {"via": "1.1 proxy"}]
)
def test_the_machine_s_token_is_for_those_who_sit_at_it(visitor, there, headers):
    assert visitor.http.get("playground/hub", headers=headers).json()["account"] is None
    found = post(visitor, "hub/publish", {"slot": "flow", "name": "model"}, **headers)
    assert found["error"].startswith("To publish a model, sign in first")
    assert not there.repos


HOSTILE = [
    ("hub/publish", {"slot": "flow", "name": "../model"}),
    ("hub/publish", {"slot": "flow", "name": {"a": 1}}),
    ("hub/publish", {"slot": "flow", "name": "bert/model"}),
    ("hub/publish", {"slot": 7, "name": "model"}),
    ("hub/publish", {"slot": "no slot!", "name": "model"}),
    ("hub/publish", {"slot": "flow", "name": "model", "picture": "<svg>"}),
    ("hub/publish", {"slot": "flow", "name": "model", "picture": base64.b64encode(b"GIF89a").decode()}),
    ("hub/publish", {"slot": "flow", "name": "model", "picture": ["x"]}),
    ("hub/publish", {"visitor": None, "slot": "flow", "name": "model"}),
    ("hub/publish", {"slot": "flow", "name": "model", "picture": "A" * 2_000_001}),
    ("hub/open", {}),
    ("hub/open", {"name": ["anna/model"]}),
    ("hub/open", {"name": "anna/nothing"}),
    ("hub/open", {"name": "anna/other"}),
    ("hub/open", {"name": "anna/model", "visitor": "a" * 65}),
]


@pytest.mark.parametrize(("path", "sent"), HOSTILE)
def test_what_can_t_be_is_a_sentence(visitor, there, path, sent):
    there.repos["models/anna/other"] = {"model.safetensors": b"something else"}
    found = post(visitor, path, sent)
    assert found.keys() == {"error"}
    assert found["error"][0].isupper()
    assert found["error"].endswith((".", ")."))
    assert set(there.repos) == {"models/anna/other"}
