"""Views of image data: albums of tiles, and film strips."""

import numpy as np

from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.families.capabilities import Trajectory
from playground.scene import encode
from playground.scene.scene import Scene, between
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
        return film(of(scene, trajectories, SIDE), scene.paths_times, None if whole else scene.look.time)

    def draw(self, measured: Measured):
        return strips(measured, "noise", self.colour, "from noise to image")


def film(images: np.ndarray, times: np.ndarray, time: float | None, backwards: bool = False) -> Measured:
    """The film strips of images (k, n, …) at times (k,): as stills, and moving, at all times or at one of them."""
    stills = np.linspace(0, len(times) - 1, STILLS).round().astype(int)
    strip = images[stills[::-1] if backwards else stills].swapaxes(0, 1)
    if time is None:
        return {"stills": strip, "moving": images, "times": times}
    return {"stills": strip, "moving": between(images, times, time), "times": np.zeros(0)}


def strips(measured: Measured, colour: str, moving: str, title: str) -> list[encode.Primitive]:
    """A `film`, one image a row; the last of each row moves, in a colour of its own."""
    stills = measured["stills"]
    xy, side = tile_places(SIDE, STILLS + 2)
    xy = xy.reshape(SIDE, STILLS + 2, 2)[: len(stills)]
    flat = stills.reshape(-1, *stills.shape[2:])
    return [
        encode.tiles(flat, xy[:, :STILLS].reshape(-1, 2), side, colour) | {"title": title},
        encode.tiles(measured["moving"], xy[:, -1], side, moving, measured["times"]),
    ]
