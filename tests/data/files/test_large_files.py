"""Uploads of many points: they are thinned the same way each time, after all of them were checked."""

import io

import numpy as np
import pytest

from playground.data import DataError, read_points
from playground.data.files import upload

RNG = np.random.default_rng(0)


def npy(table) -> bytes:
    file = io.BytesIO()
    np.save(file, table)
    return file.getvalue()


def text(table, separator=",") -> bytes:
    return "\n".join(separator.join(map(str, row)) for row in table.tolist()).encode()


def test_many_points_are_thinned_the_same_way_each_time():
    table = np.column_stack([RNG.normal(size=(30_000, 2)).round(3), np.arange(30_000) % 2])
    read = read_points(text(table), "points.csv")
    assert read.note == "Kept 20,000 of 30,000 points in 2 classes, chosen at random (fixed seed)."
    assert read == read_points(text(table), "points.csv")
    original = set(map(tuple, table.astype(np.float32).tolist()))
    kept = zip(read.drawing.points.tolist(), read.drawing.labels.tolist(), strict=True)
    assert {(*point, label) for point, label in kept} <= original


def test_a_thinned_array_is_checked_whole():
    table = RNG.normal(size=(60_000, 2))
    assert read_points(npy(table), "points.npy").note.startswith("Kept 20,000 of 60,000 points, chosen")
    for wrong, complaint in ((np.nan, "finite"), (1e10, "within ±1,000,000,000")):
        table[777, 1] = wrong
        with pytest.raises(DataError, match=complaint):
            read_points(npy(table), "points.npy")


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_a_text_is_read_as_an_array_is(separator):
    """Text is read in chunks, at once where all is well and row by row where something isn't."""
    table = np.column_stack([RNG.normal(size=(5000, 2)).round(6), RNG.integers(0, 10, 5000)])
    lines = text(table, separator).splitlines()
    as_array = read_points(npy(table), "points.npy")
    assert read_points(b"\n".join(lines), "points.csv") == as_array
    lines[2345:2345] = [b"oh", b"", b"# well"]
    lines.append(separator.join(["a", "b", "c"]).encode())
    read = read_points(b"\r\n".join(lines), "points.csv")
    assert read.drawing == as_array.drawing
    said = "2 rows were left out: the first is line 2346, which does not start with two numbers."
    assert read.note == f"{as_array.note} {said}"


def test_more_points_than_a_million_are_refused():
    with pytest.raises(DataError, match="more than 1,000,000 points"):
        read_points(b"1,2\n" * 1_000_001, "points.csv")


def test_points_far_from_the_origin_keep_their_shape():
    table = 500_000 + RNG.uniform(-0.05, 0.05, (1000, 2))
    for content, name in ((text(table), "points.csv"), (npy(table), "points.npy")):
        drawing = read_points(content, name).drawing
        np.testing.assert_allclose(drawing.places, table, rtol=0, atol=1e-8)
        shape = (table - table.mean(axis=0)) * drawing.normalizer.scale
        on_canvas = drawing.normalizer.to_canvas(drawing.places)
        np.testing.assert_allclose(on_canvas - on_canvas.mean(axis=0), shape, atol=1e-5)


def test_points_near_the_origin_get_none():
    table = RNG.normal(100, 20, (1000, 2))
    drawing = read_points(npy(table), "points.npy").drawing
    assert drawing.origin == (0, 0)
    np.testing.assert_array_equal(drawing.points, table.astype(np.float32))


def test_a_file_at_the_limit_is_read(monkeypatch):
    content = b"1,2\n3,4.5\n"
    monkeypatch.setattr(upload, "MAX_UPLOAD_BYTES", len(content))
    assert read_points(content, "points.csv").note == "Read 2 points."
    with pytest.raises(DataError, match="too large"):
        read_points(content + b"\n", "points.csv")
