"""What a picture is: it measures a scene (torch to numpy), then draws what it measured (numpy to plain data).

To add one, write a file with a subclass of Layer or Chart and add its line in `playground/views/__init__.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly
import plotly.graph_objects as go

from playground.data import Drawing, NamedSet
from playground.families import Family

if TYPE_CHECKING:
    from playground.views.scene import Scene

PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
"""The browser's half of Plotly, from the same package: the two can't go out of step."""

Measured = dict[str, np.ndarray]


class View(ABC):
    """title and help are for the visitor; needs: the method that a family must have to be seen this way."""

    title: str
    help: str
    needs: str | None = None

    def suits(self, family: object) -> bool:
        return self.needs is None or hasattr(family, self.needs)


class Layer(View):
    """A layer of the Stage.

    colour: the name of one of the page's colours, for its switch.
    shown: whether it is on when the page opens.
    still: whether it is the same throughout a run, and so is sent once.
    """

    colour: str = "ink"
    shown: bool = False
    still: bool = False

    @abstractmethod
    def measure(self, scene: Scene, whole: bool) -> Measured:
        """Arrays in the coordinates of the square. whole: take the time to measure everything, at every time."""

    @abstractmethod
    def draw(self, measured: Measured) -> dict[str, Any]:
        """A layer for the Stage (see `playground.views.encode`)."""


class Chart(View):
    """A chart of scalars over the training. The browser fills it from the frames that it has, so that rewinding the
    training rewinds the chart: a trace carries the name of its scalar as `meta`, a floor `floor:` and the name.

    readout: whether its newest value also stands large beside the picture.
    """

    readout: bool = False

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, float]:
        """Scalars to add to the frame; may be empty where training already gives them."""

    @abstractmethod
    def floors(self, family: type[Family], dataset: NamedSet | Drawing) -> dict[str, float]:
        """The floor of each scalar that has one. It belongs to the data, and is measured once for all runs on it."""

    @abstractmethod
    def draw(self) -> go.Figure:
        """The figure, without its data."""


TICKS = [digit * 10.0**power for power in range(-4, 4) for digit in (1, 2, 5)]
"""Where a logarithmic axis has its ticks; Plotly's own are too many or too few over less than two decades."""


def line_over_training(scalar: str, title: str, log: bool = False) -> go.Figure:
    """A figure with one line over the training steps, and a dashed line for its floor."""
    figure = go.Figure()
    figure.add_scatter(
        meta=scalar, mode="lines", line={"width": 2}, name=title, hovertemplate="step %{x:,}: %{y:.3f}<extra></extra>"
    )
    figure.add_scatter(
        meta=f"floor:{scalar}",
        mode="lines",
        line={"width": 1.5, "dash": "dash"},
        name="floor",
        hovertemplate="floor %{y:.3f}<extra></extra>",
    )
    figure.update_layout(
        template="none",
        height=170,
        margin={"l": 44, "r": 8, "t": 6, "b": 28},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x",
        dragmode=False,
        xaxis={"rangemode": "tozero", "nticks": 4, "zeroline": False, "fixedrange": True},
        yaxis={"zeroline": False, "fixedrange": True} | ({"type": "log", "tickvals": TICKS} if log else {"nticks": 5}),
    )
    return figure
