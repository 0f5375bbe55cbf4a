"""Models as files and on the hub, by the page's own routes. The hub is a stand-in."""

import base64
import io
import json

import pyarrow
import pyarrow.parquet as parquet
import pytest
from e2e import Visitor, serve, until
from hub_stand_in import StandIn, hub
from huggingface_hub import ModelCard, constants
from PIL import Image

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


def parquet_file() -> bytes:
    """Forty images of 20 × 20 pixels in two classes."""
    images = []
    for i in range(40):
        file = io.BytesIO()
        Image.new("RGB", (20, 20), (6 * i, 255 - 6 * i, 0)).save(file, "PNG")
        images.append({"bytes": file.getvalue(), "path": None})
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"image": images, "label": [i % 2 for i in range(40)]}), file)
    return file.getvalue()


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


def fetched(visitor, **sent) -> list[dict]:
    """The lines that come while a set of images is fetched."""
    reply = visitor.http.post("playground/hub/images", json=sent)
    return [json.loads(line) for line in reply.text.splitlines()]


def test_images_of_the_hub_are_the_page_s_data(visitor, there):
    there.repos["datasets/anna/images"] = {"train.parquet": parquet_file()}
    *shares, found = fetched(visitor, name="anna/images", side=8, colour=True)
    assert all(0 <= said["share"] <= 1 for said in shares)
    assert found["dataset"]["pictures"]["shape"] == [8, 8, 3]
    assert "2 classes" in found["note"]
    again = visitor.http.post("playground/hub/images", json={"name": "anna/images"}).text
    assert json.loads(again.splitlines()[-1])["dataset"]["pictures"]["shape"] == [16, 16, 3], "as suits them"


@pytest.mark.parametrize(
    "sent",
    [{}, {"name": 7}, {"name": "anna/nothing"}, {"name": "anna/x", "side": "8"}, {"name": "anna/x", "colour": "y"}],
)
def test_images_that_can_t_be_fetched_are_a_sentence(visitor, sent):
    [*_, found] = fetched(visitor, **sent)
    assert found.keys() == {"error"}
    assert found["error"].endswith(".")
