"""NumPy array files."""

import io
import pickle
import struct

import numpy as np
import pytest

from odd_files.outcome import Case, Points, Refusal


class Bomb:
    """An object whose pickle fails the test that loads it."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


def npy(content: object, outcome: Points | Refusal) -> Case:
    if not isinstance(content, bytes):
        file = io.BytesIO()
        np.save(file, np.asarray(content), allow_pickle=True)
        content = file.getvalue()
    return Case("points.npy", content, outcome)


def header(shape: str, descr: str = "<f8") -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def version_1(text: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


THREE = [[1, 2], [3, 4], [9, 6]]
NO_ARRAY = Refusal("not a NumPy array file")
NO_NUMBERS = Refusal("must hold numbers")

ARRAYS = {
    **{
        f"an array of {kind} in {order} order": npy(np.array(THREE, dtype=kind, order=order), Points(THREE))
        for kind in ("<f4", ">f8", "<f2", "<i2", "u1", "<i8", ">u4")
        for order in "CF"
    },
    "an array with class numbers": npy(
        [[0, 0, 3], [1, 1, 0], [2, 2, 3]],
        Points([[0, 0], [1, 1], [2, 2]], [3, 0, 3], tuple("0123"), "No point is of class 1 or 2."),
    ),
    "an array with other classes": npy(
        [[0, 0, 7.5], [1, 1, 5], [2, 2, 7.5]],
        Points([[0, 0], [1, 1], [2, 2]], [1, 0, 1], ("5", "7.5"), "Class 0 is “5”, 1 is “7.5”."),
    ),
    "an array with one class": npy([[0, 0, 7], [1, 1, 7]], Points([[0, 0], [1, 1]], said="All are of one class, 7.")),
    "an array and more": npy(
        header("(2, 2)") + np.array([1, 2, 3, 4.5]).tobytes() + b"more", Points([[1, 2], [3, 4.5]])
    ),
    "an array of objects": npy(np.array([[Bomb(), 1], [2, 3]]), NO_NUMBERS),
    "a pickle": npy(pickle.dumps([[Bomb()]]), NO_ARRAY),
    "an empty array file": npy(b"", NO_ARRAY),
    "the beginning of an array": npy(b"\x93NUMPY\x01\x00", NO_ARRAY),
    "an array of version 9": npy(b"\x93NUMPY\x09\x00" + bytes(50), NO_ARRAY),
    "a long header": npy(version_1(b"{" * 60_000), NO_ARRAY),
    "an endless header": npy(b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + b"{'descr'", NO_ARRAY),
    "a deep header": npy(version_1(b"(" * 1900), NO_ARRAY),
    "a header that calls": npy(version_1(b"__import__('os').system('true')"), NO_ARRAY),
    "an array of text": npy([["a", "b"], ["c", "d"]], NO_NUMBERS),
    "an array of complex numbers": npy([[1j, 2], [3, 4]], NO_NUMBERS),
    "an array of truths": npy([[True, False], [False, True]], NO_NUMBERS),
    "an array of records": npy(np.zeros(3, dtype=[("x", float), ("y", float)]), NO_NUMBERS),
    "an array of dates": npy(np.array([["2020-01-01"] * 2], dtype="M8[D]"), NO_NUMBERS),
    "an array of one axis": npy(np.zeros(7), Refusal("this one is “7”")),
    "an array of no axis": npy(np.array(7.0), Refusal("this one is a single number.")),
    "an array of four columns": npy(np.zeros((5, 4)), Refusal("this one is “5 × 4”")),
    "an array of three axes": npy(np.zeros((2, 2, 2)), Refusal("two columns")),
    "an array of no rows": npy(np.zeros((0, 2)), Refusal("no points")),
    "an array of no rows with classes": npy(np.zeros((0, 3)), Refusal("no points")),
    "an array of one place": npy(np.zeros((5, 2)), Refusal("at least two points")),
    "an array with nan": npy([[0, 0], [np.nan, 1], [2, 2], [3, 3]], Refusal("finite")),
    "an array beyond double precision": npy(np.array([[0, 0], [np.longdouble("1e4000"), 1]]), Refusal("finite")),
    "an array too far away": npy([[0, 0], [2e9, 1]], Refusal("within ±1,000,000,000")),
    "an array with a class that is none": npy([[0, 0, 1], [1, 1, np.nan]], Refusal("class is not a number")),
    "an array of eleven classes": npy(np.arange(33).reshape(11, 3), Refusal("11 different values; at most 10")),
    "ten million promised": npy(header("(10000000, 2)") + bytes(64), Refusal("10,000,000 points")),
    "more promised than there are numbers": npy(header("(10000000000000000000000, 2)"), Refusal("points in this file")),
    "nine hundred thousand promised": npy(header("(900000, 2)") + bytes(64), Refusal("ends before")),
    "a negative number of rows": npy(header("(-1, 2)") + bytes(64), Refusal("two columns")),
    "a negative number of columns": npy(header("(2, -2)") + bytes(64), Refusal("two columns")),
    "a broken number of rows": npy(header("(2.0, 2)") + bytes(64), NO_ARRAY),
    "a long number of rows": npy(header("(9" + "9" * 400 + ", 3, 5)") + bytes(64), Refusal("two columns")),
    "types of no size": npy(header("(5, 2)", "<f0") + bytes(64), NO_ARRAY),
}
