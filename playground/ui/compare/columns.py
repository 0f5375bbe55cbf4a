"""The columns of a race's table, as plain data: what is measured of each contestant."""

from typing import Any

from playground.race.judging import HELD_OUT, PAIRS, POINTS

DECIDES = "of points the sliced 2-Wasserstein distance to the data, of images the Fréchet distance in features."
AT = f"With {POINTS} points, averaged over {PAIRS} pairs of samples."


def column(name: str, title: str, help: str, better: str = "", digits: int = 2) -> dict[str, Any]:
    """name: of the measure. better: "low" or "high", or "" for what is no merit."""
    return {"name": name, "title": title, "help": help, "better": better, "digits": digits}


COLUMNS = [
    column("distance", "Distance", f"It decides: {DECIDES}", "low"),
    column("wasserstein", "Exact W₂", f"2-Wasserstein distance by the best assignment. {AT}", "low"),
    column("mmd", "MMD", f"Maximum mean discrepancy, Gaussian kernels of four widths. {AT}", "low", 3),
    column("precision", "Precision", f"Share of the samples within the data's manifold. {AT}", "high"),
    column("recall", "Recall", f"Share of the data within the samples' manifold. {AT}", "high"),
    column("density", "Density", f"How many of the data's neighbourhoods hold a sample; 1 is perfect. {AT}", "high"),
    column("coverage", "Coverage", f"Share of the data's neighbourhoods that hold a sample. {AT}", "high"),
    column("log_likelihood", "log p", f"Mean log p of {HELD_OUT} fresh data (of a drawing, its own), in nats.", "high"),
    column("evaluations", "NFE", "Evaluations of the network for one sample.", "low", 0),
    column("milliseconds", "ms", "Milliseconds for a thousand samples.", "low", 1),
    column("parameters", "Parameters", "Numbers that are trained, in all networks.", "", 0),
    column("steps", "Steps", "Gradient steps that it took.", "", 0),
    column("seconds", "Seconds", "Of training, without pictures.", "", 1),
]
