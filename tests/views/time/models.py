"""Untrained diffusion models, and what a figure comes to."""

from playground import Experiment, Run


def untrained(dataset="smiley", **config) -> Run:
    budget = {name: config.pop(name) for name in ("data_points", "seed") if name in config}
    return Run(Experiment(family="diffusion", dataset=dataset, config={"width": 32, "depth": 2} | config, **budget))


def measured(figure, scene):
    pieces = figure.measure(scene)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value
