"""Race: several experiments on one data set, described as plain data.

    race = Race(dataset="two_moons", contestants=("flow", "gan"), basis="steps", steps=2000)
    for experiment in race.experiments():
        fit(experiment)

All contestants have the same data and seed, and one budget: as many gradient steps, or seconds of training, or
parameters. Like an experiment, a race is frozen and checked, and round-trips through JSON and through a link.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast
from urllib.parse import parse_qsl, urlencode

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from playground import budget
from playground.config import Config, knob
from playground.data import AnyData
from playground.data.kinds import Kind, kind_of
from playground.experiment import LONGEST, Experiment
from playground.families import FAMILIES
from playground.messages import explain
from playground.race.parameters import MOST_PARAMETERS, resized

MOST_LANES = 8
MOST_SEEDS = 5
MOST_SECONDS = 60.0

LANE = "lane."
"""Prefix of the contestants in a link: `lane.1=flow&lane.1.width=96&lane.1.name=Wide&lane.1.steps=812`."""

RULES = ("basis", "seconds", "steps", "parameters", "seeds", "seed")
"""The fields of a race that are knobs."""


class Contestant(Config):
    """A family with its settings, in a race. A mere name of a family is one with its defaults.

    name: what it is called; by default the family's title. config: the settings that differ from the family's defaults
    for the data of the race, so that the others follow the data. steps: the number of steps that fit into the seconds
    of the race, once they have been measured."""

    family: Annotated[str, Field(title="Family")]
    name: Annotated[str, Field(title="Name", max_length=24)] = ""
    config: Annotated[dict[str, Any], Field(title="Settings", default_factory=dict)]
    steps: Annotated[int | None, Field(title="Steps", ge=1, le=LONGEST)] = None

    if TYPE_CHECKING:  # types of the shorthand; pydantic generates the real __init__

        def __init__(
            self,
            *,
            family: str,
            name: str = ...,
            config: Mapping[str, Any] = ...,
            steps: int | None = ...,
        ) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _from_shorthand(cls, given: Any) -> Any:
        given = {"family": given} if isinstance(given, str) else given
        if not isinstance(given, Mapping):
            return given
        family, config = given.get("family"), given.get("config", {})
        if not isinstance(family, str) or family not in FAMILIES:
            raise ValueError(f"There is no family of that name, only {', '.join(FAMILIES)}.")
        if not isinstance(config, Mapping):
            raise ValueError(f"The settings must be those of the family {family}, each with its name.")
        valid = FAMILIES[family].Config.model_validate(config).model_dump()
        return {**given, "config": {name: valid[name] for name in config}}

    @field_validator("name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())

    @property
    def title(self) -> str:
        """What it is called."""
        return self.name or FAMILIES[self.family].title

    def suited(self, kind: Kind) -> "Contestant":
        """This contestant with only the settings that differ from the defaults for data of a kind."""
        usual = FAMILIES[self.family].Config.usual(kind)
        changed = {name: value for name, value in self.config.items() if value != usual[name]}
        return self.model_copy(update={"config": changed})


class Race(Config):
    """Contestants, a data set, and the budget that they share. Raises pydantic.ValidationError.

    dataset: as for an Experiment. basis: what is equal for all, of which there is `steps`, `seconds` or `parameters`.
    With equal parameters, the width of each network is chosen so that the number comes as near as it can, and all take
    `steps`. seeds: how many times the race is run, each time from the next seed.
    """

    dataset: Annotated[AnyData, Field(title="Data")]
    contestants: Annotated[tuple[Contestant, ...], Field(title="Contestants")]
    basis: Annotated[
        Literal["seconds", "steps", "parameters"],
        knob(
            "Equal", "What all contestants have the same of.", words={"seconds": "seconds", "steps": "gradient steps"}
        ),
    ] = "seconds"
    seconds: Annotated[
        float,
        knob(
            "Seconds",
            "Of training, for each. A measurement before the start says how many steps that is.",
            ge=1,
            le=MOST_SECONDS,
            log=True,
            when={"basis": "seconds"},
        ),
    ] = 10.0
    parameters: Annotated[
        int,
        knob(
            "Parameters",
            "Of all networks of a contestant together. Their width is chosen so that it comes near.",
            ge=500,
            le=MOST_PARAMETERS,
            log=True,
            when={"basis": "parameters"},
        ),
    ] = 10_000
    steps: Annotated[
        int,
        knob("Steps", "Of training, for each.", ge=1, le=LONGEST, log=True, when={"basis": ("steps", "parameters")}),
    ] = 2000
    seeds: Annotated[
        int,
        knob("Seeds", "How often the race is run: the spread says what is luck.", ge=1, le=MOST_SEEDS),
    ] = 1
    seed: Annotated[
        int, knob("Seed", "The same seed gives the same race.", ge=0, le=2**31 - 1 - MOST_SEEDS, more=True)
    ] = 0

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            dataset: str | Mapping[str, Any] | AnyData = ...,
            contestants: tuple[str | Mapping[str, Any] | Contestant, ...] = ...,
            basis: str = ...,
            seconds: float = ...,
            parameters: int = ...,
            steps: int = ...,
            seeds: int = ...,
            seed: int = ...,
        ) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _data_as_of_an_experiment(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        contestants = given.get("contestants", ())
        if not isinstance(contestants, list | tuple) or not 2 <= len(contestants) <= MOST_LANES:
            raise ValueError(f"A race has two to {MOST_LANES} contestants.")
        return {**given, "dataset": Experiment.model_validate({"dataset": given.get("dataset")}).dataset}

    @field_validator("contestants")
    @classmethod
    def _suited(cls, contestants: tuple[Contestant, ...], info: ValidationInfo) -> tuple[Contestant, ...]:
        if "dataset" not in info.data:  # reported by its own validator
            return contestants
        return tuple(contestant.suited(kind_of(info.data["dataset"].shape)) for contestant in contestants)

    @model_validator(mode="after")
    def _possible(self) -> "Race":
        costs = []
        for number, contestant in enumerate(self.contestants):
            try:
                experiment = self.experiment(number)
            except ValidationError as error:
                raise PydanticCustomError(
                    "contestant", "{told}", {"told": f"{contestant.title}: {explain(error)}".removesuffix(".")}
                ) from None
            costs.append(_cost(experiment))
        if wrong := budget.race_too_long(cost * self.seeds for cost in costs):
            raise ValueError(wrong)
        return self

    @property
    def titles(self) -> list[str]:
        """What the contestants are called: those of one title are numbered from the second on."""
        found: list[str] = []
        for contestant in self.contestants:
            count = sum(other.title == contestant.title for other in self.contestants[: len(found)])
            found.append(f"{contestant.title} {count + 1}" if count else contestant.title)
        return found

    @property
    def paced(self) -> bool:
        """Whether the steps of each contestant are known."""
        return self.basis != "seconds" or all(contestant.steps for contestant in self.contestants)

    def experiment(self, number: int, round: int = 0) -> Experiment:
        """The experiment of a contestant, counted from 0, in a round of the race, of which there are `seeds`. Where the
        steps are to be measured, it has one step."""
        contestant = self.contestants[number]
        steps = (contestant.steps or 1) if self.basis == "seconds" else self.steps
        given = {"family": contestant.family, "dataset": self.dataset, "steps": steps, "seed": self.seed + round}
        experiment = Experiment.model_validate(given | {"config": contestant.config})
        if self.basis != "parameters":
            return experiment
        config = resized(contestant.family, experiment.config, self.dataset.shape, self.parameters)
        return Experiment.model_validate(given | {"config": config})

    def experiments(self, round: int = 0) -> list[Experiment]:
        """The experiments of all contestants."""
        return [self.experiment(number, round) for number in range(len(self.contestants))]

    def with_paces(self, seconds_a_step: list[float]) -> "Race":
        """This race with as many steps for each contestant as fit into its seconds, at these seconds for a step; fewer
        where they would exceed the budget of a run or of a race."""
        paced, room = [], budget.MAX_RACE_COST / len(self.contestants) / self.seeds
        for number, seconds in enumerate(seconds_a_step):
            one = self.experiment(number)
            each = one.total_steps  # a contestant of several rounds has as many steps in each
            most = min(room, budget.MAX_RUN_COST) / _cost(one.model_copy(update={"steps": 1}))
            steps = max(1, min(LONGEST, int(most), round_half(self.seconds / max(seconds, 1e-6) / each)))
            paced.append(self.contestants[number].model_copy(update={"steps": steps}))
        return Race.model_validate(dict(self) | {"contestants": tuple(paced)})

    def unpaced(self) -> "Race":
        """This race with its steps still to be measured."""
        contestants = tuple(contestant.model_copy(update={"steps": None}) for contestant in self.contestants)
        return self.model_copy(update={"contestants": contestants})

    # Links.

    def to_query(self) -> str:
        """The query string that restores this race, with the steps that were measured. As of an experiment, points too
        many for a link are omitted."""
        query: dict[str, Any] = dict(parse_qsl(Experiment(dataset=self.dataset).to_query()))
        del query["family"]
        rules = self.model_dump(include=set(RULES), exclude_defaults=True)
        query |= rules
        for number, contestant in enumerate(self.contestants, 1):
            prefix = f"{LANE}{number}"
            query[prefix] = contestant.family
            if contestant.name:
                query[f"{prefix}.name"] = contestant.name
            if contestant.steps and self.basis == "seconds":
                query[f"{prefix}.steps"] = contestant.steps
            query |= {f"{prefix}.{k}": v for k, v in contestant.config.items()}
        return urlencode(query)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Race | None":
        """The race that a link describes, or None if it names no contestant. Unknown names are ignored. Raises
        pydantic.ValidationError for a damaged link."""
        lanes = [number for number in range(1, MOST_LANES + 1) if f"{LANE}{number}" in query]
        if not lanes:
            return None
        data = Experiment.from_query({"family": "flow"} | {k: v for k, v in query.items() if _of_data(k)})
        contestants = [_lane(query, f"{LANE}{number}") for number in lanes]
        rules = {name: query[name] for name in RULES if name in query}
        return cls.model_validate({**rules, "dataset": cast(Experiment, data).dataset, "contestants": contestants})


def round_half(value: float) -> int:
    return int(value + 0.5)


def _cost(experiment: Experiment) -> float:
    family = FAMILIES[experiment.family]
    return budget.step_cost(family, experiment.config, experiment.dataset.shape) * experiment.total_steps


def _of_data(name: str) -> bool:
    return name in ("dataset", "points", "coordinates") or name.startswith("data.")


def _lane(query: Mapping[str, str], prefix: str) -> dict[str, Any]:
    family = query[prefix]
    known = FAMILIES[family].Config.model_fields if family in FAMILIES else {}
    given = {name.removeprefix(f"{prefix}."): text for name, text in query.items() if name.startswith(f"{prefix}.")}
    lane: dict[str, Any] = {"family": family, "config": {name: given[name] for name in known if name in given}}
    return lane | {name: given[name] for name in ("name", "steps") if name in given}
