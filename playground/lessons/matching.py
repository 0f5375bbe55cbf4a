"""Recipes that show why flow matching works, and what it replaced."""

from playground.lessons.experiments import on, smiley
from playground.lessons.recipe import Recipe

MATCHING: dict[str, Recipe] = {
    "crossing_paths": Recipe(
        "Crossing paths",
        "Noise is paired with data at random, and the grey lines cross. No two paths of a flow can: the orange ones "
        "bend instead.",
        smiley("flow"),
        "journey",
        ("data", "paths", "coupling"),
        time=0.5,
    ),
    "conditional": Recipe(
        "Conditional and marginal",
        "From three samples to the data that their paths could lead to: the mean of all lines is the velocity to "
        "learn. Play, and see them decide. Click anywhere for a fourth.",
        smiley("flow"),
        "overlay",
        ("data", "samples", "conditional"),
        time=0.5,
    ),
    "likelihood": Recipe(
        "Likelihood: flow against floor",
        "Under Analyses, measure the log-likelihood of fresh data: how many nats the model is above their entropy, "
        "which no model can beat.",
        smiley("flow"),
        "overlay",
        ("data", "density"),
        time=1.0,
    ),
    "maximum_likelihood": Recipe(
        "The slow way: maximum likelihood",
        "Each step solves the flow back to noise and differentiates through all of that: compare its pace, beside the "
        "count of steps, with that of flow matching.",
        on(
            "two_moons",
            "flow",
            objective="maximum_likelihood",
            batch_size=128,
            width=32,
            depth=3,
            learning_rate=1e-2,
            steps=600,
        ),
        "overlay",
        time=1.0,
    ),
}
