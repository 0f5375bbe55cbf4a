"""The base classes of views. A view measures a scene (torch to numpy), then draws the result (numpy to plain data).

To add one, write a file with a subclass of Layer or Chart and add its line in `playground/views/__init__.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from playground.data.kinds import Kind
from playground.families.capabilities import can
from playground.scene.scene import Scene

Measured = dict[str, np.ndarray]

INDISTINGUISHABLE = "Indistinguishable from fresh data"
"""What a score in the band of a perfect model means (see `Chart.inside`)."""


class View(ABC):
    """title, help: texts for the visitor. needs: the capability that a family must claim to have this view
    (see `playground.families.capabilities`). kinds: the kinds of data that it supports.

    judges: whether it says how good a model is, which means nothing before the first training step."""

    title: str
    help: str
    needs: type | None = None
    kinds: tuple[Kind, ...] = ("points",)
    judges: bool = False

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        """Whether the view suits a family (a class or an instance) with data of this kind, or of any kind."""
        return can(family, self.needs) and (kind is None or kind in self.kinds)

    def applies(self, scene: Scene) -> bool:
        """Whether the view means something for these data. If not, it isn't measured, and a chart's card is hidden."""
        return True

    def explain(self, family: object, kind: Kind) -> str:
        """The help for a family (a class or an instance) and data of this kind: nothing that doesn't apply."""
        return self.help

    def silent(self, scene: Scene) -> bool:
        """Whether it has nothing to say (yet): it would judge a model that has not trained, or doesn't apply."""
        return not self.applies(scene) or (self.judges and scene.run.step == 0)

    def ahead(self, scene: Scene) -> Iterator[None]:
        """What takes long and is measured once: in pieces of some milliseconds, ahead of need. Live frames come without
        this view until then. Yields before each piece (see `playground.views.gradual`)."""
        return iter(())


class Layer(View):
    """A layer of the Stage.

    colour: the colour of its switch, by its name in the page's palette.
    default_on: whether it is on when the page opens.
    constant: whether it is the same throughout a run, and so is asked for once (see `playground.questions.constants`).
    layouts: the layouts that show it (see LAYOUTS). panel: the number of its panel in them.
    """

    colour: str = "ink"
    default_on: bool = False
    constant: bool = False
    layouts: tuple[str, ...] = ("overlay", "journey")
    panel: int = 0

    def drawn(self, measured: Measured) -> Any:
        """The pieces that `draw` returns, each with its panel."""
        drawn = self.draw(measured)
        for piece in drawn if isinstance(drawn, list) else [drawn]:
            piece.setdefault("panel", self.panel)
        return drawn

    @abstractmethod
    def measure(self, scene: Scene, whole: bool) -> Measured:
        """Arrays in canvas coordinates. whole: measure everything, at every time, even if that is slow."""

    @abstractmethod
    def draw(self, measured: Measured) -> dict[str, Any] | list[dict[str, Any]]:
        """The pieces that the Stage paints (see `playground.scene.encode`): one or several. Each may name its `panel`
        and that panel's `title`."""


class SlowLayer(Layer):
    """A layer that takes long. It is computed in pieces, of the model as it is when that begins. Live frames show it as
    it was last complete (see `playground.engine.hosting.slow_layers`); of a model at rest, the page asks for it.

    learned: whether it changes with every step of the training."""

    learned: bool = True

    @abstractmethod
    def work(self, scene: Scene, whole: bool) -> Generator[Measured | None, None, None]:
        """Measure it in pieces of some milliseconds. Yields None after each of them, and what `measure` returns when
        there is more to show than before. whole: as for `measure`."""

    def state(self, scene: Scene) -> tuple:
        """What it depends on, besides the time and the step."""
        return scene.run.edits, scene.look.weights

    def measure(self, scene: Scene, whole: bool) -> Measured:
        """All of it, without a break."""
        *_, last = (measured for measured in self.work(scene, whole) if measured is not None)
        return last


class Chart(View):
    """A card: scalars over the training, with their newest values. The browser fills it from the frames that it has, so
    that rewinding the training rewinds the card. The `meta` of a trace is the name of its scalar; for a floor (or
    ceiling), `floor:` and the name. A suffix `@` and a name choose a colour of the page's palette other than that of
    samples.

    unit: the quantity of its number: a distance or nats, which have a floor; a share or a count, which have a ceiling.
    If the floor is an estimate, another one, named after the scalar with the suffix `_estimated`, is 1.
    beside: the label of the floor. A floor with scalars of the suffixes `_low` and `_high` is the mean of a band (see
    `playground.metrics.bands`). inside: what a value in it, or better, means.
    """

    unit: Literal["distance", "share", "count", "nats"] = "distance"
    beside: str = "floor"
    inside: str = ""

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, float]:
        """Scalars to add to the frame; empty if training already provides them."""

    @abstractmethod
    def floors(self, scene: Scene) -> dict[str, float]:
        """The floor (or ceiling) of each scalar that has one, measured once and again when the settings change."""

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        """What takes long of the floors, in pieces, as in `ahead`."""
        return iter(())

    @abstractmethod
    def draw(self) -> go.Figure:
        """The figure, without its data."""


class Note(View):
    """An assessment beside the picture: a word or two, and a sentence with the reason. Measured as often as charts."""

    judges = True

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, str]:
        """{"value": a word or two, "says": a sentence}. Neither contains a visitor's text."""


class Figure(View):
    """A chart that is measured on demand, from the current model.

    auto: whether the page asks for it whenever training pauses, or only when its button is pressed.
    at_time: whether its horizontal axis is the time from noise to data, so that the slider's time is marked on it.
    """

    auto: bool = False
    at_time: bool = False

    @abstractmethod
    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        """The figure. The generator yields every few milliseconds, since other runs wait meanwhile. Raises ValueError,
        with a sentence for the visitor, if there is nothing to measure."""


class Monitor(View):
    """Watches a training and raises an alert when it goes wrong. times: the number of measurements in a training. They
    are at fixed steps, independent of the clock, so that the same run gives the same alerts."""

    times: int = 40

    @abstractmethod
    def measure(self, scene: Scene) -> dict[str, Any] | None:
        """The alert: {"title", "step": since when, "before": the step to fork from, "sentence", "remedies":
        [{"title", "why", "changes": {setting: value}}]}; None if there is none."""

    def remember(self, source: Scene, scene: Scene, step: int) -> None:
        """Give a scene what was measured in another up to a step, if measurements depend on earlier ones."""
