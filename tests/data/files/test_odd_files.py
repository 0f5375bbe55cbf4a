"""Uploads: every kind that is read, and every way in which a file can be odd, broken, huge or hostile."""

import tracemalloc

import pytest
from odd_files import CASES
from odd_files.outcome import Refusal

from playground.data import DataError, Drawing, read_points


def test_there_are_many():
    assert len(CASES) >= 200


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_odd_files(case):
    if isinstance(case.outcome, Refusal):
        assert case.outcome.words in refusal(case)
        return
    found, wanted = read_points(case.content, case.name), case.outcome
    assert found.drawing.points.tolist() == Drawing(points=wanted.points, on_canvas=False).points.tolist()
    assert not found.drawing.on_canvas
    labels = found.drawing.labels
    assert (labels if labels is None else labels.tolist()) == wanted.labels
    assert (found.drawing.names or ()) == wanted.classes
    in_classes = f" in {len(set(wanted.labels))} classes" if wanted.labels else ""
    assert found.note == f"Read {len(wanted.points)} points{in_classes}. {wanted.said}".strip()


def refusal(case) -> str:
    """The sentence with which a file is refused; it holds neither a path nor a traceback."""
    with pytest.raises(DataError) as caught:
        read_points(case.content, case.name)
    message = str(caught.value)
    assert message.endswith(".")
    assert len(message) < 140
    assert not any(word in message for word in ("/", "\n", "Error", "Traceback", "pytest"))
    return message


@pytest.mark.parametrize("name", [name for name in CASES if "promised" in name or "bomb" in name])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_a_header_promises_takes_no_memory(name):
    tracemalloc.start()
    try:
        refusal(CASES[name])
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_a_picture_bomb_where_warnings_are_errors():
    assert "too large" in refusal(CASES["a bomb of 10000 pixels"])
