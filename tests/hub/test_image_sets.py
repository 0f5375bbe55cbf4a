"""Images come from the hub with their classes, wherever their columns are. The hub is a stand-in."""

import io
import json

import numpy as np
import pyarrow
import pyarrow.parquet as parquet
import pytest
from hub_stand_in import StandIn
from PIL import Image

from playground.data import read_album
from playground.data.files.albums import MOST
from playground.hub import image_sets
from playground.hub.errors import HubError
from playground.hub.image_sets import Stopped, fetch_images

NAMES = ("cat", "a/b", "bird")


def png(shade: int, side: int = 28) -> bytes:
    file = io.BytesIO()
    pixels = np.full((side, side), 255, np.uint8)
    pixels[4:-4, 4:-4] = shade
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def table(
    n: int = 60, classes: int = 3, names=NAMES, image: str = "image", label: str = "label", side: int = 28
) -> bytes:
    """A Parquet file as `datasets` writes it, in groups of 25 rows; the shade of an image is its class times 8."""
    labels = [i * classes // n for i in range(n)]
    images = [{"bytes": png(8 * kind, side), "path": None} for kind in labels]
    features = {image: {"_type": "Image"}, label: {"names": list(names), "_type": "ClassLabel"}}
    found = pyarrow.table({image: images, label: labels})
    found = found.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    file = io.BytesIO()
    parquet.write_table(found, file, row_group_size=25)
    return file.getvalue()


def fetched(there: StandIn, files: dict[str, bytes], tell=lambda share: None, converted=None):
    there.repos["datasets/anna/images"] = files
    if converted:
        there.repos["converted/anna/images"] = converted
    return fetch_images(there.address, "anna/images", tell)


def test_images_come_with_the_names_of_their_classes(there):
    told: list[float] = []
    files = {"data/test-0.parquet": table(3), "data/train-0.parquet": table(), "README.md": b""}
    found = fetched(there, files, told.append)
    assert (len(found.files), found.side, found.note) == (60, 28, "")
    assert {name.split("/")[0] for name, _ in found.files} == {"cat", "a-b", "bird"}
    assert told[-1] == 1
    album = read_album(found.files, found.side)
    assert album.pictures.names == ("a-b", "bird", "cat")
    ink = album.pictures.images[:, 14, 14]
    own = np.array(album.pictures.names)[album.pictures.labels]
    assert {(name, int(value)) for name, value in zip(own, ink, strict=True)} == {
        ("cat", 255),
        ("a-b", 247),
        ("bird", 239),
    }


def test_what_has_other_names_and_sizes_is_read_too(there):
    found = fetched(there, {"train.parquet": table(image="img", label="fine_label", side=32)})
    assert (len(found.files), found.side) == (60, 16)
    assert {name.split("/")[0] for name, _ in found.files} == {"cat", "a-b", "bird"}


def test_of_many_some_are_chosen_from_all_over_the_file(there, monkeypatch):
    monkeypatch.setattr(image_sets, "MOST", 40)
    found = fetched(there, {"train.parquet": table(300)})
    assert len(found.files) == 40 < MOST
    assert found.note == "These are 40 of 300 images, chosen at random."
    counts = [sum(name.startswith(kind) for name, _ in found.files) for kind in ("cat", "a-b", "bird")]
    assert min(counts) >= 5, "the first forty would be cats"


def test_too_many_classes_are_left_out(there):
    found = fetched(there, {"train.parquet": table(60, 30, [f"c{i}" for i in range(30)])})
    assert found.note == "Its 30 classes are more than 10, and are left out."
    assert not any("/" in name for name, _ in found.files)


def test_what_the_hub_converted_is_found(there):
    found = fetched(there, {"images.zip": b"PK"}, converted={"default/train/0000.parquet": table()})
    assert len(found.files) == 60


def test_who_leaves_stops_it(there):
    def leave(share: float) -> None:
        raise Stopped

    with pytest.raises(HubError, match=r"Stopped\."):
        fetched(there, {"train.parquet": table()}, leave)


def no_images() -> bytes:
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": ["a", "b"], "label": [0, 1]}), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"README.md": b""}, "has no Parquet files"),
        ({"train.parquet": b"PAR1 and nothing else"}, "can't be read"),
        ({"train.parquet": no_images()}, "has no column of images"),
    ],
    ids=["none", "broken", "text"],
)
def test_what_holds_no_images_is_told(there, files, sentence):
    with pytest.raises(HubError, match=sentence):
        fetched(there, files, converted={"README.md": b""})


def test_what_is_too_large_is_not_fetched(there, monkeypatch):
    monkeypatch.setattr(image_sets, "LARGEST", 1000)
    with pytest.raises(HubError, match="too large"):
        fetched(there, {"train.parquet": table()})
    assert not any("resolve" in line for line in there.asked)


@pytest.mark.parametrize("name", [None, 7, "", "a/b/c", "../x"])
def test_other_names_are_refused(there, name):
    with pytest.raises(HubError, match="owner/name"):
        fetch_images(there.address, name, lambda share: None)
    assert not there.asked


def test_what_is_not_there_is_told(there):
    with pytest.raises(HubError, match="no public data set called anna/nothing"):
        fetch_images(there.address, "anna/nothing", lambda share: None)
