"""What is encoded can be decoded, to within the grid that it is rounded to, whatever a diverging model sends."""

import base64
import json
import math

import encoded
import numpy as np
import pytest

from playground.data.canvas import HALF
from playground.scene import encode

INF, NAN = np.inf, np.nan


def bytes_of(text: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype)


def places(layer: dict) -> np.ndarray:
    xy = bytes_of(layer["xy"], "<u2").reshape(-1, layer["n"], 2) / 65535 * 2 * HALF - HALF
    return xy if layer["times"] else xy[0]


def arrows(layer: dict) -> np.ndarray:
    return bytes_of(layer["uv"], "i1").reshape(-1, layer["n"], layer["n"], 2) / 127 * layer["longest"]


def heat(layer: dict) -> np.ndarray:
    unit = bytes_of(layer["values"], "u1").reshape(-1, layer["n"], layer["n"]) / 255
    return layer["low"] + unit * (layer["high"] - layer["low"])


def as_a_browser_reads(layer: dict) -> dict:
    """Through JSON as JavaScript knows it, which has no NaN."""
    return json.loads(json.dumps(layer, allow_nan=False))


def test_points(rng):
    xy = rng.uniform(-HALF, HALF, (3000, 2)).astype(np.float32)
    layer = as_a_browser_reads(encode.points(xy, "samples"))
    assert (layer["kind"], layer["colour"], layer["n"], layer["times"]) == ("points", "samples", 3000, [])
    assert np.abs(places(layer) - xy).max() <= HALF / 65535 * 1.01
    assert "labels" not in layer


def test_points_over_time_with_classes(rng):
    xy, labels = rng.uniform(-HALF, HALF, (3, 50, 2)), rng.integers(0, 25, 50)
    layer = as_a_browser_reads(encode.points(xy, "data", times=np.array([0, 1 / 3, 1]), labels=labels))
    assert layer["times"] == [0.0, 0.3333, 1.0]
    assert np.abs(places(layer) - xy).max() <= HALF / 65535 * 1.01
    assert bytes_of(layer["labels"], "u1").tolist() == labels.tolist()


def test_paths(rng):
    xy = rng.uniform(-HALF, HALF, (11, 48, 2))
    layer = as_a_browser_reads(encode.paths(xy, "samples", np.linspace(0, 1, 11)))
    assert (layer["kind"], layer["n"], len(layer["times"])) == ("paths", 48, 11)
    assert np.abs(places(layer) - xy).max() <= HALF / 65535 * 1.01


def test_points_outside_go_to_the_edge_and_no_numbers_to_the_middle():
    xy = np.array([[9, -9], [INF, -INF], [NAN, 1], [1e38, -1e38], [HALF, -HALF]], np.float32)
    wanted = [[HALF, -HALF], [HALF, -HALF], [0, 1], [HALF, -HALF], [HALF, -HALF]]
    assert np.abs(places(encode.points(xy, "samples")) - wanted).max() <= HALF / 65535 * 1.01


@pytest.mark.parametrize("shape", [(18, 18, 2), (4, 18, 18, 2)])
def test_arrows(rng, shape):
    uv = rng.normal(0, 3, shape).astype(np.float32)
    layer = as_a_browser_reads(encode.arrows(uv, "ink", np.linspace(0, 1, 4) if len(shape) == 4 else ()))
    assert layer["longest"] == pytest.approx(np.abs(uv).max())
    assert np.abs(arrows(layer).reshape(shape) - uv).max() <= layer["longest"] / 254 * 1.01


@pytest.mark.parametrize("shape", [(64, 64), (3, 64, 64)])
def test_heat(rng, shape):
    values = rng.normal(5, 2, shape).astype(np.float32)
    layer = as_a_browser_reads(encode.heat(values, np.linspace(0, 1, 3) if len(shape) == 3 else ()))
    assert (layer["low"], layer["high"]) == pytest.approx((values.min(), values.max()))
    assert np.abs(heat(layer).reshape(shape) - values).max() <= np.ptp(values) / 510 * 1.01


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("bad", [NAN, INF, -INF, 3e38])
def test_fields_with_no_numbers_are_still_json(bad):
    uv = np.ones((4, 4, 2), np.float32)
    uv[0, 0, 0] = bad
    values = np.ones((4, 4), np.float32)
    values[1, 2], values[0, 0] = bad, -bad
    layer = as_a_browser_reads(encode.arrows(uv, "ink"))
    assert math.isfinite(layer["longest"])
    assert np.isfinite(arrows(layer)).all()
    layer = as_a_browser_reads(encode.heat(values))
    assert np.isfinite(heat(layer)).all()
    assert layer["low"] <= 1 <= layer["high"]


def test_still_fields():
    assert arrows(encode.arrows(np.zeros((3, 3, 2)), "ink")).tolist() == np.zeros((1, 3, 3, 2)).tolist()
    assert heat(encode.heat(np.full((3, 3), 7.0))).tolist() == np.full((1, 3, 3), 7.0).tolist()


def test_first_index_goes_up_and_second_right():
    values = np.zeros((3, 3))
    values[2, 0] = 1  # top left
    assert heat(encode.heat(values))[0, 2, 0] == 1


def test_a_frame_is_small(rng):
    """The issue's figure: 3,000 points, a 64 × 64 field and the scalars in 30 kB."""
    frame = {
        "step": 99_999,
        "steps": 100_000,
        "state": "training",
        "message": "",
        "rate": 12_345,
        "time": 0.123,
        "layers": {
            "samples": encode.points(rng.normal(0, 2, (3000, 2)), "samples"),
            "speed": encode.heat(rng.normal(0, 1, (64, 64))),
        },
        "scalars": {"loss": 12.34567, "distance": 0.12345},
    }
    assert len(json.dumps(frame)) <= 30_000


def test_javascript_is_tested_with_what_is_encoded_today():
    assert encoded.FILE.read_text() == encoded.text(), "`python -m tests.encoded` writes it anew"
