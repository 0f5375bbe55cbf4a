"""Uploads: every kind that is read, and every way in which a file can be broken, huge or hostile."""

import pickle
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from playground.data import DataError, Normalizer, read_points

RNG = np.random.default_rng(0)


@pytest.fixture
def memory():
    """memory(): the most bytes that were in use at once since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.fixture
def read(tmp_path):
    """read(name, content): write the bytes, text or array to a file of that name and read its points."""

    def write_and_read(name, content):
        path = tmp_path / name
        if isinstance(content, np.ndarray):
            np.save(path, content)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_points(path)

    return write_and_read


def refusal(read, name, content) -> str:
    """The sentence with which a file is refused; it holds neither a path nor a traceback."""
    with pytest.raises(DataError) as caught:
        read(name, content)
    message = str(caught.value)
    assert message.endswith(".")
    assert len(message) < 140
    assert not any(word in message for word in ("/", "\n", "Error", "Traceback", "pytest"))
    return message


# Text.


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4.5\n",
        "1,2\r\n3,4.5",
        "1,2\r3,4.5\r",
        "\ufeff1,2\n3,4.5\n",
        "\ufeffx,y\r\n1,2\r\n\r\n3,4.5\r\n\r\n",
        "x;y\n1;2\n3;4.5",
        "x;y\n1;2\n3;4,5",
        "1\t2\n3\t4.5",
        "  1   2 \n 3 4.5e0",
        "# made by hand\nx y\n1 2\n# more\n3 4.5",
        '"x","y"\n"1","2"\n"3","4.5"',
        "1, 2\n3 , 4.5",
        "a header in words\n1,2\n3,4.5",
    ],
)
@pytest.mark.parametrize("name", ["points.csv", "POINTS.TXT"])
def test_text(read, name, text):
    drawing, note = read(name, text)
    assert drawing.points.tolist() == [[1, 2], [3, 4.5]]
    assert drawing.labels is None
    assert not drawing.on_canvas
    assert note == "Read 2 points."


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("x,y,kind\n1,2,cat\n3,4,dog\n5,6,cat\n", [0, 1, 0]),
        ("1;2;7\n3;4;7.0\n5;6;-1\n", [0, 0, 1]),
        ("1 2 b\n3 4 a\n5 6 c\n", [0, 1, 2]),
        ("1,2,\n3,4,ä\n5,6,\n", [0, 1, 0]),
    ],
)
def test_text_with_classes(read, text, labels):
    drawing, note = read("points.csv", text)
    assert drawing.points.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert drawing.labels.tolist() == labels
    assert note == f"Read 3 points in {max(labels) + 1} classes."


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no points"),
        ("\n\n  \n", "no points"),
        ("x,y\n", "no points"),
        ("1,2\n", "at least two points"),
        ("1,2\n1,2\n", "at least two points"),
        ("1,2\nnan,4\n", "Line 2 has a number that is not finite"),
        ("1,2\n3,inf\n", "Line 2 has a number that is not finite"),
        ("1,2\n3,1e999\n", "Line 2 has a number that is not finite"),
        ("1,2\n3,2e6\n", "within ±1,000,000"),
        ("1,2\nthree,four\n", "Line 2 does not start with two numbers"),
        ("x,y\nx,y\n1,2\n", "Line 2 does not start with two numbers"),
        ("1,two\n3,4\n", "Line 1 does not start with two numbers"),
        ("1,2\n3\n", "Line 2 does not start with two numbers"),
        ("1,2\n3,4,5\n", "Line 2 has 3 columns, the ones before it 2"),
        ("1,2,a\n3,4\n", "Line 2 has 2 columns, the ones before it 3"),
        ("1,2,3,4\n5,6,7,8\n", "There are 4 columns"),
        ("1\n2\n3\n", "does not start with two numbers"),
        ("1,2\n3 4\n", "Line 2 does not start with two numbers"),
        ("1,2,a\n1,2,b\n1,2,c\n1,2,d\n1,2,e\n", "more than 4 different classes"),
        ("1,2\n" + "3" * 5000 + ",4\n", "Line 2 is too long"),
        ("just a letter to my aunt\nwith words\n", "Line 2 does not start with two numbers"),
        (b"1,2\n\xff\xfe\x00,4\n", "not a text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a text file"),
        (bytes(5000), "too long"),
    ],
)
def test_text_that_is_refused(read, text, complaint):
    assert complaint in refusal(read, "points.csv", text)


def test_classes_called_nan_are_one_class(read):
    assert read("points.csv", "0,0,1\n1,1,nan\n2,2,nan\n")[0].labels.tolist() == [0, 1, 1]


def test_many_points_are_thinned_the_same_way_each_time(read):
    table = RNG.normal(size=(30_000, 2)).round(3)
    text = "\n".join(f"{x},{y},{i % 2}" for i, (x, y) in enumerate(table))
    drawing, note = read("points.csv", text)
    assert note == "Kept 20,000 of 30,000 points in 2 classes, chosen at random (fixed seed)."
    assert drawing == read("points.csv", text)[0]
    original = {(*row, i % 2) for i, row in enumerate(table.astype(np.float32).tolist())}
    assert {
        (*row, label) for row, label in zip(drawing.points.tolist(), drawing.labels.tolist(), strict=True)
    } <= original


def test_too_many_lines_are_refused_before_all_are_read(read, monkeypatch):
    monkeypatch.setattr("playground.data.uploads.MAX_UPLOAD_POINTS", 100)
    assert "more than 100 points" in refusal(read, "points.csv", "1,2\n" * 101 + "then something else\n")


# NumPy arrays.


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<f2", "<i2", "u1", "<i8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays(read, dtype, order):
    table = np.array([[1, 2], [3, 4], [9, 6]], dtype=dtype, order=order)
    drawing, note = read("points.npy", table)
    assert drawing.points.tolist() == table.tolist()
    assert note == "Read 3 points."


def test_arrays_with_classes(read):
    drawing, note = read("points.npy", np.array([[0, 0, 7], [1, 1, 5], [2, 2, 7.0]]))
    assert drawing.labels.tolist() == [0, 1, 0]
    assert note == "Read 3 points in 2 classes."


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (np.array([[Bomb(), 1], [2, 3]]), "must hold numbers"),
        (pickle.dumps([[Bomb()]]), "not a NumPy array file"),
        (b"", "not a NumPy array file"),
        (b"\x93NUMPY\x01\x00", "not a NumPy array file"),
        (b"\x93NUMPY\x09\x00" + bytes(50), "not a NumPy array file"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 60000) + b"{" * 60000, "not a NumPy array file"),
        (b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + b"{'descr'", "not a NumPy array file"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 1900) + b"(" * 1900, "not a NumPy array file"),
        (b"\x93NUMPY\x01\x00" + struct.pack("<H", 30) + b"__import__('os').system('true')", "not a NumPy array file"),
        (np.array([["a", "b"], ["c", "d"]]), "must hold numbers"),
        (np.array([[1j, 2], [3, 4]]), "must hold numbers"),
        (np.array([[True, False], [False, True]]), "must hold numbers"),
        (np.zeros(3, dtype=[("x", float), ("y", float)]), "must hold numbers"),
        (np.array([["2020-01-01"] * 2], dtype="M8[D]"), "must hold numbers"),
        (np.zeros(7), "two columns"),
        (np.array(7.0), "two columns"),
        (np.zeros((5, 4)), "this one is “5 × 4”"),
        (np.zeros((2, 2, 2)), "two columns"),
        (np.zeros((0, 2)), "no points"),
        (np.zeros((5, 2)), "at least two points"),
        (np.array([[0, 0], [np.nan, 1]]), "finite"),
        (np.array([[0, 0], [np.longdouble("1e4000"), 1]]), "finite"),
        (np.array([[0, 0, 1], [1, 1, np.nan]]), "class is not a number"),
        (np.arange(30.0).reshape(10, 3), "more than 4 different classes"),
    ],
)
def test_arrays_that_are_refused(read, content, complaint):
    assert complaint in refusal(read, "points.npy", content)


def header(shape: str, descr: str = "<f8") -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize(
    ("shape", "complaint"),
    [
        ("(10000000, 2)", "10,000,000 points"),
        ("(10000000000000000000000, 2)", "points in this file"),
        ("(900000, 2)", "ends before"),
        ("(-1, 2)", "two columns"),
        ("(2, -2)", "two columns"),
        ("(2.0, 2)", "not a NumPy"),
        ("(9" + "9" * 400 + ", 3, 5)", "two columns"),
    ],
)
def test_an_array_that_promises_more_than_there_is(read, memory, shape, complaint):
    assert complaint in refusal(read, "points.npy", header(shape) + bytes(64))
    assert memory() < 5_000_000


@pytest.mark.parametrize("name", ["points.npy", "points.csv", "picture.png"])
def test_files_over_the_limit_are_not_opened(tmp_path, name):
    path = tmp_path / name
    with open(path, "wb") as file:
        file.write(header("(10000000, 2)"))
        file.truncate(160_000_128)  # sparse: takes no space on disk
    with pytest.raises(DataError, match=r"^This file is too large; at most 20 MB are possible\.$"):
        read_points(path)


def test_a_thinned_array_is_checked_whole(read):
    table = RNG.normal(size=(60_000, 2))
    assert read("points.npy", table)[1].startswith("Kept 20,000 of 60,000 points, chosen")
    table[777, 1] = np.nan
    assert "finite" in refusal(read, "points.npy", table)


# Pictures.


def disc(mode="L", size=(300, 200)):
    """A black disc in the upper left of a white page."""
    y, x = np.mgrid[: size[1], : size[0]]
    grey = np.where((x - 60) ** 2 + (y - 50) ** 2 < 40**2, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert(mode)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.JPEG", "a.webp", "a.gif", "a.bmp"])
def test_pictures(tmp_path, name):
    disc("RGB").save(tmp_path / name)
    drawing, note = read_points(tmp_path / name)
    assert note == "Read 4,000 points from the picture."
    assert drawing.on_canvas
    assert drawing.normalizer == Normalizer.identity
    assert np.hypot(*drawing.points.T).max() < 3.4  # a disc, filling the square
    assert np.abs(drawing.points).max() > 3.1
    assert np.cov(drawing.points.T) == pytest.approx(np.eye(2) * 3.2**2 / 4, abs=0.15)
    assert drawing == read_points(tmp_path / name)[0]


def save_and_read(picture, tmp_path, **options):
    picture.save(tmp_path / "a.png", **options)
    return read_points(tmp_path / "a.png")[0].points


def test_up_is_up_and_proportions_are_kept(tmp_path):
    wide = Image.new("L", (400, 100), "white")
    wide.paste(0, (0, 0, 400, 10))  # a bar along the top
    wide.paste(0, (0, 90, 100, 100))  # and a short one at the lower left
    points = save_and_read(wide, tmp_path)
    assert np.abs(points[:, 0]).max() == pytest.approx(3.2, abs=0.05)
    assert np.abs(points[:, 1]).max() == pytest.approx(0.8, abs=0.05)
    assert (points[:, 1] > 0).mean() == pytest.approx(0.8, abs=0.03)
    assert (points[points[:, 1] < 0, 0] < -1.5).all()


def test_darker_is_denser(tmp_path):
    halves = np.full((64, 64), 255 - 51, np.uint8)
    halves[:, 32:] = 255 - 153
    points = save_and_read(Image.fromarray(halves), tmp_path)
    assert (points[:, 0] > 0).mean() == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("kind", ["RGBA", "LA", "P"])
def test_transparency_is_white(tmp_path, kind):
    black = np.zeros((50, 50, 4), np.uint8)
    black[10:20, 10:20, 3] = 255
    picture, options = Image.fromarray(black, "RGBA").convert(kind if kind != "P" else "RGBA"), {}
    if kind == "P":
        picture = Image.fromarray(black[..., 3] // 255, "P")
        picture.putpalette([0, 0, 0, 0, 0, 0])
        options = {"transparency": 0}
    points = save_and_read(picture, tmp_path, **options)
    assert np.corrcoef(points.T)[0, 1] == pytest.approx(0, abs=0.05)
    assert np.histogram(points[:, 0], 8)[0].min() > 400  # one even square: not a dot on a black page


def test_sixteen_bits_of_grey(tmp_path):
    grey = np.full((40, 40), 65535, np.uint16)
    grey[5:9, 5:9] = 20000  # above 255, and yet dark
    points = save_and_read(Image.fromarray(grey), tmp_path)
    assert np.histogram2d(*points.T, bins=4)[0].min() > 150


def test_a_photograph_taken_sideways_is_turned(tmp_path):
    tall = Image.new("L", (40, 200), "white")
    tall.paste(0, (0, 0, 40, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    tall.save(tmp_path / "a.jpg", exif=exif)
    points = read_points(tmp_path / "a.jpg")[0].points
    assert np.ptp(points[:, 0]) > 4 * np.ptp(points[:, 1])


def png(width: int, height: int, content: bytes = b"") -> bytes:
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [4001, 10_000, 30_000, 2**31 - 1])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_picture_bombs_are_refused_before_they_are_decoded(read, memory, side):
    bomb = png(side, side, bytes(min(side, 4001) * (side // 8 + 1)) if side < 5000 else b"")
    assert "too large; at most 16 million pixels" in refusal(read, "bomb.png", bomb)
    assert memory() < 10_000_000


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_a_picture_bomb_where_warnings_are_errors(read):
    assert "too large" in refusal(read, "bomb.png", png(10_000, 10_000))


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.png", b"", "not a picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "not a picture"),
        ("a.png", png(100, 100, b"short"), "not a picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(100), "not a picture"),
        ("a.gif", b"GIF89a" + bytes(3), "not a picture"),
        ("a.webp", b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(30), "not a picture"),
        ("a.bmp", b"BM" + bytes(60), "not a picture"),
        ("a.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a picture"),
        ("a.png", pickle.dumps(Bomb()), "not a picture"),
    ],
)
def test_pictures_that_are_refused(read, name, content, complaint):
    assert complaint in refusal(read, name, content)


def test_white_pictures_are_refused(tmp_path):
    for colour in (255, 245):  # scanned paper is not quite white
        Image.new("L", (50, 50), colour).save(tmp_path / "a.png")
        with pytest.raises(DataError, match="all white"):
            read_points(tmp_path / "a.png")


# Files.


def test_files_of_another_kind(read, tmp_path):
    assert "come as" in refusal(read, "points.pkl", pickle.dumps(Bomb()))
    assert "come as" in refusal(read, "points", "1,2\n3,4\n")
    with pytest.raises(DataError, match=r"^This file can't be read\.$"):
        read_points(tmp_path / "missing.csv")
    with pytest.raises(DataError, match=r"^This file can't be read\.$"):
        read_points(tmp_path, "folder.csv")


def test_the_visitors_name_decides(tmp_path):
    path = tmp_path / "upload.tmp"
    path.write_text("1,2\n3,4\n")
    assert read_points(path, "My points.CSV")[0].points.tolist() == [[1, 2], [3, 4]]
