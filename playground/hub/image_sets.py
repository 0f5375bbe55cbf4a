"""Sets of images on the hub, read from their Parquet files: a column of images and, perhaps, one of classes.

https://huggingface.co/docs/hub/datasets-image
"""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from huggingface_hub import HfApi, hf_hub_download
from PIL import Image
from tqdm import tqdm

from playground.data.drawings import MAX_CLASSES
from playground.data.files.albums import MOST, SIDES, USUAL_SIDE
from playground.hub.errors import NAME, PATIENCE, HubError, sentences
from playground.hub.names import is_name

LARGEST = 200_000_000
"""Most bytes of a file that is fetched."""

CONVERTED = "refs/convert/parquet"
"""The branch where the hub keeps its own Parquet files of sets in other formats."""


class Stopped(Exception):
    """Nobody waits for the images any more."""


class ImageSet(NamedTuple):
    """files: names, whose folders are classes, and contents. side: the number of pixels that suits them, one of SIDES.
    note: a sentence on what was left out, or nothing."""

    files: list[tuple[str, bytes]]
    side: int
    note: str


def fetch_images(endpoint: str, name: Any, tell: Callable[[float], None]) -> ImageSet:
    """At most MOST images of a public set, chosen at random from its first file of training images. Takes seconds or
    minutes. tell: is told the share that has come, and may raise Stopped. Raises HubError."""
    if not is_name(name):
        raise HubError(NAME)
    with sentences(endpoint, name, "data set"):
        path, revision = _file(endpoint, name)

        class Progress(tqdm):  # which reports to whoever waits
            def __init__(self, *args: Any, **more: Any):
                super().__init__(*args, **more | {"disable": True})
                self.come, self.whole = float(more.get("initial") or 0), float(more.get("total") or 0)

            def update(self, n: float | None = 1) -> bool | None:
                self.come += n or 0
                tell(min(1.0, self.come / self.whole) if self.whole else 0.0)
                return super().update(n)

        try:
            local = hf_hub_download(
                name,
                path,
                repo_type="dataset",
                revision=revision,
                endpoint=endpoint,
                etag_timeout=PATIENCE,
                token=False,
                tqdm_class=Progress,
            )
        except Stopped as stopped:
            raise HubError("Stopped.") from stopped
    tell(1.0)
    return read_parquet(Path(local), name)


def _file(endpoint: str, name: str) -> tuple[str, str]:
    """The path and the revision of the first Parquet file of training images."""
    api, found = HfApi(endpoint, token=False), []
    for branch in (None, CONVERTED):
        info = api.dataset_info(name, revision=branch, files_metadata=True, timeout=PATIENCE, token=False)
        known = sorted((file.rfilename, file.size or 0) for file in info.siblings or [])
        found = [(path, size) for path, size in known if path.endswith(".parquet")]
        found = [(path, size) for path, size in found if "train" in path] or found
        if found:
            break
    if not found:
        raise HubError(f"{name} has no Parquet files, in which images are read here.")
    (path, size), revision = found[0], info.sha or "main"
    if size > LARGEST:
        raise HubError(f"{name} is too large: its first file has {size // 1_000_000:,} MB of at most 200.")
    return path, revision


def read_parquet(path: Path, name: str) -> ImageSet:
    """The images in a Parquet file. Raises HubError."""
    import pyarrow
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(path) as file:
            images, labels = _columns(file.schema_arrow)
            if not images:
                raise HubError(f"{name} has no column of images.")
            rows = list(_rows(file, images, labels))
            names = _class_names(file.schema_arrow, labels)
            count = file.metadata.num_rows
    except (pyarrow.ArrowException, OSError) as error:
        raise HubError(f"{name} can't be read: {str(error).splitlines()[0][:120]}") from None
    classes = {label for _, label in rows if label is not None}
    notes = [f"These are {len(rows):,} of {count:,} images, chosen at random."] if count > len(rows) else []
    if many := len(classes) > MAX_CLASSES:
        notes.append(f"Its {len(names) or len(classes)} classes are more than {MAX_CLASSES}, and are left out.")
    files = []
    for i, (content, label) in enumerate(rows):
        folder = "" if many or label is None else f"{_folder(names, label)}/"
        files.append((f"{folder}{i:05}.png", content))
    return ImageSet(files, _side(rows), " ".join(notes))


def _columns(schema: Any) -> tuple[str, str]:
    """The names of the columns of images and of classes; empty if there is none."""
    import pyarrow

    def is_image(kind: Any) -> bool:
        if pyarrow.types.is_struct(kind):
            return any(field.name == "bytes" for field in kind)
        return pyarrow.types.is_binary(kind)

    images = next((field.name for field in schema if is_image(field.type)), "")
    whole = [field.name for field in schema if pyarrow.types.is_integer(field.type)]
    return images, next((column for column in whole if "label" in column or "class" in column), "")


def _rows(file: Any, images: str, labels: str) -> Iterator[tuple[bytes, int | None]]:
    """Images and their classes, of MOST rows chosen at random, in their order."""
    count = file.metadata.num_rows
    chosen = np.sort(np.random.default_rng(0).permutation(count)[:MOST])
    start = 0
    for group in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        here = chosen[(chosen >= start) & (chosen < start + size)] - start
        start += size
        if len(here):
            table = file.read_row_group(group, columns=[images, *([labels] if labels else [])]).take(here)
            numbers = table[labels].to_pylist() if labels else [None] * len(here)
            for value, label in zip(table[images].to_pylist(), numbers, strict=True):
                content = value.get("bytes") if isinstance(value, dict) else value
                if content:
                    yield content, label


def _class_names(schema: Any, labels: str) -> list[str]:
    """The names of the classes, from what the `datasets` library writes beside the columns; empty without any."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        names = features[labels]["names"]
    except (KeyError, TypeError, ValueError):
        return []
    return [str(name) for name in names] if isinstance(names, list) else []


def _folder(names: list[str], label: int) -> str:
    name = names[label] if 0 <= label < len(names) else str(label)
    return name.replace("/", "-").replace("\\", "-").strip(". ") or str(label)


def _side(rows: list[tuple[bytes, int | None]]) -> int:
    """The number of pixels of the first image, if it is one of SIDES; else the usual one."""
    try:
        with Image.open(io.BytesIO(rows[0][0])) as image:
            return image.height if image.height in SIDES else USUAL_SIDE
    except Exception:  # it is read again with all others, and what is wrong with it is told then
        return USUAL_SIDE
