"""Uploads of pictures: points where it is dark."""

import io

import numpy as np
import pytest
from PIL import Image

from playground.data import Normalizer, read_points


def read(picture, name="a.png", **options):
    """The upload of a picture, saved in the format of its name."""
    file = io.BytesIO()
    picture.save(file, Image.registered_extensions()[f".{name.split('.')[-1].lower()}"], **options)
    return read_points(file.getvalue(), name)


def disc(mode="L", size=(300, 200)):
    """A black disc in the upper left of a white page."""
    y, x = np.mgrid[: size[1], : size[0]]
    grey = np.where((x - 60) ** 2 + (y - 50) ** 2 < 40**2, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert(mode)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.JPEG", "a.webp", "a.gif", "a.bmp"])
def test_pictures(name):
    read_one = read(disc("RGB"), name)
    drawing = read_one.drawing
    assert read_one.drawing.names is None
    assert read_one.note == "Read 4,000 points from the picture."
    assert drawing.on_canvas
    assert drawing.normalizer == Normalizer.identity
    assert np.hypot(*drawing.points.T).max() < 3.4  # a disc, filling the square
    assert np.abs(drawing.points).max() > 3.1
    assert np.cov(drawing.points.T) == pytest.approx(np.eye(2) * 3.2**2 / 4, abs=0.15)
    assert read_one == read(disc("RGB"), name)


def test_up_is_up_and_proportions_are_kept():
    wide = Image.new("L", (400, 100), "white")
    wide.paste(0, (0, 0, 400, 10))  # a bar along the top
    wide.paste(0, (0, 90, 100, 100))  # and a short one at the lower left
    points = read(wide).drawing.points
    assert np.abs(points[:, 0]).max() == pytest.approx(3.2, abs=0.05)
    assert np.abs(points[:, 1]).max() == pytest.approx(0.8, abs=0.05)
    assert (points[:, 1] > 0).mean() == pytest.approx(0.8, abs=0.03)
    assert (points[points[:, 1] < 0, 0] < -1.5).all()


def test_darker_is_denser():
    halves = np.full((64, 64), 255 - 51, np.uint8)
    halves[:, 32:] = 255 - 153
    points = read(Image.fromarray(halves)).drawing.points
    assert (points[:, 0] > 0).mean() == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("kind", ["RGBA", "LA", "P"])
def test_transparency_is_white(kind):
    black = np.zeros((50, 50, 4), np.uint8)
    black[10:20, 10:20, 3] = 255
    picture, options = Image.fromarray(black, "RGBA").convert(kind if kind != "P" else "RGBA"), {}
    if kind == "P":
        picture = Image.fromarray(black[..., 3] // 255, "P")
        picture.putpalette([0, 0, 0, 0, 0, 0])
        options = {"transparency": 0}
    points = read(picture, **options).drawing.points
    assert np.corrcoef(points.T)[0, 1] == pytest.approx(0, abs=0.05)
    assert np.histogram(points[:, 0], 8)[0].min() > 400  # one even square: not a dot on a black page


def test_sixteen_bits_of_grey():
    grey = np.full((40, 40), 65535, np.uint16)
    grey[5:9, 5:9] = 20000  # above 255, and yet dark
    points = read(Image.fromarray(grey)).drawing.points
    assert np.histogram2d(*points.T, bins=4)[0].min() > 150


@pytest.mark.parametrize(("name", "mode"), [("a.jpg", "L"), ("a.png", "L"), ("a.png", "I;16"), ("a.webp", "RGB")])
def test_a_picture_taken_sideways_is_turned(name, mode):
    tall = Image.new(mode, (40, 200), 0)
    exif = Image.Exif()
    exif[0x0112] = 6
    points = read(tall, name, exif=exif).drawing.points
    assert np.ptp(points[:, 0]) > 4 * np.ptp(points[:, 1])


def test_a_turned_picture_has_its_top_where_it_was():
    tall = Image.new("L", (40, 200), 255)
    tall.paste(0, (0, 0, 40, 20))  # at the top, which orientation 6 turns to the right
    tall.paste(128, (0, 180, 20, 200))  # at the bottom on the left: top left
    exif = Image.Exif()
    exif[0x0112] = 6
    points = read(tall, exif=exif).drawing.points
    assert (points[:, 0] > 0).mean() == pytest.approx(0.8, abs=0.03)
    assert (points[points[:, 0] < 0, 1] > 0).all()


@pytest.mark.parametrize("size", [(8000, 1000), (1000, 8000), (4000, 4000)])
@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
@pytest.mark.parametrize("width", [1, 2])
def test_a_thin_line_is_seen(size, name, width):
    page = np.full(size[::-1], 255, np.uint8)
    page[size[1] // 2 : size[1] // 2 + width] = 0
    points = read(Image.fromarray(page), name).drawing.points
    assert np.ptp(points[:, 0]) > 6.3
    assert np.ptp(points[:, 1]) < 2 * 6.4 / min(256, 256 * size[0] / size[1])  # it may lie across two pixels


def test_the_grain_of_paper_is_not_seen():
    grain = np.random.default_rng(0).normal(248, 4, (2000, 2000)).clip(0, 255).astype(np.uint8)
    grain[500:1000, 700:704] = 30
    points = read(Image.fromarray(grain)).drawing.points
    assert np.ptp(points[:, 0]) < 0.2


def test_a_line_and_a_face_are_in_proportion():
    page = np.full((2560, 2560), 255, np.uint8)
    page[:, 100:105] = 0  # half of a reduced pixel's width
    page[:, 2000:2020] = 0  # two of them
    points = read(Image.fromarray(page)).drawing.points
    assert (points[:, 0] < 0).mean() == pytest.approx(0.2, abs=0.03)


def test_an_animation_is_its_first_frame():
    file = io.BytesIO()
    black = Image.new("L", (20, 20), 255)
    black.paste(0, (0, 0, 10, 20))
    black.save(file, "GIF", save_all=True, append_images=[Image.new("L", (20, 20), 255)] * 3)
    assert read_points(file.getvalue(), "a.gif").note == "Read 4,000 points from the picture."
