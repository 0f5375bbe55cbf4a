"""Pictures become images: cropped in the middle, upright, on white, each pixel the mean of what it covers."""

import io

import numpy as np
import pytest
from odd_files.albums import pictures, zipped
from odd_files.pictures import saved
from PIL import Image

from playground.data import DataError, read_album
from playground.data.files import albums


def read(*shown: Image.Image | bytes, side: int = 8, colour: bool | None = True, **options) -> np.ndarray:
    """The images of these pictures, whose first is followed by others."""
    contents = [one if isinstance(one, bytes) else saved(one, "PNG", **options) for one in shown]
    files = [(f"a{i}.png", content) for i, content in enumerate(contents)]
    return read_album(files + pictures(20), side, colour).pictures.images[: len(shown)]


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = pixels[:, width // 2 :, 2] = 255
    return Image.fromarray(pixels).convert(mode)


@pytest.mark.parametrize("side", [8, 16, 28])
def test_pixels_are_means_of_what_they_cover(side, rng):
    pixels = rng.integers(0, 256, (4 * side, 4 * side, 3), dtype=np.uint8)
    [image] = read(Image.fromarray(pixels), side=side)
    assert image.shape == (side, side, 3)
    assert np.abs(image - pixels.reshape(side, 4, side, 4, 3).mean((1, 3))).max() <= 1  # rounded twice


@pytest.mark.parametrize("side", [0, 7, 9, 100])
def test_other_sizes_are_refused(side):
    with pytest.raises(DataError, match="8, 16 or 28 pixels"):
        read_album(pictures(), side)


def test_the_middle_is_kept():
    wide, tall = halves(300, 80), halves(80, 300)
    for image in read(wide, tall):
        assert (image[:, :4] == [255, 0, 0]).all()
        assert (image[:, 4:] == [0, 0, 255]).all()
    edged = Image.new("RGB", (300, 100), "white")
    edged.paste("black", (100, 0, 200, 100))
    assert (read(edged) == 0).all(), "what is left and right of the middle is cut off"


def test_a_picture_taken_sideways_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # its left becomes its top
    [image] = read(halves(80, 120), exif=exif)
    assert (image[:4] == [255, 0, 0]).all()
    assert (image[4:] == [0, 0, 255]).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_white(mode):
    clear = np.zeros((16, 16, 4), np.uint8)
    clear[:, 8:, 3] = 128
    shown, options = Image.fromarray(clear, "RGBA").convert("RGBA" if mode == "P" else mode), {}
    if mode == "P":
        shown = Image.fromarray((clear[..., 3] // 128).astype(np.uint8), "P")
        shown.putpalette([0, 0, 0, 127, 127, 127])
        options = {"transparency": 0}
    [image] = read(shown, **options)
    assert (image[:, :4] == 255).all()
    assert np.abs(image[:, 4:].astype(int) - 127).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_modes(mode):
    grey = np.full((20, 20), 255, np.uint8)
    grey[:, :10] = 0
    shown = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(grey).convert(mode)
    [image] = read(saved(shown, "JPEG", quality=100) if mode == "CMYK" else shown)
    assert image[:, :3].max() < 12
    assert image[:, 5:].min() > 243


def test_an_animation_is_its_first_frame():
    file = io.BytesIO()
    Image.new("L", (20, 20), 0).save(file, "GIF", save_all=True, append_images=[Image.new("L", (20, 20), 255)] * 3)
    assert (read(file.getvalue()) == 0).all()


def test_a_large_photograph_is_decoded_small():
    [image] = read(saved(halves(4000, 3000), "JPEG"))
    assert np.abs(image[:, :3].astype(int) - [254, 0, 0]).max() < 3


def test_dark_is_ink_on_light_paper_and_light_on_dark():
    def drawn(paper: int, ink: int) -> list[tuple[str, bytes]]:
        shown = [Image.new("L", (16, 16), paper) for _ in range(20)]
        for i, one in enumerate(shown):
            one.paste(ink, (4, 4, 12, 5 + i % 5))
        return [(f"{i}.png", saved(one)) for i, one in enumerate(shown)]

    dark, light = (read_album(drawn(*colours), 16) for colours in ((255, 0), (0, 255)))
    assert np.array_equal(dark.pictures.images, light.pictures.images)
    assert dark.pictures.images[0, 4, 4] == 255, "ink"
    assert dark.pictures.images[0, 0, 0] == 0, "paper"
    assert "light is ink" in light.note
    assert "ink" not in dark.note


def test_colour_is_kept_where_there_is_any():
    grey = [(f"{i}.png", saved(Image.new("RGB", (9, 9), (i, i, i + 3)))) for i in range(40, 60)]
    assert read_album(grey).pictures.shape == (16, 16)
    assert read_album(grey, colour=True).pictures.shape == (16, 16, 3)
    assert read_album(pictures()).pictures.shape == (16, 16, 3)
    images = read_album(pictures(), colour=False).pictures.images
    coloured = read_album(pictures()).pictures.images
    assert images.shape == (20, 16, 16)
    grey_of = coloured @ np.array([0.299, 0.587, 0.114])
    assert min(np.abs(images - grey_of).max(), np.abs(255 - images - grey_of).max()) <= 0.51


def test_classes_keep_their_pictures():
    files = [(f"{folder}/{i}.png", saved(Image.new("L", (8, 8), shade + i))) for i in range(10)
             for folder, shade in (("dark", 20), ("light", 200))]  # fmt: skip
    read = read_album(zipped(files), 8, colour=True).pictures
    assert read.names == ("dark", "light")
    assert np.array_equal(read.images.mean((1, 2, 3)) > 100, read.labels == 1)


def test_of_too_many_some_are_chosen_by_a_fixed_seed(monkeypatch):
    monkeypatch.setattr(albums, "MOST", 25)
    first, again = (read_album(pictures(40)) for _ in range(2))
    assert first.pictures == again.pictures
    assert first.note == "Read 25 of 40 pictures, chosen at random; a fifth is held out."


def test_all_together_may_have_so_many_pixels(monkeypatch):
    monkeypatch.setattr(albums, "MAX_DECODED", 19 * 144)
    with pytest.raises(DataError, match="million pixels in all"):
        read_album(pictures())
