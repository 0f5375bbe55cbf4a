"""The settings of flow matching."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import field_validator, model_validator

from playground.config import knob
from playground.data import DataError, Drawing
from playground.data.errors import invalid
from playground.families import settings
from playground.families.base import FamilyConfig
from playground.families.conditioning import class_index, lacking
from playground.families.flow.sources import PLANAR, TITLES

if TYPE_CHECKING:
    SourceName = str
else:
    SourceName = Literal[("gaussian", "uniform", *PLANAR, "drawing")]

HANDLES = 3
"""Values of α and of σ between the ends of a drawn path."""

LOWEST, HIGHEST = 0.05, 1.25
"""Range of these values. σ must stay positive until the end: where it is 0, all paths to a data point meet."""

MAX_SOURCE_CHARACTERS = 4000
"""Most characters of a drawn source: a thousand points. It shares a link with the data."""

Curves = tuple[tuple[float, ...], tuple[float, ...]]


class FlowConfig(FamilyConfig):
    """The settings of flow matching. The defaults are the recipe measured in benchmarks/recipes.py."""

    SAMPLING = frozenset({"solver", "solver_steps", "label", "guidance"})
    IMAGES: ClassVar = {"batch_size": 48, "learning_rate": 5e-3, "steps": 6000, "solver_steps": 6}

    path: Annotated[
        Literal["straight", "trigonometric", "eased", "diffusion", "variance_exploding", "drawn"],
        knob(
            "Path",
            "How a source point turns into a data point over time: in a straight line at constant speed, or otherwise.",
            words={"eased": "straight, eased", "diffusion": "diffusion (VP)", "drawn": "drawn by hand"},
        ),
    ] = "straight"
    drawn_path: Annotated[
        str,
        knob(
            "Drawn path",
            "The shares of the data (α) and of the source (σ) over time. Drag the handles, or use the arrow keys.",
            widget="curves",
            when={"path": "drawn"},
            ge=LOWEST,
            le=HIGHEST,
        ),
    ] = "0.1,0.4,0.8;0.95,0.75,0.4"
    coupling: Annotated[
        Literal["independent", "optimal_transport", "entropic", "class_aware"],
        knob(
            "Coupling",
            "Which source point is paired with which data point. Transport pairs near ones, so that paths cross less.",
            words={"class_aware": "within each class"},
        ),
    ] = "independent"
    source: Annotated[
        SourceName,
        knob("Source", "What a flow starts from: noise, or points that it carries into the data.", words=TITLES),
    ] = "gaussian"
    source_points: Annotated[
        str,
        knob("Your own source", "Keeps the data as they are now, for a flow from them to other data.", widget="points"),
    ] = ""
    objective: Annotated[
        Literal["flow_matching", "maximum_likelihood"],
        knob(
            "Objective",
            "Regress velocities of paths, or raise the likelihood of the data by solving an ODE in each step: slowly.",
            more=True,
        ),
    ] = "flow_matching"
    space: Annotated[settings.Space, settings.space("The flow moves")] = "pixels"
    latents: Annotated[int, settings.space_latents()] = 16
    network: Annotated[settings.Network, settings.network()] = "convolutional"
    channels: Annotated[int, settings.channels()] = 24
    width: Annotated[int, settings.width()] = 64
    learning_rate: Annotated[float, settings.learning_rate()] = 2e-2
    solver: Annotated[
        Literal["euler", "midpoint", "heun", "rk4", "dopri5", "mean_flow"],
        knob(
            "Solver",
            "How samples follow the field: Euler is crude, midpoint and Heun look ahead once, RK4 three times; "
            "dopri5 chooses its own steps.",
            live=True,
            words={"euler": "Euler", "heun": "Heun", "rk4": "RK4"},
        ),
    ] = "midpoint"
    solver_steps: Annotated[
        int, knob("Solver steps", "Steps from noise to data. Few steps are fast and coarse.", ge=1, le=100, live=True)
    ] = 10
    label: Annotated[settings.Label, settings.label()] = "any"
    guidance: Annotated[float, settings.guidance()] = 1.0
    label_dropout: Annotated[float, settings.label_dropout()] = 0.5
    reflows: Annotated[
        int,
        knob(
            "Reflows",
            "How often the flow learns anew, from the ends of its own paths. Each takes as many steps again.",
            ge=0,
            le=9,
            live=True,
            more=True,
        ),
    ] = 0
    mean_flow: Annotated[
        Literal["off", "on"],
        knob(
            "Mean flow",
            "A second network learns average velocities, with which one step goes all the way: a solver of its own.",
            more=True,
        ),
    ] = "off"
    times: Annotated[
        Literal["uniform", "middle", "late"],
        knob(
            "Training times",
            "Which times training sees most. The middle is hardest; errors near the data cost the most likelihood.",
            more=True,
            when={"objective": "flow_matching"},
            words={"uniform": "all alike", "middle": "the middle"},
        ),
    ] = "uniform"
    coupled: Annotated[
        int,
        knob(
            "Coupled at once",
            "Points that are paired together; a larger batch is divided. More come nearer to true optimal transport.",
            ge=2,
            le=512,
            more=True,
            log=True,
            when={"coupling": ("optimal_transport", "entropic", "class_aware")},
        ),
    ] = 128
    regularisation: Annotated[
        float,
        knob(
            "Entropic regularisation",
            "From nearly optimal transport to nearly independent pairs, relative to the mean squared distance.",
            ge=0.01,
            le=10,
            more=True,
            log=True,
            when={"coupling": "entropic"},
        ),
    ] = 0.05
    sigma_max: Annotated[
        float,
        knob(
            "Largest noise σ_max",
            "The width of the noise. It must hide the data, which are about 1.5 wide.",
            ge=1,
            le=10,
            more=True,
            when={"path": "variance_exploding"},
        ),
    ] = 2.5
    sigma_min: Annotated[
        float,
        knob("End width σ_min", "How wide the end of a path is around its data point.", ge=0, le=0.5, more=True),
    ] = 0.0
    depth: Annotated[int, settings.depth()] = 4
    frequencies: Annotated[int, settings.frequencies("Time frequencies", "what time it is")] = 4

    @field_validator("drawn_path")
    @classmethod
    def _drawn(cls, text: str) -> str:
        return ";".join(",".join(f"{value:.3g}" for value in values) for values in curves(text))

    @field_validator("source_points")
    @classmethod
    def _points(cls, text: str) -> str:
        if len(text) > MAX_SOURCE_CHARACTERS:
            raise invalid("A source of your own can have a thousand points.")
        if text:
            try:
                Drawing.decode(text)
            except DataError as error:
                raise invalid(str(error)) from None
        return text

    @model_validator(mode="after")
    def _fit_together(self) -> "FlowConfig":
        if self.source == "drawing" and not self.source_points:
            raise invalid("Choose the points of your own source first.")
        if self.path == "variance_exploding" and self.source not in ("gaussian", "uniform"):
            raise invalid("A variance-exploding path starts from noise. Choose another path for this source.")
        if self.solver == "mean_flow" and self.mean_flow == "off":
            raise invalid("To sample by the mean flow, it must be learned: switch it on under More, and train.")
        if self.objective == "maximum_likelihood" and self.source != "gaussian":
            raise invalid("Maximum likelihood needs Gaussian noise as its source.")
        return self

    @property
    def class_index(self) -> int | None:
        """The class to sample, or None for any class and for models without classes."""
        unseen = self.objective == "maximum_likelihood"
        return None if unseen else class_index(self.label, self.label_dropout)

    def suits(self, classes: int) -> str:
        return lacking(self.label, classes)

    def suits_shape(self, shape: tuple[int, ...]) -> str:
        if shape == (2,):
            return ""
        if self.space == "latents" and self.reflows:
            return "Reflow needs a space that stays as it is. Choose pixels."
        return "" if self.source in ("gaussian", "uniform") else "Images need noise as their source."


def curves(text: str) -> Curves:
    """The HANDLES values of α and of σ in a text such as "0.25,0.5,0.75;0.75,0.5,0.25". ValueError for any other."""
    wrong = invalid(f"A drawn path has {HANDLES} values of α and {HANDLES} of σ, from {LOWEST} to {HIGHEST}.")
    if len(text) > 200:
        raise wrong
    try:
        found = tuple(tuple(float(value) for value in values.split(",")) for values in text.split(";"))
    except ValueError:
        raise wrong from None
    values = [value for one in found for value in one]
    if [len(one) for one in found] != [HANDLES, HANDLES] or not all(LOWEST <= value <= HIGHEST for value in values):
        raise wrong
    return found[0], found[1]
