"""What a picture is: it measures a scene (torch to numpy), then draws what it measured (numpy to plain data).

To add one, write a file with a subclass of Layer or Chart and add its line in `playground/views/__init__.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from playground.data.kinds import Kind
from playground.families.capabilities import can
from playground.scene.scene import Scene

Measured = dict[str, np.ndarray]


class View(ABC):
    """title and help are for the visitor; needs: the capability that a family must claim to be seen this way
    (see `playground.families.capabilities`). kinds: the kinds of data that can be."""

    title: str
    help: str
    needs: type | None = None
    kinds: tuple[Kind, ...] = ("points",)

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        """Whether a family (a class or an instance) can be seen this way, on data of this kind or of any."""
        return can(family, self.needs) and (kind is None or kind in self.kinds)


class Layer(View):
    """A layer of the Stage.

    colour: the name of one of the page's colours, for its switch.
    default_on: whether it is on when the page opens.
    constant: whether it is the same throughout a run, and so is asked for once (see `playground.questions.constants`).
    layouts: where it can be seen (see LAYOUTS), and panel: in which square of them.
    """

    colour: str = "ink"
    default_on: bool = False
    constant: bool = False
    layouts: tuple[str, ...] = ("place", "journey")
    panel: int = 0

    def drawn(self, measured: Measured) -> Any:
        """What `draw` makes of it, each piece with its panel."""
        drawn = self.draw(measured)
        for piece in drawn if isinstance(drawn, list) else [drawn]:
            piece.setdefault("panel", self.panel)
        return drawn

    @abstractmethod
    def measure(self, scene: Scene, whole: bool) -> Measured:
        """Arrays in the coordinates of the square. whole: take the time to measure everything, at every time."""

    @abstractmethod
    def draw(self, measured: Measured) -> dict[str, Any] | list[dict[str, Any]]:
        """What the Stage paints (see `playground.scene.encode`): one piece, or several, each of which may name its own
        `panel` and that panel's `title`."""


class Chart(View):
    """A chart of scalars over the training. The browser fills it from the frames that it has, so that rewinding the
    training rewinds the chart: a trace carries the name of its scalar as `meta`, a floor (or ceiling) `floor:` and the
    name; another of the page's colours than that of samples is named after an `@`.

    readout: whether its newest value also stands large beside the picture. explains: whether its help stands under it.
    kind: what the readout is: a distance, which has a floor; nats, whose difference to their floor counts; a share or a
    count, which have a ceiling. Where that is an estimate, the floor of its name and `_estimated` is 1.
    beside: what the floor is called there.
    """

    readout: bool = False
    explains: bool = False
    kind: Literal["distance", "share", "count", "nats"] = "distance"
    beside: str = "floor"

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, float]:
        """Scalars to add to the frame; may be empty where training already gives them."""

    @abstractmethod
    def floors(self, scene: Scene) -> dict[str, float]:
        """The floor (or ceiling) of each scalar that has one: measured once, and again when the settings change."""

    @abstractmethod
    def draw(self) -> go.Figure:
        """The figure, without its data."""


class Note(View):
    """A verdict beside the picture: a word or two, and a sentence on why. It is measured as often as the charts."""

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, str]:
        """{"value": a word or two, "says": a sentence}, ours, never a visitor's."""


class Figure(View):
    """A chart that is measured when somebody asks for it, from the model as it stands.

    auto: whether the page asks by itself whenever training pauses, or waits for its button to be pressed.
    at_time: whether its horizontal axis is the time from noise to data, so that it carries the slider's mark.
    """

    auto: bool = False
    at_time: bool = False

    @abstractmethod
    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        """The figure, in pieces: yield every few milliseconds, since other runs wait meanwhile. ValueError, with a
        sentence for the visitor, where there is nothing to measure."""


class Monitor(View):
    """Watches a training and says when something goes wrong. It measures so many `times` over a training, at fixed
    steps, whatever the clock says: then the same run gets the same verdict."""

    times: int = 40

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, Any] | None:
        """What was found so far: {"title", "step": since when, "before": the step to fork from, "sentence", "remedies":
        [{"title", "why", "changes": {setting: value}}]}; None while all is well."""
