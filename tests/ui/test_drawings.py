"""Drawings are kept by what they are, as long as there is room."""

import threading

import numpy as np
import pytest

from playground.data import Drawing, Pictures
from playground.ui.drawings import Drawings, digest, size


def drawn(seed: int = 0, n: int = 50, **more) -> Drawing:
    points = np.random.default_rng(seed).uniform(-4, 4, size=(n, 2)).astype(np.float32)
    return Drawing(points=points, **more)


def test_a_drawing_is_found_by_its_hash():
    kept, drawing = Drawings(), drawn()
    assert kept.get(found := kept.keep(drawing)) is drawing
    assert len(found) == 64
    assert kept.keep(drawn()) == found, "the same points have the same hash"


def test_pictures_are_kept_beside_drawings():
    images = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)
    kept, pictures = Drawings(), Pictures(images=images)
    found = kept.keep(pictures)
    assert kept.get(found) is pictures
    assert found == digest(Pictures.model_validate_json(pictures.model_dump_json()))
    assert found != kept.keep(Pictures(images=images, labels=[0] * 15 + [1] * 15))
    assert size(pictures) == 30 * 64 + size(drawn()) - 50 * 2 * 4


@pytest.mark.parametrize("wanted", ["", "0" * 64, None, 5, [], {}, "x" * 10_000])
def test_what_is_not_there(wanted):
    kept = Drawings()
    kept.keep(drawn())
    assert kept.get(wanted) is None


def test_all_that_makes_a_drawing_is_in_its_hash():
    points = drawn().points
    others = [
        drawn(),
        drawn(1),
        drawn(n=49),
        drawn(on_canvas=False),
        drawn(labels=[0] * 50),
        drawn(labels=[0] * 49 + [1]),
        Drawing(points=points[::-1]),
        Drawing(points=points + np.float32(1e-6) * (np.arange(100).reshape(50, 2) == 7)),
    ]
    assert len({digest(other) for other in others}) == len(others)
    assert digest(Drawing.model_validate_json(drawn().model_dump_json())) == digest(drawn()), "JSON keeps it"


def test_there_is_an_end_to_what_is_kept():
    each = size(drawn())
    kept = Drawings(most=3 * each)
    first, *others = [kept.keep(drawn(seed)) for seed in range(3)]
    assert all(map(kept.get, others))
    assert kept.get(first), "used, and so the newest"
    newest = kept.keep(drawn(3))
    assert kept.get(others[0]) is None
    assert all(map(kept.get, (first, others[1], newest)))
    for _ in range(10):
        kept.keep(drawn(3))  # what is there takes no more room
    assert all(map(kept.get, (first, others[1], newest)))
    large = kept.keep(drawn(n=20_000))
    assert kept.get(large), "one is always kept"
    assert kept.get(first) is kept.get(newest) is None
    assert kept.get(kept.keep(drawn())), "and it makes room, too"
    assert kept.get(large) is None


def test_many_threads_at_once():
    kept = Drawings(most=5 * size(drawn()))
    found: list[bool] = []

    def use(seed: int) -> None:
        for i in range(30):
            drawing = drawn(seed * 100 + i)
            kept.keep(drawing)
            other = kept.get(digest(drawing))
            found.append(other is None or other == drawing)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 120
    assert all(found)
    assert kept._bytes == sum(map(size, kept._kept.values())) <= 5 * size(drawn())
