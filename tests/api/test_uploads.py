"""Uploads through HTTP: what works, and what must not. Reading is tested in tests/data; here, the way there."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from asking import TELLTALE, answers, is_a_sentence
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
def read(visitor):
    """Sends a file: the data set that came back, if any, and the sentence that describes or refuses it."""

    def read(name: str, content: bytes) -> tuple:
        reply = visitor.http.post("playground/upload", params={"name": name}, content=content)
        assert reply.status_code == 200
        given = reply.json()
        assert given.keys() in ({"error"}, {"dataset", "note"})
        return given.get("dataset"), given.get("note") or given["error"]

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
def test_files_become_points(read, name, content, n, on_canvas):
    drawing, note = read(name, content)
    assert len(drawing["points"]) == n
    assert drawing["on_canvas"] is on_canvas
    assert is_a_sentence(note)


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
def test_bad_files_get_one_sentence(read, name, content):
    given, sentence = read(name, content)
    assert given is None
    assert is_a_sentence(sentence), sentence
    assert name not in sentence, "the file's name is the visitor's words"


@pytest.mark.parametrize("name", ["program.exe", "no_ending", "points.csv.pkl", "", "../..", "\0", "x" * 5_000])
def test_files_of_other_kinds_are_refused(read, name):
    given, sentence = read(name, b"1,2\n3,4\n")
    assert given is None
    assert ".csv" in sentence, "what kinds there are"
    assert ".npy" in sentence
    assert not TELLTALE.search(sentence)


def test_a_file_that_is_too_large_is_not_taken(visitor, read):
    given, sentence = read("large.csv", b"0,1\n" * 6_000_000)
    assert (given, sentence) == (None, "This file is too large; at most 20 MB are possible.")
    answers(visitor)


@pytest.mark.parametrize("name", ["../../outside.csv", "/tmp/outside.csv", "..\\..\\outside.csv", ".csv", "a\0b/c.csv"])
def test_a_file_s_name_leads_nowhere(read, name):
    given, sentence = read(name, b"0,1\n2,3\n")
    assert (given is None) == (name == ".csv"), sentence


def test_gradio_s_own_uploads_take_next_to_nothing(visitor):
    reply = visitor.http.post("gradio_api/upload", files={"files": ("large.csv", b"0,1\n" * 10_000)})
    assert reply.status_code == 413


def test_what_a_file_says_of_classes_and_places_comes_with_its_points(visitor, read):
    drawing, note = read("points.csv", b"500000.01;2;cat\n500000.02;2;a <b>dog\n500000.03;2.01;cat")
    assert drawing["names"] == ["a <b>dog", "cat"]
    assert drawing["labels"] == [1, 0, 1]
    assert np.add(drawing["points"], drawing["origin"])[:, 0] == pytest.approx([500_000.01, 500_000.02, 500_000.03])
    assert note == "Read 3 points in 2 classes. Class 0 is “a <b>dog”, 1 is “cat”."
    reply = visitor.http.post("playground/data", json={"dataset": {k: v for k, v in drawing.items() if k != "hash"}})
    assert reply.json() == {"hash": drawing["hash"]}, "the page may send it again"


def test_several_files_at_once_all_arrive(read):
    """More than are read at the same time."""
    with ThreadPoolExecutor(8) as pool:
        given = list(
            pool.map(lambda n: read("points.csv", b"".join(b"%d,%d\n" % (n, i) for i in range(2000))), range(8))
        )
    assert [drawing["points"][0] for drawing, _ in given] == [[n, 0] for n in range(8)]
