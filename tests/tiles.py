"""The images of tiles, as Python encodes them (`playground.scene.encode.tiles`)."""

import base64

import numpy as np


def values(layer: dict) -> np.ndarray:
    """The tiles of a layer in −1 … 1: (…, n, h, w)."""
    flat = np.frombuffer(base64.b64decode(layer["values"]), np.uint8)
    return flat.reshape(-1, layer["n"], layer["height"], layer["width"]) / 127.5 - 1


def pieces(layer) -> list[dict]:
    return layer if isinstance(layer, list) else [layer]
