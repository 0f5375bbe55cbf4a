"""Views of image data: albums of tiles, and film strips."""

import numpy as np

from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.families.capabilities import Trajectory
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured

SIDE = 8
"""Tiles along each side of an album: the most that can be distinguished on a phone."""

GAP = 0.12
"""Gap between two tiles, relative to their width."""

ROOM = 400_000
"""Most bytes of images at several times, unless that would leave fewer times than LEAST_TIMES."""

LEAST_TIMES = 5

STILLS = 6
"""Times at which a film strip shows its samples, besides the slider's time."""


def of(scene: Scene, x: np.ndarray, most: int = SIDE**2) -> np.ndarray:
    """The first images of x (…, n, dim), at most `most`: (…, n, h, w), or (…, n, h, w, 3) in colour."""
    x = x[..., :most, :]
    return x.reshape(*x.shape[:-1], *scene.shape)


def few(images: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Images (k, …) at times (k,), at as many of these, evenly spaced, as a frame has room for."""
    most = int(np.clip(ROOM // max(images[0].size, 1), LEAST_TIMES, len(times)))
    kept = np.unique(np.linspace(0, len(times) - 1, most).round().astype(int))
    return images[kept], times[kept]


def tile_places(rows: int, columns: int) -> tuple[np.ndarray, float]:
    """The centres of tiles that fill the canvas, row by row from the top, (rows · columns, 2), and their width."""
    pitch = min(2 * HALF / columns, 2 * HALF / rows)
    x = (np.arange(columns) - (columns - 1) / 2) * pitch
    y = ((rows - 1) / 2 - np.arange(rows)) * pitch
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2), pitch * (1 - GAP)


def image_grid(images: np.ndarray, colour: str, times: encode.Times = ()) -> encode.Primitive:
    """Images (n, h, w) or (n, h, w, 3), or k times as many at k times, (k, n, …), in rows that fill the canvas."""
    xy, side = tile_places(SIDE, SIDE)
    n = images.shape[1 if len(times) else 0]
    return encode.tiles(images, xy[:n], side, colour, times)


class FilmStrip(Layer):
    title = "Film"
    help = "Some samples, one a row, at several times from noise to image; the last of each row follows the slider."
    needs = Trajectory
    kinds = IMAGES
    layouts = ("film",)
    colour = "samples"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        trajectories = scene.paths if scene.chain is None else scene.chain
        return {"images": of(scene, trajectories, SIDE), "times": scene.paths_times}

    def draw(self, measured: Measured):
        images, times = measured["images"], measured["times"]
        stills = np.linspace(0, len(times) - 1, STILLS).round().astype(int)
        xy, side = tile_places(SIDE, STILLS + 2)
        xy = xy.reshape(SIDE, STILLS + 2, 2)
        strip = images[stills].swapaxes(0, 1).reshape(-1, *images.shape[2:])
        return [
            encode.tiles(strip, xy[:, :STILLS].reshape(-1, 2), side, "noise") | {"title": "from noise to image"},
            encode.tiles(images, xy[:, -1], side, self.colour, times),
        ]
