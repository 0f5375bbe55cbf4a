"""Why VAEs blur: samples beside those of a GAN that has learned the same data."""

import time
from collections.abc import Generator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots

from playground.data.canvas import HALF
from playground.data.kinds import ANY
from playground.experiment import Experiment
from playground.families.capabilities import LatentVariable
from playground.scene.scene import Scene
from playground.training import checkpoints
from playground.training.guard import Diverged
from playground.training.run import Run
from playground.views.base import Figure
from playground.views.charts import styled
from playground.views.common.images import of
from playground.views.common.off_manifold import neighbourhood
from playground.views.common.sharpness import energy, reference_energy

STEPS = 1500
"""Training steps of the GAN if the shipped one has other data. They take five to ten seconds."""

PIECE = 0.008
"""Seconds that the GAN trains between two yields."""

SHOWN = 400
SIDE = 4
"""Images along each side of an album. Of points, SHOWN are drawn for each model."""

ASKED = 1500
"""Samples measured of each model."""


class CompareWithGAN(Figure):
    title = "Why it blurs, beside a GAN"
    help = (
        "A VAE's decoder is paid by squared error: where the clouds of different data overlap in the latent space, its "
        "best answer is their mean, which may be like none of them, and its noise must cover the rest. A GAN has no "
        "such mean to make, since each fake is judged alone: it is sharper (though grain counts, too), but "
        "may leave data out. It has learned the same data; where no such model ships, it learns them first."
    )
    needs = LatentVariable
    judges = True
    kinds = ANY

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        gan = yield from opponent(scene)
        with torch.no_grad():
            theirs = gan.averaged.sample(ASKED, scene.rng()).cpu().numpy()
            latents = scene.model.latent(ASKED, scene.rng())
            # The decoder's noise is left out of images, where its grain would hide the blur. For points it is the blur.
            ours = scene.model.decode(latents).cpu().numpy() if scene.kind == "images" else scene.final_samples
        images = scene.kind == "images"
        fresh = scene.fresh(ASKED, scene.run.experiment.seed + 2)
        shown = {"Data": (fresh, "data"), "VAE": (ours, "samples"), "GAN": (theirs, "samples")}
        measured = [f"{name}<br>{caption(scene, x)}" for name, (x, _) in shown.items()]
        figure = make_subplots(1, len(shown), subplot_titles=measured, horizontal_spacing=0.03)
        for column, (x, colour) in enumerate(shown.values(), 1):
            trace = album(of(scene, x, SIDE**2)) if images else cloud(x[:SHOWN])
            figure.add_trace(trace.update(meta=colour, hoverinfo="skip"), 1, column)
        styled(figure).update_annotations(font={"size": 10})
        span: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}
        figure.update_xaxes(span | ({} if images else {"range": [-HALF, HALF]}))
        figure.update_yaxes(span | ({"autorange": "reversed"} if images else {"range": [-HALF, HALF]}))
        for column in range(1, len(shown) + 1):
            figure.update_yaxes({"scaleanchor": "x" if column == 1 else f"x{column}"}, col=column)
        return figure.update_layout(height=130, margin={"l": 2, "r": 2, "t": 34, "b": 4})


def opponent(scene: Scene) -> Generator[None, None, Run]:
    """A GAN that has learned the scene's data: the shipped one, or one that is trained now, once per scene."""
    mine = scene.run.experiment
    if "gan" not in scene.kept:
        same = {name: getattr(mine, name) for name in ("dataset", "data_points", "seed")}
        name, device = shipped(mine), scene.run.device
        wanted = Experiment(family="gan", **same, steps=STEPS)
        scene.kept["gan"] = checkpoints.load(name, device) if name else Run(wanted, device)
    run: Run = scene.kept["gan"]
    while not run.done:
        until = time.perf_counter() + PIECE
        try:
            while not run.done and time.perf_counter() < until:
                run.advance()
            run.check()
        except Diverged:
            raise ValueError("On these data the GAN blew up: there is nothing to compare with.") from None
        yield
    return run


def shipped(mine: Experiment) -> str | None:
    """The name of a shipped GAN that has learned the data of an experiment, or None."""
    gans = {name: known for name, known in checkpoints.SHIPPED.items() if known.family == "gan"}
    same = (name for name, gan in gans.items() if (gan.dataset, gan.data_points) == (mine.dataset, mine.data_points))
    return next((name for name in same if checkpoints.named(gans[name])), None)


def caption(scene: Scene, x: np.ndarray) -> str:
    """The sharpness of images x relative to held-out ones, or the share of points x that are off-manifold."""
    if scene.kind == "images":
        return f"sharpness {energy(x, scene.shape) / reference_energy(scene):.2f}"
    return f"{100 * neighbourhood(scene).outside(x).mean():.0f}% off-manifold"


def album(images: np.ndarray) -> go.Heatmap | go.Image:
    """Images (n, h, w), or (n, h, w, 3) in colour, in a square album: ink at 1, paper at −1."""
    side = int(len(images) ** 0.5)
    _, height, width, *colours = images.shape
    rows = images.reshape(side, side, *images.shape[1:]).swapaxes(1, 2)
    whole = rows.reshape(side * height, side * width, *colours)
    if colours:
        return go.Image(z=np.rint(np.clip(whole + 1, 0, 2) * 127.5).astype(int).tolist())
    return go.Heatmap(z=np.round(whole, 2).tolist(), zmin=-1, zmax=1, showscale=False)


def cloud(xy: np.ndarray) -> go.Scatter:
    """Points (n, 2) in canvas coordinates."""
    x, y = np.round(xy.T, 2).tolist()
    return go.Scatter(x=x, y=y, mode="markers", marker={"size": 2})
