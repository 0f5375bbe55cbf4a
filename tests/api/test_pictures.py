"""Pictures and galleries through HTTP: what is read is tested in tests/data; here, the way there."""

import json

import numpy as np
import pytest
from asking import answers, is_a_sentence
from e2e import page_events
from odd_files.albums import Files, pictures, zipped

from playground.data import Pictures

KNOBS = json.dumps({"steps": 2, "width": 32, "depth": 2, "batch_size": 64})
FOLDERS = pictures(12, "cats/") + pictures(10, "dogs/")


def one(files: Files) -> bytes:
    """Several files as the page sends them."""
    head = json.dumps([[name, len(content)] for name, content in files])
    return head.encode() + b"\n" + b"".join(content for _, content in files)


@pytest.fixture
def send(visitor):
    def sent(content: bytes, **params: str) -> dict:
        reply = visitor.http.post("playground/pictures", params=params, content=content)
        assert reply.status_code == 200
        return reply.json()

    return sent


@pytest.fixture
def gallery(visitor):
    def shown(dataset: object) -> dict:
        reply = visitor.http.post("playground/gallery", json={"dataset": dataset})
        assert reply.status_code == 200
        return reply.json()

    return shown


@pytest.fixture
def tell(app, visitor):
    """Sends an event of the flow's tab with these data, and gives the frame that comes last."""

    def told(name: str, dataset: dict) -> dict:
        event = next(e["id"] for key, e in page_events(app).items() if f".{name}." in key and e["targets"][0][0])
        given, sentence = visitor.call(event, json.dumps([json.dumps(dataset), KNOBS]), event_data="{}")
        assert sentence == ""
        return json.loads(given[0])

    return told


def test_a_model_learns_from_pictures_by_their_hash(app, visitor, send, tell, gallery):
    answer = send(one(zipped(FOLDERS)), side="8", colour="false")
    assert answer["note"].startswith("Read 22 pictures in 2 classes; a fifth is held out.")
    known = answer["dataset"]["pictures"]
    assert (known["shape"], known["count"], known["classes"], known["names"]) == ([8, 8], 22, 2, ["cats", "dogs"])
    named = {"hash": answer["dataset"]["hash"], "pictures": True}
    frame = tell("train", named)
    assert (frame["step"], frame["state"], frame["kind"]) == (2, "done", "images")
    own = app.runs(visitor.name)[0].experiment.dataset
    assert isinstance(own, Pictures)
    assert own.digest == named["hash"]
    rows = gallery(named)["rows"]
    assert [(row["name"], row["tiles"]["n"]) for row in rows] == [("cats", 8), ("dogs", 8)]
    assert answer["dataset"] == send(one(FOLDERS), side="8", colour="false")["dataset"], "in a zip or not"


@pytest.mark.parametrize(("params", "shape"), [({}, [16, 16, 3]), ({"side": "28", "colour": "true"}, [28, 28, 3])])
def test_how_they_are_read(send, params, shape):
    assert send(one(pictures()), **params)["dataset"]["pictures"]["shape"] == shape


def test_pictures_that_are_gone_are_asked_for(app, visitor, tell, gallery):
    gone = {"hash": "0" * 64, "pictures": True}
    notice = tell("train", gone)
    assert (notice["lacks"], notice["asked"]) == ("data", "train")
    assert notice["error"] == gallery(gone)["error"] == "The server no longer has your pictures. Choose them again."
    assert not app.runs(visitor.name)


FILES = one(pictures())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"[]\n",
        b"{}\n",
        b"null\n",
        b'"ab"\n',
        b"[" * 100_000 + b"\n",
        b'[["a.png", 5]]\n1234',
        b'[["a.png", 5]]\n123456',
        b'[["a.png", -1], ["b.png", 1]]\n',
        b'[["a.png", 1.0]]\n1',
        b'[["a.png", true]]\n1',
        b'[["a.png", 1, 2]]\n1',
        b"[[3, 1]]\n1",
        b'[["a.png", 99999999999999999999999999]]\n1',
        b"\xff\xfe\n1",
        FILES[:1000],
        FILES + b"x",
    ],
    ids=lambda content: content[:16].decode("latin-1"),
)
def test_damaged_requests_get_one_sentence(send, content):
    answer = send(content)
    assert answer.keys() == {"error"}
    assert is_a_sentence(answer["error"])


@pytest.mark.parametrize(
    "params", [{"side": "9"}, {"side": "-8"}, {"side": "²"}, {"side": ""}, {"colour": "red"}], ids=str
)
def test_damaged_settings_get_one_sentence(send, params):
    assert is_a_sentence(send(FILES, **params)["error"])


def test_too_much_is_not_taken(visitor, send):
    assert send(bytes(23_000_000))["error"] == "These files are too large; at most 20 MB are possible in all."
    answers(visitor)


def test_a_row_for_each_class(gallery):
    told = gallery({"name": "shapes", "settings": {"count": 4}})
    assert told["names"] == ["disc", "square", "triangle", "cross"] == [row["name"] for row in told["rows"]]
    assert told["classes"] == 4
    assert all((row["tiles"]["n"], row["tiles"]["height"]) == (8, 16) for row in told["rows"])
    assert gallery({"name": "two_moons"})["rows"] == []


@pytest.mark.parametrize(
    "wrong", [None, 3, "shapes", {"name": "cats"}, {"points": [[0, 1], [1, 0]]}, {"hash": [1]}], ids=str
)
def test_galleries_of_nothing(gallery, wrong):
    assert is_a_sentence(gallery(wrong)["error"])


def test_images_through_the_api(client, rng):
    own = Pictures(images=rng.integers(0, 256, (24, 8, 8, 3), dtype=np.uint8), labels=np.arange(24) % 2)
    dataset = own.model_dump(mode="json")
    wanted = {"family": "vae", "dataset": dataset, "steps": 2, "config": {"width": 32, "batch_size": 32}}
    assert list(client.submit(wanted, api_name="/train"))[-1]["state"] == "done"
    points = client.predict(wanted, 5, 0, api_name="/dataset")["points"]
    held_out = own.distribution.values(np.arange(len(own.distribution)))
    assert {tuple(row) for row in points} <= {tuple(row) for row in held_out.round(5)}
