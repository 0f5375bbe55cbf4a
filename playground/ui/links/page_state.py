"""The state of the page, as links and files hold it: an experiment, what is looked at, and the training step shown.

A link is the experiment's query string, the view's, and `step=52`. A file is JSON: {"experiment", "view", "step"}.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import Field, ValidationError, model_validator

from playground.config import Config
from playground.data import Drawing, Pictures
from playground.data.kinds import kind_of
from playground.experiment import BUDGET, LONGEST, Experiment
from playground.families import FAMILIES
from playground.messages import explain
from playground.race import Race
from playground.race.race import RULES
from playground.scene import ViewState
from playground.scene.view_state import PREFIX
from playground.training import checkpoints
from playground.ui.drawings import Drawings
from playground.ui.requests import Refused
from playground.ui.schema import thumbnail
from playground.views import default_view

COMPARE = "compare"
"""The slot of the tab that compares families."""

MOST_PARAMETERS = 200
"""Parameters of a link that a lesson holds."""

NO_EXPERIMENT = "This is not a file of the playground: it holds no experiment."


def opening_view(wanted: Experiment) -> ViewState:
    """The view of an experiment before a visitor changes it. It has the switches of all kinds of data, so that a choice
    outlasts a change of the data."""
    family, kind = FAMILIES[wanted.family], kind_of(wanted.dataset.shape)
    return default_view(family, kind).model_copy(update={"layers": default_view(family).layers})


def dataset_value(drawings: Drawings, wanted: Experiment) -> dict[str, Any]:
    """The value of the data rail. For a drawing it includes the hash, so that the page need not send the points."""
    dataset = wanted.dataset
    if isinstance(dataset, Pictures):
        return pictures_value(drawings, dataset)
    known = {"hash": drawings.keep(dataset)} if isinstance(dataset, Drawing) else {}
    return dataset.model_dump(mode="json") | known


def pictures_value(drawings: Drawings, own: Pictures) -> dict[str, Any]:
    """A visitor's pictures as the page knows them: by their hash. It holds none of their pixels."""
    found = own.distribution
    told = {"shape": own.shape, "count": len(own.images), "classes": found.classes, "names": own.names}
    told |= thumbnail(own)
    return {"hash": drawings.keep(own), "pictures": told}


def knobs_value(wanted: Experiment) -> dict[str, Any]:
    """The value of a family's knobs: {name: value}, with the "kind" of the data that they are for."""
    values = wanted.config.model_dump(mode="json") | wanted.model_dump(mode="json", include=set(BUDGET))
    return values | {"kind": kind_of(wanted.dataset.shape)}


class PageState(Config):
    """One tab of the page. step: the training step shown, or None for where the experiment opens: at its end if its
    model ships with the project, else at the beginning."""

    experiment: Experiment
    view: ViewState = ViewState()
    step: Annotated[int | None, Field(title="Step", ge=0, le=LONGEST)] = None

    @model_validator(mode="before")
    @classmethod
    def _opening_view(cls, given: Any) -> Any:
        """Fields that the view lacks are those of the experiment's opening view."""
        if not isinstance(given, Mapping) or "experiment" not in given:
            return given
        if isinstance(given.get("step"), bool):  # which Python takes for a number
            raise ValueError("Step: must be a whole number.")
        wanted = Experiment.model_validate(given["experiment"])
        view = given.get("view", {})
        if isinstance(view, Mapping):
            view = opening_view(wanted).model_dump() | dict(view)
        return {**given, "experiment": wanted, "view": view}

    def on_page(self, drawings: Drawings) -> dict[str, Any]:
        """The state as the page's parts take it: {"family", "dataset", "knobs", "view", "step"}."""
        return {
            "family": self.experiment.family,
            "dataset": dataset_value(drawings, self.experiment),
            "knobs": knobs_value(self.experiment),
            "view": self.view.model_dump(mode="json"),
            "step": self.step,
        }


def from_link(query: Mapping[str, str]) -> PageState | None:
    """The state that a link describes, or None if it names nothing of it. Unknown names are ignored, because hosts add
    parameters. Raises Refused."""
    try:
        wanted = Experiment.from_query(query)
        if wanted is None and any(name.startswith(PREFIX) or name == "step" for name in query):
            wanted = checkpoints.opening(Experiment.model_fields["family"].default)
        if wanted is None:
            return None
        view = ViewState.from_query(query, opening_view(wanted))
        return PageState.model_validate({"experiment": wanted, "view": view, "step": query.get("step")})
    except ValidationError as error:
        raise Refused(explain(error)) from None


def race_on_page(drawings: Drawings, race: Race) -> dict[str, Any]:
    """A race as the page's parts take it: {"family": the tab, "dataset", "knobs": its rules, "contestants"}."""
    return {
        "family": COMPARE,
        "dataset": dataset_value(drawings, Experiment(dataset=race.dataset)),
        "knobs": race.model_dump(mode="json", include=set(RULES)),
        "contestants": race.model_dump(mode="json")["contestants"],
    }


def race_from_link(query: Mapping[str, str]) -> Race | None:
    """The race that a link describes, or None if it names no contestant. Raises Refused."""
    try:
        return Race.from_query(query)
    except ValidationError as error:
        raise Refused(explain(error)) from None


def query_of(text: str) -> dict[str, str]:
    """The parameters of a query string. Raises Refused."""
    try:
        return dict(parse_qsl(text.removeprefix("?"), max_num_fields=MOST_PARAMETERS))
    except ValueError:
        raise Refused("This link has too many parameters.") from None


def json_of(text: bytes) -> dict[str, Any]:
    """What a file holds. Raises Refused."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("This is not a file of the playground: it holds no JSON.") from None
    if not isinstance(given, dict):
        raise Refused(NO_EXPERIMENT)
    return given


def from_given(given: dict[str, Any]) -> PageState | Race:
    """The state that a file holds, or the race. Raises Refused."""
    if not isinstance(given.get("experiment", given.get("race")), dict):
        raise Refused(NO_EXPERIMENT)
    try:
        if "experiment" not in given:
            return Race.model_validate(given["race"])
        return PageState.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None
    except (ValueError, TypeError, RecursionError):
        raise Refused("This file does not describe an experiment.") from None
