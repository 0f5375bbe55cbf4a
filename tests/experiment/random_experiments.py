"""Valid experiments at random."""

import math
import random
from urllib.parse import parse_qsl

import numpy as np
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from playground import Experiment
from playground.config import marks
from playground.data import DATASETS, Drawing, NamedSet, settings_model
from playground.data.link_text import STEPS
from playground.experiment import BUDGET
from playground.families import FAMILIES
from playground.messages import explain


def parse(link: str) -> dict[str, str]:
    return dict(parse_qsl(link, keep_blank_values=True))


TEXTS = {
    "curves": ["0.25,0.5,0.75;0.75,0.5,0.25", "0.05,1.25,0.333;0.9,0.1,0.05"],
    "points": ["", Drawing(points=[[-2, -2], [2, -2], [0, 2.5]]).encode()],
}
"""Valid values of the texts among the settings, by the control that sets them."""


def some_value(field: FieldInfo, rng: random.Random):
    """A valid value of a field, often one of its extremes, made from what the field itself says."""
    if field.annotation is str:
        return rng.choice(TEXTS[marks(field)["widget"]])
    if field.annotation is bool:
        return rng.random() < 0.5
    if field.annotation not in (int, float):
        return rng.choice(field.annotation.__args__)
    bound = {
        key: getattr(part, key) for part in field.metadata for key in ("ge", "le", "multiple_of") if hasattr(part, key)
    }
    low, high, multiple = bound["ge"], bound["le"], bound.get("multiple_of", 1)
    if rng.random() < 0.3:
        return rng.choice([low, high])
    if field.annotation is float:
        return rng.uniform(low, high)
    return rng.randrange(math.ceil(low / multiple), high // multiple + 1) * multiple


def some_values(fields: dict[str, FieldInfo], rng: random.Random) -> dict:
    return {name: some_value(field, rng) for name, field in fields.items() if rng.random() < 0.5}


def some_drawing(rng: random.Random) -> Drawing:
    """A drawing on the grid that links have, half of them with classes."""
    n = rng.randrange(2, 400)
    rng = np.random.default_rng(rng.randrange(10**6))
    points = rng.integers(0, 4096, (n, 2)) / STEPS - 4
    labels = np.sort(rng.integers(0, 4, n)) if rng.random() < 0.5 else None
    return Drawing(points=points, labels=labels)


REFUSED = ("train for too long", "too much for one step", "Sampling would take too long", "this data has")
REFUSED += ("your own source first", "Images need noise", "starts from noise", "needs Gaussian noise")
REFUSED += ("is for the plane", "it must be learned")


def some_experiment(seed: int) -> Experiment:
    rng = random.Random(seed)
    while True:
        family = rng.choice(list(FAMILIES))
        name = rng.choice(list(DATASETS))
        named = NamedSet(name=name, settings=some_values(settings_model(name).model_fields, rng))
        budget = {key: Experiment.model_fields[key] for key in BUDGET}
        try:
            return Experiment(
                family=family,
                dataset=rng.choice([named, some_drawing(rng)]),
                config=some_values(FAMILIES[family].Config.model_fields, rng),
                **some_values(budget, rng),
            )
        except ValidationError as error:  # too dear, or a class that the data lacks: try another
            if not any(words in explain(error) for words in REFUSED):
                raise
