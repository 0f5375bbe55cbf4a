"""Uploads through HTTP: what works, and what must not. Reading is tested in tests/data; here, the way there."""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from asking import TELLTALE, answers, is_a_sentence
from e2e import page_events
from PIL import Image


def npy(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def npy_header(text: str) -> bytes:
    header = text.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A picture of 900 million pixels in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def read(app, visitor):
    """Sends an uploaded file on to the event that reads it: what came back, and the sentence that refused it."""
    event = next(event["id"] for name, event in page_events(app).items() if ".upload." in name)

    def read(file) -> tuple:
        return visitor.call(event, json.dumps([file]), event_data="null")

    return read


def picture() -> Image.Image:
    drawn = Image.new("L", (64, 64), 255)
    drawn.paste(0, (10, 10, 50, 20))
    return drawn


@pytest.mark.parametrize(
    ("name", "content", "n", "on_canvas"),
    [
        ("points.csv", b"x,y\n0,1\n2,3\n4,5.5\n", 3, False),
        ("points.txt", b"0 1\n2 3\n", 2, False),
        ("points.npy", npy(np.random.default_rng(0).normal(size=(500, 2))), 500, False),
        ("classes.npy", npy(np.array([[0.0, 1, 0], [1, 2, 1], [3, 3, 0]])), 3, False),
        ("picture.png", png(picture()), 4000, True),
        ("many.npy", npy(np.random.default_rng(0).normal(size=(30_000, 2)).astype("f4")), 20_000, False),
        ("Ünïcode and spaces 😀.csv", b"0,1\n2,3\n", 2, False),
    ],
)
def test_files_become_points(visitor, read, name, content, n, on_canvas):
    given, sentence = read(visitor.upload(name, content))
    assert sentence == ""
    drawing = json.loads(given[0])
    assert len(drawing["points"]) == n
    assert drawing["on_canvas"] is on_canvas


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("objects.npy", npy(np.array([[{"a": 1}, 2], [3, 4]], dtype=object))),
        ("ten_million.npy", npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000, 2), }")),
        ("evil.npy", npy_header("__import__('os').system('touch /tmp/evil')")),
        ("ten_million.npy", npy(np.zeros((2_400_000, 2), "f4"))),
        ("bomb.png", bomb()),
        ("half.png", png(picture())[:60]),
        ("white.png", png(Image.new("L", (9, 9), 255))),
        ("text.npy", b"not an array\n1,2\n"),
        ("text.png", b"not a picture"),
        ("empty.csv", b""),
        ("empty.npy", b""),
        ("empty.png", b""),
        ("one.csv", b"1,2\n"),
        ("same.csv", b"1,2\n1,2\n"),
        ("nan.csv", b"1,2\nnan,3\n"),
        ("nan.npy", npy(np.array([[np.nan, 1], [2, 3]]))),
        ("words.csv", b"a,b\nc,d\n"),
        ("binary.csv", bytes(range(256)) * 20),
        ("a_line.csv", b"1" * 1_000_000),
        ("wide.csv", b"1,2,3,4\n1,2,3,4\n"),
        ("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_files_get_one_sentence(visitor, read, name, content):
    given, sentence = read(visitor.upload(name, content))
    assert given is None
    assert is_a_sentence(sentence), sentence
    assert name not in sentence, "the file's name is the visitor's words"


@pytest.mark.parametrize("name", ["program.exe", "no_ending", "points.csv.pkl"])
def test_files_of_other_kinds_are_refused(visitor, read, name):
    given, sentence = read(visitor.upload(name, b"1,2\n3,4\n"))
    assert given is None
    assert ".csv" in sentence, "what kinds there are"
    assert ".npy" in sentence
    assert not TELLTALE.search(sentence)


def test_a_file_that_is_too_large_is_not_taken(visitor):
    with pytest.raises(Exception, match="413"):
        visitor.upload("large.csv", b"0,1\n" * 6_000_000)
    answers(visitor)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/etc/hostname",
        "../../../../etc/passwd",
        "app.py",
        "checkpoints/flow.safetensors",
        "playground/ui/page.py",
        "/proc/self/environ",
        "",
        "\0",
        "x" * 10_000,
        "http://127.0.0.1:1/points.csv",
        "file:///etc/passwd",
    ],
)
def test_paths_that_were_not_uploaded_are_not_read(visitor, read, path):
    given, sentence = read({"path": path, "orig_name": "points.csv", "meta": {"_type": "gradio.FileData"}})
    assert given is None
    assert not any(word in sentence for word in ("root:", "PATH=", "Traceback", "import "))
    answers(visitor)


@pytest.mark.parametrize("name", ["../../outside.csv", "/tmp/outside.csv", "..\\..\\outside.csv", ".csv", "a/b.csv"])
def test_a_file_s_name_leads_nowhere(visitor, read, name):
    file = visitor.upload(name, b"0,1\n2,3\n")
    path = Path(file["path"])
    assert ".." not in path.parts
    assert path.parents[1] == Path(visitor.upload("a.csv", b"").get("path")).parents[1], "it lies in the upload folder"
    read(file)
    answers(visitor)


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, {"path": 5}, {"path": None}, [{"path": "/etc/passwd"}]])
def test_what_is_no_file_takes_nothing_down(visitor, read, value):
    given, sentence = read(value)
    assert given is None
    assert "NoneType" not in sentence
    answers(visitor)


@pytest.mark.parametrize("where", ["/etc/passwd", "app.py", "checkpoints/flow.safetensors", "../app.py"])
def test_no_file_of_the_machine_is_served(visitor, where):
    for route in ("gradio_api/file=", "file=", "playground/", "playground/..%2f..%2f"):
        assert visitor.http.get(route + where).status_code >= 400
