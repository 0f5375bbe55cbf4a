"""Samples and data as a file that other programs read."""

import base64
import io
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from playground.questions.base import Answer
from playground.questions.samples import Sample
from playground.scene.scene import Scene

AXES = ("x", "y")


class Table(Sample):
    """Fresh samples of the averaged model, as of `Run.sample`, or fresh data, as of `Experiment.data`, as a file in
    base64: {"table", "step"}. Every number is exact.

    A CSV file has a line of names, then a row for each point: its coordinates, and of data with classes, its class. A
    NumPy file has the same columns, (n, 2) or (n, 3), or images without their classes: (n, height, width) or (n,
    height, width, 3), from −1 to 1.
    """

    of: Annotated[Literal["samples", "data"], Field(title="Of")] = "samples"
    format: Annotated[Literal["csv", "npy"], Field(title="Format")] = "csv"

    def answer(self, scene: Scene) -> Answer:
        rows, labels = (self.samples(scene), None) if self.of == "samples" else self._data(scene)
        content = (_csv if self.format == "csv" else _npy)(rows.astype(float), scene.shape, labels)
        return {"table": base64.b64encode(content).decode(), "step": scene.run.step}

    def _data(self, scene: Scene) -> tuple[np.ndarray, np.ndarray | None]:
        self.check(scene)
        distribution = scene.run.experiment.dataset.distribution
        rows, labels = distribution.sample(self.n, np.random.default_rng(self.seed))
        return rows, labels if distribution.classes > 1 else None


def _csv(rows: np.ndarray, shape: tuple[int, ...], labels: np.ndarray | None) -> bytes:
    names = list(AXES) if shape == (len(AXES),) else [f"pixel_{i}" for i in range(rows.shape[1])]
    columns = rows.tolist()  # Python writes a float in as many digits as it takes to read the same again
    if labels is not None:
        names.append("class")
        columns = [[*row, label] for row, label in zip(columns, labels.tolist(), strict=True)]
    lines = [names, *([repr(number) for number in row] for row in columns)]
    return "".join(",".join(line) + "\n" for line in lines).encode()


def _npy(rows: np.ndarray, shape: tuple[int, ...], labels: np.ndarray | None) -> bytes:
    if shape != (len(AXES),):
        rows = rows.reshape(-1, *shape)
    elif labels is not None:
        rows = np.column_stack([rows, labels])
    file = io.BytesIO()
    np.save(file, rows, allow_pickle=False)
    return file.getvalue()
